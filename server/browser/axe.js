// What of WCAG 2.2 AA a page breaks, by axe.

import AxeBuilder from "@axe-core/playwright";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Told in a line each; `rules` are looked at alone, else all. */
export async function violations(page, rules) {
  const axe = new AxeBuilder({ page });
  const { violations: found, passes } = await (rules ? axe.withRules(rules) : axe.withTags(WCAG)).analyze();
  if (!passes.some((rule) => rule.id === "color-contrast")) throw new Error("axe has looked at no text");
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join("; ")}`);
}
