// Each page: what stands on it, WCAG 2.2 AA, the security policy, and that it fits, wide and narrow, light and dark.

import { violations } from "../axe.js";
import { addressOf, PAGES } from "../pages.js";
import { expect, test } from "../fixture.js";

// What is dark differs in nothing but colours.
const VIEWS = [1280, 390].flatMap((width) => [{ width, colorScheme: "light" }, { width, colorScheme: "dark", rules: ["color-contrast"] }]);

for (const one of PAGES) {
  test(`${one.name} says what it should, to everybody, at every width`, async ({ page, ids, quiet, baseURL }) => {
    const address = addressOf(one, ids);
    if (one.status >= 400) quiet.mayFail.add(baseURL + address);
    const answer = await page.goto(address);
    expect(answer.status()).toBe(one.status);
    expect(answer.headers()["content-security-policy"]).toContain("default-src 'none'");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(one.heading);
    for (const words of one.has) await expect(page.locator("main")).toContainText(words);
    for (const { width, colorScheme, rules } of VIEWS) {
      await test.step(`${width} px, ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await violations(page, rules)).toEqual([]);
      });
    }
    for (const width of [390, 360]) {
      await test.step(`no sideways scrolling at ${width} px`, async () => {
        await page.setViewportSize({ width, height: 800 });
        const { inner, outer } = await page.evaluate(() => ({ inner: document.documentElement.scrollWidth, outer: document.documentElement.clientWidth }));
        expect(inner).toBeLessThanOrEqual(outer);
      });
    }
  });
}

for (const list of ["/actions", "/series", "/people", "/issues"]) {
  test(`all of ${list} is in sight at any width`, async ({ page }) => {
    await page.goto(list);
    for (const width of [390, 900, 1000, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const hidden = await page.locator("main table.stacks").evaluateAll((all) => all.map((table) => table.scrollWidth - table.parentElement.clientWidth));
      expect(hidden.length, `${width} px`).toBeGreaterThan(0);
      expect(Math.max(...hidden), `${width} px`).toBeLessThanOrEqual(0);
    }
  });
}

test("the security policy is in force: a script in the page does not run", async ({ page, quiet }) => {
  await page.goto("/");
  const broken = await page.evaluate(async () => {
    const told = new Promise((resolve) => document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true }));
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return [await told, window.ran === true];
  });
  expect(broken).toEqual(["script-src-elem", false]);
  expect(quiet.said.splice(0)).toHaveLength(1);
});
