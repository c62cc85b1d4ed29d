// Everything by keyboard alone: the way to the content, the focus that is always seen, the search box and its completions.

import { addressOf, PAGES } from "../pages.js";
import { expect, test } from "../fixture.js";

test("the first stop leads to the content", async ({ page }) => {
  await page.goto("/actions");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  const { width, height } = await skip.boundingBox();
  expect(Math.min(width, height)).toBeGreaterThan(20);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.closest("main") !== null)).toBe(true);
});

/** Where the focus is, and whether somebody who looks at the page sees it. */
function focus() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5;
  const x = Math.min(Math.max((box.left + box.right) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max((box.top + box.bottom) / 2, 0), innerHeight - 1);
  const [first] = at.getClientRects();
  const spots = [[x, y], [first.left + Math.min(4, first.width / 2), (first.top + first.bottom) / 2]];
  const free = spots.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (at.contains(top) || top.contains(at)); });
  return { name: `${at.tagName} ${at.id} ${at.textContent.trim().slice(0, 40)}`, outlined, free, inside: box.bottom > 0 && box.top < innerHeight };
}

for (const one of PAGES) {
  for (const width of ["home", "actions", "person", "meeting", "agenda"].includes(one.name) ? [1280, 390] : [1280]) {
    test(`${one.name}, ${width} px: each stop of the Tab key is seen`, async ({ page, ids, quiet, baseURL }) => {
      const address = addressOf(one, ids);
      if (one.status >= 400) quiet.mayFail.add(baseURL + address);
      await page.setViewportSize({ width, height: 800 });
      await page.goto(address);
      await page.evaluate(() => { document.documentElement.style.scrollBehavior = "auto"; document.activeElement.blur(); });
      const unseen = [];
      let stops = 0;
      // Long lists hold the same again and again.
      for (; stops < 60; stops += 1) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(focus);
        if (!at) break;
        if (!at.outlined || !at.free || !at.inside) unseen.push(at);
      }
      expect(stops).toBeGreaterThan(6);
      expect(unseen).toEqual([]);
    });
  }
}

test.describe("completion in the search box", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto("/");
  });

  test("arrows choose, Enter takes, and the search is asked", async ({ page }) => {
    const box = page.getByRole("combobox", { name: "Search the minutes" });
    await expect(box).toBeFocused();
    await expect(box).toHaveAttribute("aria-expanded", "false");
    await page.keyboard.type("ser");
    const list = page.getByRole("listbox", { name: "Completions" });
    await expect(list.getByRole("option")).toContainText(["series:"]);
    await expect(box).toHaveAttribute("aria-expanded", "true");
    await expect(box).toHaveAttribute("aria-controls", await list.getAttribute("id"));
    await page.keyboard.press("ArrowDown");
    const chosen = list.locator("[aria-selected=true]");
    await expect(chosen).toContainText("series:");
    await expect(box).toHaveAttribute("aria-activedescendant", await chosen.getAttribute("id"));
    await page.keyboard.press("Enter");
    await expect(box).toHaveValue("series:");
    await expect(list.getByRole("option").first()).toContainText("platform");
    await page.keyboard.type("prod");
    await expect(list.getByRole("option")).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await expect(box).toHaveValue("series:product-board ");
    await expect(box).toBeFocused();
    await expect(list).toBeHidden();
    await page.keyboard.type("planner");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/q=series%3Aproduct-board\+planner/);
    await expect(page.locator(".hit").first()).toContainText("product-board");
  });

  test("Escape closes it and keeps what is typed; an arrow opens it again", async ({ page }) => {
    const box = page.getByRole("combobox", { name: "Search the minutes" });
    await page.keyboard.type("kind:");
    const list = page.getByRole("listbox", { name: "Completions" });
    await expect(list.getByRole("option", { name: "decision" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(list).toBeHidden();
    await expect(box).toHaveAttribute("aria-expanded", "false");
    await expect(box).toHaveValue("kind:");
    await page.keyboard.press("ArrowDown");
    await expect(list).toBeVisible();
    await page.keyboard.press("ArrowUp");
    await expect(list.getByRole("option").last()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowDown");
    await expect(box).not.toHaveAttribute("aria-activedescendant");
  });
});

test("the slash leads to the search box, and stays a letter in a field", async ({ page }) => {
  await page.goto("/actions");
  await page.getByLabel("Owner").focus();
  await page.keyboard.type("a/b");
  await expect(page.getByLabel("Owner")).toHaveValue("a/b");
  await page.getByRole("main").getByRole("button", { name: "Show" }).focus();
  await page.keyboard.press("/");
  const box = page.getByRole("combobox", { name: "Search the minutes" });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("");
});
