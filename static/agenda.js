// The draft of an agenda: lines are ticked in and out and moved, and what was changed survives a reload.
// The text is the truth: what is typed in it counts as much as what is ticked.

import { element } from "./dom.js";

const draft = document.getElementById("draft");
const told = document.getElementById("edited");
const key = `minutebook agenda ${draft.dataset.agenda}`;
const made = draft.defaultValue;

const lines = () => draft.value.split("\n");

function button(name, label, press) {
  const made = element("button", { type: "button", class: "quiet small", "aria-label": label }, name);
  made.addEventListener("click", press);
  return made;
}

// The heading that a line of the first draft stands under, so that it comes back to its place.
function headingOf(line) {
  const all = made.split("\n");
  return all.slice(0, all.indexOf(line)).findLast((other) => other.startsWith("#"));
}

function put(line) {
  const all = lines();
  const heading = all.indexOf(headingOf(line));
  if (heading < 0) all.push(line);
  else {
    let end = heading + 1;
    while (end < all.length && !all[end].startsWith("#")) end += 1;
    while (end > heading + 1 && all[end - 1].trim() === "") end -= 1;
    if (end === heading + 1) all.splice(end, 0, "", line);
    else all.splice(end, 0, line);
  }
  set(all);
}

function move(line, step) {
  const all = lines();
  const at = all.indexOf(line);
  let other = at + step;
  while (all[other] !== undefined && all[other].trim() === "") other += step;
  // A line stays under its heading.
  if (at < 0 || all[other] === undefined || all[other].startsWith("#")) return false;
  [all[at], all[other]] = [all[other], all[at]];
  set(all);
  return true;
}

function set(all) {
  draft.value = all.join("\n");
  kept();
}

const items = [...document.querySelectorAll("[data-line]")].map((item) => {
  const line = item.dataset.line;
  const name = item.querySelector(".what").textContent.trim();
  const tick = element("input", { type: "checkbox", class: "tick", "aria-label": `on the agenda: ${name}` });
  tick.addEventListener("change", () => {
    if (tick.checked) put(line);
    else set(lines().filter((other) => other !== line));
  });
  const moves = element("span", { class: "moves" });
  for (const [sign, word, step] of [["↑", "earlier", -1], ["↓", "later", 1]]) {
    moves.append(button(sign, `${word} on the agenda: ${name}`, () => {
      // What was moved in the draft moves in the list, too.
      const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!move(line, step) || !beside) return;
      if (step < 0) beside.before(item);
      else beside.after(item);
      moves.children[step < 0 ? 0 : 1].focus();
    }));
  }
  item.prepend(tick);
  item.append(moves);
  return { line, tick, moves, item };
});

function shown() {
  const all = new Set(lines());
  for (const { line, tick, moves, item } of items) {
    tick.checked = all.has(line);
    moves.hidden = !tick.checked;
    item.classList.toggle("out", !tick.checked);
  }
}

// Remembers the draft beside what it was made from; the same text as the first one is nothing to remember.
function kept() {
  shown();
  try {
    if (draft.value === made) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ made, text: draft.value }));
  } catch {
    // No room, or not allowed: then it does not survive a reload.
  }
  say(draft.value === made ? "" : "Changed by you; kept in this browser.");
}

function say(words, more = "The draft as it was made") {
  told.hidden = words === "";
  told.replaceChildren(words, " ");
  if (words) told.append(button(more, more, () => { draft.value = made; kept(); }));
}

try {
  const before = JSON.parse(localStorage.getItem(key) ?? "null");
  if (before && typeof before.text === "string") {
    draft.value = before.text;
    if (before.made === made) say("Changed by you; kept in this browser.");
    else say("The minutes have changed since you edited this draft.", "Take the new draft");
  }
} catch {
  localStorage.removeItem(key);
}
shown();
draft.addEventListener("input", kept);

for (const link of document.querySelectorAll("[data-download]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const url = URL.createObjectURL(new Blob([draft.value], { type: "text/markdown" }));
    const save = element("a", { href: url, download: draft.dataset.agenda });
    save.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
}
