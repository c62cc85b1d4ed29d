// Each page without JavaScript: what stands on it is there, its forms work, and nothing offers what needs a script.

import { addressOf, PAGES } from "../pages.js";
import { expect, test, writing } from "../fixture.js";

test.use({ javaScriptEnabled: false });
writing.use({ javaScriptEnabled: false });

for (const one of PAGES) {
  test(`${one.name} is whole`, async ({ page, ids, quiet, baseURL }) => {
    const address = addressOf(one, ids);
    if (one.status >= 400) quiet.mayFail.add(baseURL + address);
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(one.heading);
    for (const words of one.has) await expect(page.locator("main")).toContainText(words);
    await expect(page.locator("button[type=button]:visible")).toHaveCount(0);
  });
}

test("the search box of the first page and that of others ask", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("searchbox").fill("tide cache kind:decision");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\/search\?q=tide\+cache\+kind%3Adecision$/);
  await expect(page.locator(".hit").first()).toContainText("tide cache");
  await page.goto("/people");
  await page.getByRole("searchbox").fill("@priya-n");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("priya-n");
});

test("filters of lists filter", async ({ page }) => {
  await page.goto("/actions");
  await page.getByLabel("Owner").fill("MiraHolt");
  await page.locator("select[name=state]").selectOption("any");
  await page.getByRole("main").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/owner=MiraHolt.*state=any/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Actions of MiraHolt");
  const owners = await page.locator("td[data-name=Owner]").allTextContents();
  expect(owners.length).toBeGreaterThan(3);
  expect(owners.filter((o) => !o.includes("MiraHolt"))).toEqual([]);
  await page.goto("/decisions");
  await page.getByLabel("About").fill("postgresql");
  await page.getByRole("main").getByRole("button", { name: "Show" }).click();
  await expect(page.locator(".decisions > li").first()).toContainText(/PostgreSQL/i);
  await expect(page.locator("main [role=status]")).not.toContainText("51 decisions");
});

writing("an action is closed", async ({ page }) => {
  const [action] = await (await page.request.get("/api/v1/actions?state=any")).json().then((all) => all.filter((a) => !a.closed));
  await page.goto(`/actions/${action.id}`);
  await page.getByLabel("Note", { exact: true }).first().fill("seen in production");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page).toHaveURL(new RegExp(`/actions/${action.id}$`));
  await expect(page.locator("dl.facts")).toContainText("done");
  await expect(page.locator(".timeline")).toContainText("seen in production");
});
