// Pages with more to do on them than to read: what is yours, the board, the agenda, search as it is typed, the graph.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { violations } from "../axe.js";
import { expect, test, writing } from "../fixture.js";

test("the first page shows what is theirs who say who they are", async ({ page }) => {
  await page.goto("/");
  // The one who runs the server is known already.
  await expect(page.getByRole("heading", { name: "Yours, Priya Nair" })).toBeVisible();
  await page.getByText("Somebody else?").click();
  await page.getByLabel("I am").fill("MiraHolt");
  await page.getByRole("button", { name: "Remember me" }).click();
  await expect(page).toHaveURL(/\/$/);
  const yours = page.locator(".yours");
  await expect(yours.getByRole("heading", { level: 2 })).toContainText(/^Yours, /);
  await expect(yours.locator(".action").first()).toContainText("MiraHolt");
  await page.reload();
  await expect(yours.locator(".action").first()).toContainText("MiraHolt");
  await yours.getByRole("link", { name: /^All \d+$/ }).click();
  await expect(page).toHaveURL(/\/people\/MiraHolt$/);
});

test("actions are sorted, shown as a board and copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/actions");
  await page.getByRole("link", { name: "Carried" }).click();
  await expect(page).toHaveURL(/sort=carries/);
  const carried = page.locator("td[data-name=Carried]");
  await expect(carried.first()).toContainText(/\d+ times/);
  await page.getByRole("link", { name: "Copy as Markdown" }).click();
  await expect(page.getByRole("link", { name: "Copied" })).toBeVisible();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
  expect(copied).toHaveLength(await carried.count());
  expect(copied[0]).toMatch(/^- \[ \] .+\(@?.+since \d{4}-\d\d-\d\d/);
  await page.getByRole("link", { name: "Board by owner" }).click();
  await expect(page).toHaveURL(/sort=carries&view=owners/);
  const board = page.getByRole("region", { name: "Board" });
  await expect(board.locator(".cards .action").first()).toBeVisible();
  const columns = await board.locator("section").evaluateAll((all) => all.map((one) => one.querySelectorAll(".action").length));
  expect(columns).toEqual(columns.toSorted((a, b) => b - a));
});

writing("ticked actions are closed together", async ({ page, own }) => {
  await page.goto("/actions?series=platform");
  const ticks = page.locator(".work [type=checkbox]");
  const before = await ticks.count();
  await ticks.nth(0).check();
  await ticks.nth(2).click({ modifiers: ["Shift"] });
  await expect(page.getByText("Close the 3 that are ticked")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page).toHaveURL(/series=platform/);
  await expect(ticks).toHaveCount(before - 3);
  const said = (await readFile(`${own.book}/.minutebook/ledger.jsonl`, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  expect(said.map((entry) => entry.verb)).toEqual(["close", "close", "close"]);
});

writing("still open? is gone through from the keyboard", async ({ page, own }) => {
  await page.goto("/people/MiraHolt");
  const many = await page.locator("#still-open .action").count();
  expect(many).toBeGreaterThan(2);
  await page.getByRole("button", { name: "Go through them one by one" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Still open?" });
  await expect(dialog).toContainText(`1 of ${many}`);
  await page.keyboard.press("k");
  await expect(dialog).toContainText(`2 of ${many}`);
  await page.keyboard.press("d");
  await expect(dialog).toContainText(`3 of ${many}`);
  await dialog.getByLabel("Note").fill("d and x are letters here");
  await dialog.getByRole("button", { name: /Dropped/ }).click();
  for (let n = 3; n < many; n += 1) await page.keyboard.press("k");
  await expect(dialog).toContainText(`That was all: 2 of ${many} closed.`);
  await page.keyboard.press("Escape");
  await expect(page.locator("#still-open .action")).toHaveCount(many - 2);
  const said = (await readFile(`${own.book}/.minutebook/ledger.jsonl`, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  expect(said.map((entry) => entry.as)).toEqual(["done", "dropped"]);
  expect(said[1].note).toBe("d and x are letters here");
});

test("the agenda is edited, survives a reload, and is taken back", async ({ page }) => {
  await page.goto("/series/platform/agenda");
  const draft = page.getByLabel("The draft as Markdown");
  const made = await draft.inputValue();
  const item = page.locator("[data-line]").nth(1);
  const line = await item.getAttribute("data-line");
  expect(made).toContain(line);
  await item.getByRole("checkbox").uncheck();
  await expect(draft).not.toHaveValue(new RegExp(line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await page.reload();
  await expect(page.locator("[data-line]").nth(1).getByRole("checkbox")).not.toBeChecked();
  await expect(page.locator("#edited")).toContainText("Changed by you");
  await page.locator("[data-line]").nth(1).getByRole("checkbox").check();
  expect((await draft.inputValue()).split("\n")).toContain(line);
  // Moved up, it stands before the one that was first.
  await page.getByRole("button", { name: "The draft as it was made" }).click();
  await expect(draft).toHaveValue(made);
  await page.locator("[data-line]").nth(1).getByRole("button", { name: /earlier/ }).click();
  const lines = (await draft.inputValue()).split("\n");
  const first = await page.locator("[data-line]").nth(1).getAttribute("data-line");
  expect(lines.indexOf(line)).toBeLessThan(lines.indexOf(first));
  await draft.press("End");
  await draft.pressSequentially("typed");
  const waited = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as Markdown" }).click();
  expect(await readFile(await (await waited).path(), "utf8")).toContain("typed");
});

test("search answers as it is typed, and its address can be shared", async ({ page }) => {
  await page.goto("/search?q=tide");
  const box = page.locator(".find.big input");
  const count = page.locator(".results .count");
  const before = await count.textContent();
  await box.press("End");
  await box.pressSequentially(" cache kind:decision");
  await expect(page).toHaveURL(/q=tide\+cache\+kind%3Adecision/);
  await expect(count).not.toHaveText(before);
  await expect(page.locator(".hit").first()).toHaveClass(/decision/);
  const shown = await page.locator(".hit .what").allTextContents();
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(page.locator(".hit .what")).toHaveText(shown);
  // A qualifier is a chip that a click takes away.
  await page.getByRole("link", { name: "without kind:decision" }).first().click();
  await expect(box).toHaveValue("tide cache");
  // What is half typed is no error.
  await box.press("End");
  await box.pressSequentially(" state:");
  await expect(page.locator(".error")).toHaveCount(0);
});

test("hits are gone through by keyboard, and a place is looked at beside them", async ({ page }) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.goto("/search?q=tide+cache");
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  const second = page.locator(".hit a.what").nth(1);
  await expect(second).toBeFocused();
  const preview = page.getByRole("complementary", { name: "The place in the minutes" });
  await expect(preview.locator(".looked-at")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/meetings\/.*#L\d+/);
});

test("a stretch of time is drawn over the bars", async ({ page }) => {
  await page.goto("/search?q=tide");
  const chart = await page.locator(".histogram").boundingBox();
  const bars = await page.locator(".histogram a").count();
  const at = (n) => chart.x + ((n + 0.5) / bars) * chart.width;
  await page.mouse.move(at(1), chart.y + 20);
  await page.mouse.down();
  await page.mouse.move(at(3), chart.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/after%3A2025-11-30\+before%3A2026-03-01/);
  await expect(page.locator(".histogram a")).toHaveCount(3);
  await page.goBack();
  await expect(page).toHaveURL(/q=tide$/);
  await page.locator(".histogram a").first().press("Enter");
  await expect(page).toHaveURL(/on%3A2025-11$/);
});

test("the graph is explored by keyboard", async ({ page }) => {
  await page.goto("/graph?node=priya-n");
  const graph = page.getByRole("application", { name: /Graph around priya-n/ });
  const told = page.locator(".explore-told");
  await expect(graph.locator("canvas").first()).toBeVisible();
  await expect(told).toContainText("person: ");
  await graph.focus();
  await page.keyboard.press("ArrowDown");
  await expect(told).not.toContainText("person: Priya");
  const chosen = await told.getByRole("link").first().textContent();
  await page.keyboard.press("Enter");
  await expect(told).toContainText(chosen);
  await expect(told).toContainText(/around it are shown|Enter or a double click/);
  await page.keyboard.press("w");
  await expect(told).toContainText("The way: ");
  await expect(told.getByRole("link", { name: /all of it/ })).toHaveAttribute("href", /from=person%3Apriya-n/);
  // The list below holds the same.
  await expect(page.locator(".around")).toContainText("platform");
});

writing("minutes that were changed after their meeting show how", async ({ page, own }) => {
  const git = (...args) => execFileSync("git", ["-c", "user.name=Mira Holt", "-c", "user.email=mira@example.org", ...args], {
    cwd: own.book,
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_AUTHOR_DATE: "2026-02-10T18:00:00Z", GIT_COMMITTER_DATE: "2026-02-10T18:00:00Z" },
  });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Minutes of the call");
  const file = join(own.book, "platform/20260210.md");
  writeFileSync(file, readFileSync(file, "utf8").replace("PostgreSQL for the tide cache is confirmed", "PostgreSQL for the tide cache stays"));
  await expect(async () => {
    await page.goto("/meetings/platform/20260210.md");
    await expect(page.getByRole("link", { name: "changed after the meeting" })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole("link", { name: "changed after the meeting" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Changed after the meeting" })).toBeVisible();
  await expect(page.locator("tr.removed")).toContainText("is confirmed");
  await expect(page.locator("tr.added ins")).toHaveText(/stays/);
  expect(await violations(page)).toEqual([]);
});
