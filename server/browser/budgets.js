// What the pages cost, and whether that is within budget: bytes of a result page, style and script, the server's time for
// every page, first paint and layout shift. Options: --book PATH (the sample book), --strict (fail over budget).

import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { withBrowser } from "./browser.js";
import { ROOT, SAMPLE } from "./server.js";

const BUDGET = { html: 60_000, css: 40_000, script: 60_000, server: 10, paint: 300, shift: 0 };
const ROUNDS = 40;
const LOADS = 5;

const { values } = parseArgs({ options: { book: { type: "string" }, strict: { type: "boolean", default: false } } });
const book = values.book ? resolve(values.book) : SAMPLE;
let over = 0;

/** A line of the table. */
function row(what, value, unit, budget) {
  const within = value <= budget;
  if (!within) over += 1;
  console.log(`| ${what} | ${Number.isInteger(value) ? value : value.toFixed(2)} ${unit} | ${budget} ${unit} | ${within ? "within" : "OVER"} |`);
}

const table = (title) => console.log(`\n${title}\n\n| what | measured | budget | |\n|---|--:|--:|---|`);

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const p95 = (numbers) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * 0.95))];
const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];

/** Bytes of the files with such an end. */
const bytes = (end) => readdirSync(join(ROOT, "static")).filter((name) => name.endsWith(end)).reduce((sum, name) => sum + statSync(join(ROOT, "static", name)).size, 0);

/** The pages of whatever book it is: lists, and of each kind of thing the one with most on it, a busy and a usual one. */
async function addresses(url) {
  const json = async (path) => (await fetch(`${url}/api/v1${path}`)).json();
  const most = (list, of) => [...list].sort((a, b) => of(b) - of(a))[0];
  const at = (folder, name) => `/${folder}/${encodeURIComponent(name)}`;
  const [series, people, actions, decisions, issues] = await Promise.all(["/series", "/people", "/actions?state=any", "/decisions", "/issues"].map(json));
  const big = most(series, (s) => s.meetings);
  const who = most(people.filter((p) => p.kind === "person"), (p) => p.aliases.reduce((n, a) => n + a.count, 0));
  const action = most(actions, (a) => a.mentions.length);
  const decision = most(decisions, (d) => d.chain.length);
  const issue = most(issues, (i) => i.count);
  const words = (action.topic ?? action.text).split(/\W+/).filter((w) => w.length > 3).slice(0, 2).join("+") || "minutes";
  return {
    "/": "/",
    "search, two words": `/search?q=${words}`,
    "search, all decisions": "/search?q=kind:decision",
    actions: "/actions",
    "actions of somebody": `/actions?state=any&owner=${encodeURIComponent(who.id)}`,
    action: at("actions", action.id),
    decisions: "/decisions",
    decision: at("decisions", decision.id),
    "all series": "/series",
    series: at("series", big.series),
    agenda: `${at("series", big.series)}/agenda`,
    people: "/people",
    person: at("people", who.id),
    away: `${at("people", who.id)}/away`,
    meeting: at("meetings", action.mentions.at(-1).path),
    issues: "/issues",
    issue: at("issues", issue.target),
    handoffs: "/handoffs",
    who: `/who?q=${words}`,
    graph: `/graph?node=${encodeURIComponent(`person:${who.id}`)}`,
    "graph, start": "/graph",
    check: "/check",
    explain: `/explain?path=${encodeURIComponent(action.mentions.at(-1).path)}&line=${action.mentions.at(-1).line}`,
    ledger: "/ledger",
    "palette": "/api/v1/go?q=pla",
  };
}

/** Milliseconds that the server says it took (Server-Timing), and that the whole answer took. */
async function timed(url) {
  const start = performance.now();
  const answer = await fetch(url);
  const text = await answer.text();
  const whole = performance.now() - start;
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const server = Number(answer.headers.get("server-timing").match(/page;dur=([\d.]+)/)[1]);
  return { server, whole, bytes: Buffer.byteLength(text) };
}

/** First contentful paint in milliseconds and the sum of layout shifts, as the browser itself observes them. */
async function painted(page, url) {
  await page.goto(url, { waitUntil: "load" });
  return page.evaluate(() => new Promise((resolve) => {
    let shift = 0;
    const shifts = new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; });
    shifts.observe({ type: "layout-shift", buffered: true });
    const paints = new PerformanceObserver((list) => {
      const first = list.getEntriesByName("first-contentful-paint")[0];
      // What a script does late would move the page within this time.
      if (first) setTimeout(() => resolve({ paint: first.startTime, shift }), 400);
    });
    paints.observe({ type: "paint", buffered: true });
  }));
}

let pages;

/** What the server alone costs. */
async function served({ url }) {
  pages = await addresses(url);
  table(`Bytes, uncompressed (${book})`);
  for (const name of Object.keys(pages).filter((name) => name.startsWith("search"))) row(`HTML of ${name}`, (await timed(url + pages[name])).bytes, "B", BUDGET.html);
  row("all style", bytes(".css"), "B", BUDGET.css);
  row("all script", bytes(".js"), "B", BUDGET.script);

  console.log(`\n${cpus().length} cores, load ${loadavg()[0].toFixed(1)}: a busy machine tells more of itself than of the pages.`);
  table(`The server's own time for a page, 95th of 100, ${ROUNDS} rounds`);
  const times = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
  const wholes = [];
  // A round asks each page once, so that a busy moment of the machine is shared; the first rounds fill what is made when first asked for.
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, address] of Object.entries(pages)) {
      const { server, whole } = await timed(url + address);
      if (round >= 0) {
        times[name].push(server);
        wholes.push(whole);
      }
    }
  }
  for (const [name, all] of Object.entries(times)) row(`${name} (median ${median(all).toFixed(2)} ms)`, p95(all), "ms", BUDGET.server);
  console.log(`\nAll pages together: median ${median(Object.values(times).flat()).toFixed(2)} ms, p95 ${p95(Object.values(times).flat()).toFixed(2)} ms; with the way there and back ${p95(wholes).toFixed(2)} ms.`);
}

/** What a reader sees of it. */
async function seen(browser, { url }) {
  table(`In the browser, 1280 px, nothing cached, median of ${LOADS}`);
  for (const name of ["/", "search, two words", "actions", "decisions", "series", "agenda", "person", "meeting", "graph"]) {
    const loads = [];
    for (let n = 0; n < LOADS; n += 1) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      loads.push(await painted(await context.newPage(), url + pages[name]));
      await context.close();
    }
    row(`first contentful paint, ${name}`, median(loads.map((s) => s.paint)), "ms", BUDGET.paint);
    row(`layout shift, ${name}`, Math.max(...loads.map((s) => s.shift)), "", BUDGET.shift);
  }
  console.log(`\n${over === 0 ? "All within budget." : `${over} over budget.`}`);
}

await withBrowser(book, seen, served);
process.exitCode = values.strict && over > 0 ? 1 : 0;
