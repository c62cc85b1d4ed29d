// What people print: the next agenda, and a person's to-dos.

import { expect, test } from "../fixture.js";

test.use({ colorScheme: "dark" });

/** How light a colour is, from 0 to 255. */
const lightness = (colour) => {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return (red + green + blue) / 3;
};

for (const [name, address, kept] of [
  ["agenda", "/series/platform/agenda", ["Next agenda", "What belongs on it, and why"]],
  ["person", "/people/MiraHolt", ["MiraHolt", "To do", "Attendance"]],
  ["meeting", "/meetings/platform/20260210.md", ["Housekeeping", "Firmware of the old gauges"]],
]) {
  test(`${name} on paper: dark ink, nothing to click, everything that counts`, async ({ page }) => {
    await page.goto(address);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const words of kept) await expect(page.locator("main").getByText(words).first()).toBeVisible();
    for (const gone of ["nav", "form.find", "footer", "button", "main input[type=text]"]) {
      await expect(page.locator(`${gone}:visible`)).toHaveCount(0);
    }
    const ink = await page.locator("h1").first().evaluate((h1) => getComputedStyle(h1).color);
    expect(lightness(ink)).toBeLessThan(80);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });
}

test("on paper the whole draft is there, however long", async ({ page }) => {
  await page.goto("/series/platform/agenda");
  await page.emulateMedia({ media: "print" });
  const hidden = await page.getByLabel("The draft as Markdown").evaluate((draft) => draft.scrollHeight - draft.clientHeight);
  expect(hidden).toBeLessThanOrEqual(2);
});
