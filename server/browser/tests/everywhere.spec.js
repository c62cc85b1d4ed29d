// What every page has: light or dark as somebody chose, the palette, the keys, the way back up, days in full.

import { addressOf, PAGES } from "../pages.js";
import { expect, test } from "../fixture.js";

const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = "rgb(250, 247, 239)";
const DARK = "rgb(22, 25, 27)";

test("somebody chooses dark, and every page is, before it is painted; paper stays light", async ({ page }) => {
  await page.goto("/");
  expect(await paper(page)).toBe(LIGHT);
  const choice = page.getByLabel("Light or dark");
  await choice.focus();
  await page.keyboard.type("dark");
  await expect(choice).toHaveValue("dark");
  expect(await paper(page)).toBe(DARK);
  // Nothing but what stands in the head has run when this page is looked at.
  await page.route("**/static/{app,complete,keys,palette,news}.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto("/decisions");
  expect(await paper(page)).toBe(DARK);
  await expect(choice).toHaveValue("dark");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("light");
  await page.emulateMedia({ media: null, colorScheme: "dark" });
  await choice.selectOption("light");
  expect(await paper(page)).toBe(LIGHT);
  await choice.selectOption("");
  expect(await paper(page)).toBe(DARK);
});

const at = (page) => page.getByRole("dialog", { name: "Go to" });
const box = (page) => page.getByRole("combobox", { name: "Go to" });
const options = (page) => at(page).getByRole("option");

test.describe("the palette", () => {
  for (const [typed, kind, label, address] of [
    ["pri", "person", "priya-n", /\/people\/priya-n$/],
    ["Priya Na", "person", "priya-n", /\/people\/priya-n$/],
    ["platf", "series", "platform", /\/series\/platform$/],
    ["#29", "issue", "quayside/deploy#29", /\/issues\/quayside\/deploy%2329$/],
    ["platform 2026-02-1", "meeting", "platform 2026-02-10", /\/meetings\/platform\/20260210\.md$/],
    ["deci", "page", "Decisions", /\/decisions$/],
    ["tide kind:decision", "search", "tide kind:decision", /\/search\?q=tide(%20|\+)kind/],
  ]) {
    test(`goes to ${kind} by ${typed}`, async ({ page }) => {
      await page.goto("/check");
      await page.keyboard.press("Control+k");
      await expect(box(page)).toBeFocused();
      await page.keyboard.type(typed);
      const wanted = options(page).filter({ hasText: label }).filter({ hasText: kind }).first();
      // The answer to all that was typed.
      await expect(options(page).last()).toContainText(`search ${typed}`);
      await expect(wanted).toBeVisible();
      for (let n = 0; n < 30 && (await wanted.getAttribute("aria-selected")) !== "true"; n += 1) await page.keyboard.press("ArrowDown");
      await expect(box(page)).toHaveAttribute("aria-activedescendant", await wanted.getAttribute("id"));
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(address);
    });
  }

  test("opens in a field too, takes the first at once, closes and gives the focus back", async ({ page }) => {
    await page.goto("/actions");
    const owner = page.getByLabel("Owner");
    await owner.focus();
    await page.keyboard.press("Control+k");
    await expect(at(page)).toBeVisible();
    await expect(options(page).first()).toContainText("First page");
    await expect(options(page).first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Escape");
    await expect(at(page)).toBeHidden();
    await expect(owner).toBeFocused();
    await page.getByRole("button", { name: "Go to" }).click();
    await expect(box(page)).toBeFocused();
    // Faster than any answer.
    await page.keyboard.insertText("zeppelin");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/search\?q=zeppelin/);
  });

  test("keeps the day that is asked about", async ({ page }) => {
    await page.goto("/actions?as-of=2026-03-01");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("platform");
    await expect(options(page).first()).toContainText("series");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/series\/platform\?as-of=2026-03-01$/);
  });
});

test("another day is asked for with all else, and led back from", async ({ page }) => {
  await page.goto("/actions?owner=priya-n");
  await page.getByLabel("As it stood on").fill("2026-03-01");
  await page.getByRole("contentinfo").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/\/actions\?(owner=priya-n&as-of=2026-03-01|as-of=2026-03-01&owner=priya-n)$/);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Decisions" }).click();
  await expect(page).toHaveURL(/\/decisions\?as-of=2026-03-01$/);
  await page.getByRole("link", { name: "As it stands now" }).click();
  await expect(page).toHaveURL(/\/decisions$/);
});

test("on a Mac the key that is held is another", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "userAgentData", { get: () => ({ platform: "macOS" }) }));
  await page.goto("/actions");
  await page.keyboard.press("Control+k");
  await expect(at(page)).toBeHidden();
  await page.keyboard.press("Meta+k");
  await expect(at(page)).toBeVisible();
});

test("the question mark shows the keys, which can be switched off", async ({ page }) => {
  await page.goto("/actions");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.getByLabel("Owner").focus();
  await page.keyboard.press("?");
  await expect(keys).toBeHidden();
  await page.getByRole("main").getByRole("button", { name: "Show" }).focus();
  await page.keyboard.press("?");
  await expect(keys).toContainText("to the search box");
  await keys.getByRole("checkbox").press("Space");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.reload();
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  await expect(keys).toBeHidden();
  await expect(page.getByRole("combobox", { name: "Search the minutes" })).not.toBeFocused();
  await page.getByRole("button", { name: "Keys" }).click();
  await expect(keys.getByRole("checkbox")).not.toBeChecked();
});

test.describe("without a script", () => {
  test.use({ javaScriptEnabled: false });

  test("there is nothing to choose, to open or to switch", async ({ page }) => {
    await page.goto("/actions");
    for (const name of ["Go to", "Keys"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
    await expect(page.getByLabel("Light or dark")).toBeHidden();
    await expect(page.locator("dialog:visible")).toHaveCount(0);
  });
});

const TOP = ["/", "/search", "/actions", "/decisions", "/series", "/people", "/issues"];

test("below the top each page leads up again", async ({ page, ids, quiet, baseURL }) => {
  for (const one of PAGES.filter((p) => p.status === 200)) {
    const address = addressOf(one, ids);
    await page.goto(address);
    const up = page.getByRole("navigation", { name: "Breadcrumbs" }).getByRole("link");
    const isTop = TOP.includes(address.split("?")[0]);
    expect(await up.count(), address).toBeGreaterThanOrEqual(isTop ? 0 : 1);
    if (isTop) continue;
    const above = await up.first().getAttribute("href");
    expect(TOP, address).toContain(above);
    for (const link of await up.all()) expect((await page.request.get(baseURL + (await link.getAttribute("href")))).status(), address).toBe(200);
  }
});

test("days say their weekday, how long ago says the day", async ({ page }) => {
  await page.goto("/meetings/platform/20260210.md");
  const day = page.locator(".margin time").first();
  await expect(day).toHaveText("2026-02-10");
  await expect(day).toHaveAttribute("title", /^Tuesday,? 10 February 2026$/);
  await page.goto("/series");
  const last = page.getByRole("row", { name: /platform/ }).locator("time").nth(1);
  await expect(last).toHaveText(/^(today|yesterday|.* ago)$/);
  await expect(last).toHaveAttribute("title", /^\w+day,? \d+ \w+ 2026$/);
});

test("an address that leads nowhere offers what may be meant", async ({ page, quiet, baseURL }) => {
  quiet.mayFail.add(`${baseURL}/people/lukas-brand`).add(`${baseURL}/old-wiki/tide-cache`);
  await page.goto("/people/lukas-brand");
  await page.locator("main").getByRole("link", { name: "lukas-brandt" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("lukas-brandt");
  await page.goto("/old-wiki/tide-cache");
  await expect(page.getByRole("combobox", { name: "Search the minutes" })).toHaveValue("tide cache");
  await page.getByRole("link", { name: "Search the minutes for “tide cache”" }).click();
  await expect(page.locator(".hit").first()).toContainText("tide");
});

test("on a phone the graph fits and begins with what it is about", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto("/graph?node=priya-n");
  const graph = page.getByRole("application", { name: /Graph around priya-n/ });
  await expect(graph.locator("canvas").first()).toBeVisible();
  await expect(page.locator("svg.graph")).toBeHidden();
  await expect(page.locator(".explore-told")).toContainText("person: Priya Nair");
  const { x, width } = await graph.boundingBox();
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(390);
});
