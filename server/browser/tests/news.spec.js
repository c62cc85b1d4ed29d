// The book changes under an open page.

import { appendFile, writeFile } from "node:fs/promises";
import { expect, writing } from "../fixture.js";

writing("the page says so, and waits until somebody asks for the new state", async ({ page, own }) => {
  const heard = page.waitForRequest("**/events");
  await page.goto("/series/platform");
  await heard;
  const news = page.locator("#news");
  await expect(news).toHaveAttribute("role", "status");
  await expect(news).toBeEmpty();
  await writeFile(`${own.book}/platform/20261124.md`, "# 2026-11-24\n\n## Topics\n\n* AI @priya-n: count the mooring rings\n");
  await expect(news).toContainText("The book was updated just now");
  await expect(page.locator("main")).not.toContainText("count the mooring rings");
  await news.getByRole("link").press("Enter");
  await expect(page.locator("main")).toContainText("count the mooring rings");
  await expect(news).toBeEmpty();
});

writing("who writes themselves is told nothing; others are", async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto("/actions");
  await page.goto("/people/MiraHolt");
  await page.bringToFront();
  await page.getByRole("group", { name: /Still open/ }).getByRole("checkbox").first().check();
  await page.getByLabel("Note").fill("sent");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(other.locator("#news")).toContainText("The book was updated");
  // The watcher sees the ledger, too, a little later.
  await page.waitForTimeout(1500);
  await expect(page.locator("#news")).toBeEmpty();
});

writing("what was asked as of a day does not change", async ({ page, own }) => {
  let listens = false;
  page.on("request", (request) => { listens ||= request.url().endsWith("/events"); });
  await page.goto("/actions?as-of=2026-03-01");
  await appendFile(`${own.book}/platform/20261103.md`, "\n* AI @priya-n: count the mooring rings\n");
  await expect.poll(async () => (await page.request.get("/search?q=mooring+rings")).text()).toContain("count the");
  expect(listens).toBe(false);
  await expect(page.locator("#news")).toBeEmpty();
});
