// Search as it is typed, a stretch of time drawn over the bars, hits by keyboard, and a look at the place beside the
// list where there is room. Every address is one that works without this script.

import { withDay } from "./combobox.js";
import { element } from "./dom.js";
import { listening } from "./keys.js";

const box = document.querySelector(".find.big input[name=q]");
const found = document.getElementById("found");
const wide = matchMedia("(min-width: 88rem)");
let asking = null;

// Shows what an address finds in the place of what is shown, with the address in the browser's bar.
async function show(address, { push = false, typed = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
    // What leads to a page of its own is followed only when Enter is pressed.
    if (answer.redirected || (typed && !answer.ok && answer.status !== 404)) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById("found");
    if (!part) return;
    found.replaceChildren(...part.childNodes);
    document.title = page.title;
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    ready();
  } catch (reason) {
    if (reason.name !== "AbortError") location.href = address;
  }
}

function addressOf(query) {
  return `/search?${withDay(new URLSearchParams({ q: query.trim() }))}`;
}

let timer = 0;
box.addEventListener("input", () => {
  clearTimeout(timer);
  if (box.value.trim().length > 1) timer = setTimeout(() => show(addressOf(box.value), { typed: true }), 180);
});
addEventListener("popstate", () => location.reload());

// Hits: j and k, or the arrows once one is chosen, go through them; Enter opens the one that is chosen.
const hits = () => [...found.querySelectorAll(".hit a.what")];
document.addEventListener("keydown", (event) => {
  if (!listening(event)) return;
  const all = hits();
  const at = all.indexOf(document.activeElement);
  const arrow = at >= 0 ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
  const step = { j: 1, k: -1 }[event.key] ?? arrow;
  if (!step || all.length === 0) return;
  event.preventDefault();
  all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
});

// The place of a hit, beside the list.
let looking = null;
async function look(hit) {
  if (!wide.matches) return;
  const results = found.querySelector(".results");
  let pane = results.querySelector(".preview");
  if (!pane) {
    pane = element("aside", { class: "preview", "aria-label": "The place in the minutes" });
    results.append(pane);
  }
  for (const other of found.querySelectorAll(".hit.here")) other.classList.remove("here");
  hit.closest(".hit").classList.add("here");
  if (pane.dataset.shown === hit.href) return;
  looking?.abort();
  looking = new AbortController();
  try {
    const answer = await fetch(hit.href, { signal: looking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const minutes = page.querySelector("article.minutes");
    if (!minutes) return;
    const line = minutes.querySelector(`[id="${CSS.escape(new URL(hit.href).hash.slice(1))}"]`);
    line?.closest("li, p, h1, h2, h3, h4, tr")?.classList.add("looked-at");
    // The page itself keeps its headings and anchors for itself.
    for (const anchor of minutes.querySelectorAll("[id]")) anchor.removeAttribute("id");
    pane.dataset.shown = hit.href;
    pane.replaceChildren(minutes);
    const at = pane.querySelector(".looked-at");
    if (at) pane.scrollTop = at.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  } catch {
    // Nobody looks any more.
  }
}

// A stretch of time, drawn over the bars.
function brush(chart, query) {
  const bars = [...chart.querySelectorAll("a")];
  const at = (event) => {
    const frame = chart.getBoundingClientRect();
    const part = (event.clientX - frame.left) / frame.width;
    return Math.min(Math.max(Math.floor(part * bars.length), 0), bars.length - 1);
  };
  let from = -1;
  let to = -1;
  const paint = () => bars.forEach((bar, n) => bar.classList.toggle("brushed", from >= 0 && n >= Math.min(from, to) && n <= Math.max(from, to)));
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    from = to = at(event);
    chart.setPointerCapture(event.pointerId);
    paint();
  });
  chart.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    to = at(event);
    paint();
  });
  chart.addEventListener("pointercancel", () => { from = -1; paint(); });
  chart.addEventListener("pointerup", () => {
    if (from < 0) return;
    const [first, last] = [bars[Math.min(from, to)].dataset.value, bars[Math.max(from, to)].dataset.value];
    from = -1;
    // `after` and `before` leave out the days that they name.
    const days = first === last ? `on:${first}` : `after:${dayBefore(first)} before:${dayAfter(last)}`;
    const text = `${query} ${days}`.trim();
    box.value = text;
    show(addressOf(text), { push: true });
  });
  // The pointer has been told of already.
  for (const bar of bars) bar.addEventListener("click", (event) => { if (event.detail > 0) event.preventDefault(); });
}

const iso = (day) => day.toISOString().slice(0, 10);
function dayBefore(value) {
  const [year, month = 1] = value.split("-").map(Number);
  return iso(new Date(Date.UTC(year, month - 1, 0)));
}
function dayAfter(value) {
  const [year, month] = value.split("-").map(Number);
  return iso(new Date(Date.UTC(month ? year : year + 1, month ?? 0, 1)));
}

function ready() {
  for (const hit of hits()) {
    hit.addEventListener("focus", () => look(hit));
    hit.closest(".hit").addEventListener("pointerenter", () => look(hit));
  }
  const time = found.querySelector(".when-found");
  if (time) brush(time.querySelector(".histogram"), time.dataset.query);
}
ready();
