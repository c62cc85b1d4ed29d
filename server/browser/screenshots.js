// Pictures of every page, desktop and phone, light and dark, into screenshots/ (which git ignores); with --readme those of
// the README into docs/. Words behind it choose pages by name.

import { mkdirSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { withBrowser } from "./browser.js";
import { addressOf, known, PAGES } from "./pages.js";
import { ROOT } from "./server.js";

const WIDTHS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const README = { home: "/", meeting: "/meetings/platform/20260210.md" };

/** What opens only when somebody asks for it. */
const OPENED = [
  ["palette", "/actions", async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("pla");
    await page.getByRole("dialog").getByText("in all minutes").waitFor();
  }],
  ["keys", "/actions", async (page) => page.keyboard.press("?")],
  ["completion", "/", async (page) => {
    await page.keyboard.type("owner:");
    await page.getByRole("option").first().waitFor();
  }],
];

const words = process.argv.slice(2);
const readme = words.includes("--readme");
const chosen = (name) => words.every((word) => word.startsWith("--")) || words.includes(name);

await withBrowser(undefined, async (browser, server) => {
  const ids = await known(server.url);
  const shot = async (page, path, fullPage) => page.screenshot({ path, fullPage, animations: "disabled" });
  if (readme) {
    const page = await browser.newPage({ viewport: WIDTHS.desktop, colorScheme: "light", locale: "en-GB" });
    for (const [name, address] of Object.entries(README)) {
      await page.goto(server.url + address);
      await shot(page, join(ROOT, `docs/${name}.png`), false);
    }
    await page.close();
  }
  const folder = join(ROOT, "screenshots");
  mkdirSync(folder, { recursive: true });
  // Pictures of pages that are no more would mislead.
  for (const file of readdirSync(folder)) if (chosen(file.replace(/-(desktop|phone)-.*$/, ""))) unlinkSync(join(folder, file));
  const pages = PAGES.map((one) => [one.name, addressOf(one, ids), null]).concat(OPENED).filter(([name]) => chosen(name));
  for (const [width, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport, colorScheme, locale: "en-GB" });
      for (const [name, address, open] of pages) {
        await page.goto(server.url + address);
        await open?.(page);
        // What opens over a page is seen in the window; a page is seen whole, as far as anybody scrolls.
        const height = open ? 0 : await page.evaluate(() => document.documentElement.scrollHeight);
        await shot(page, join(folder, `${name}-${width}-${colorScheme}.png`), !open && height < 4000);
      }
      await page.close();
    }
  }
  console.log(`${pages.length * 4} pictures in screenshots/${readme ? ", two in docs/" : ""}`);
});
