// The three people Minutebook is for, each from their question to their answer.

import { readFile } from "node:fs/promises";
import { expect, test, writing } from "../fixture.js";

test("somebody searches a decision of the past and lands on its line", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.type("postgres tide cache kind:decision");
  await page.keyboard.press("Enter");
  const hit = page.locator(".hit.decision", { hasText: "We go with PostgreSQL for the tide cache" });
  await expect(hit.locator("mark").first()).toHaveText(/postgre|tide|cache/i);
  // It was reversed since, and says so before anybody follows it.
  await expect(hit.locator(".standing")).toHaveText(/reversed/);
  await hit.locator("a.what").click();
  await expect(page).toHaveURL(/\/meetings\/.*2026-01-22--community\.md\?line=30#L30$/);
  const line = page.locator("#L30");
  await expect(line).toBeInViewport();
  const marked = page.locator(".minutes :is(li, p):has(> #L30)");
  await expect(marked).toContainText("We go with PostgreSQL for the tide cache");
  const [here, elsewhere] = await marked.evaluate((block) => [getComputedStyle(block).backgroundColor, getComputedStyle(block.parentElement).backgroundColor]);
  expect(here).not.toBe(elsewhere);
  await marked.getByRole("link", { name: /^decision/ }).click();
  await expect(page.locator("dl.facts")).toContainText("reversed");
  await expect(page.locator(".timeline .reversed")).toContainText("Redis");
});

writing("an owner finds their to-dos and closes one with a note", async ({ page, own }) => {
  await page.goto("/people");
  await page.locator("main").getByRole("link", { name: "MiraHolt", exact: true }).click();
  const todo = page.getByRole("group", { name: /Still open/ });
  // To count does not wait for the page.
  await expect(todo).toBeVisible();
  const before = await todo.getByRole("checkbox").count();
  expect(before).toBeGreaterThan(1);
  const first = todo.locator("li").first();
  const text = await first.locator(".what").textContent();
  await first.getByRole("checkbox").check();
  await page.getByLabel("Note").fill("went out with the newsletter");
  await page.getByLabel("said by").fill("MiraHolt");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page).toHaveURL(/\/people\/MiraHolt$/);
  await expect(todo.getByRole("checkbox")).toHaveCount(before - 1);
  const entry = JSON.parse((await readFile(`${own.book}/.minutebook/ledger.jsonl`, "utf8")).trim());
  expect(entry).toMatchObject({ verb: "close", as: "done", by: "MiraHolt", note: "went out with the newsletter" });
  await page.goto(`/actions/${entry.action}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(text);
  await expect(page.locator("dl.facts .state")).toHaveText("done");
  await expect(page.locator(".timeline .ruling")).toContainText("went out with the newsletter");
  // And back again: it was a mistake.
  await page.getByRole("button", { name: "Reopen" }).click();
  await expect(page.locator("dl.facts .state")).toHaveText(/open|stale/);
  await page.goto("/ledger");
  await expect(page.locator(".timeline li")).toHaveCount(2);
  await expect(page.locator(".timeline li").first()).toContainText("reopened");
});

test("a chair opens the next agenda, reads why, copies and downloads it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/series");
  await page.locator("main").getByRole("link", { name: "platform" }).click();
  await page.getByRole("link", { name: /Prepare the next agenda/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Next agenda");
  const draft = page.getByLabel("The draft as Markdown");
  await expect(draft).toHaveValue(/^# /);
  const written = await draft.inputValue();
  expect(written.split("\n").length).toBeGreaterThan(10);
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(written);
  const waited = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as Markdown" }).click();
  const file = await waited;
  expect(file.suggestedFilename()).toMatch(/platform\.md$/);
  expect(await readFile(await file.path(), "utf8")).toBe(written);
  // Why an item is on it can be followed to its line.
  await page.locator(".agenda .actions").getByRole("link", { name: "source" }).first().click();
  await expect(page).toHaveURL(/\/meetings\/.*#L\d+$/);
});
