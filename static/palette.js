// Ctrl-K (or cmd-K): go to somebody, a series, an issue, a meeting or a page by a few letters of it, or search.

import { combobox, piece, withDay } from "./combobox.js";

const dialog = document.getElementById("palette");
const box = document.getElementById("go");
const list = dialog.querySelector("ul");

const choices = combobox(box, list, {
  label: "Places",
  most: 30,
  eager: true,
  tab: false,
  ask: async (signal) => {
    const answer = await fetch(`/api/v1/go?${withDay(new URLSearchParams({ q: box.value }))}`, { signal });
    return answer.ok ? answer.json() : [];
  },
  row: (one) => {
    const row = [piece(`kind ${one.kind}`, one.kind), " ", piece("value", one.label)];
    if (one.hint) row.push(" ", piece("hint", one.hint));
    return row;
  },
  take: (one) => {
    dialog.close();
    location.assign(one.address);
  },
});

const open = () => {
  if (dialog.open) return dialog.close();
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  box.value = "";
  dialog.showModal();
  box.focus();
  choices.now();
};

dialog.addEventListener("close", () => choices.close());
for (const button of document.querySelectorAll("[data-opens=palette]")) button.addEventListener("click", open);
document.addEventListener("keydown", (event) => {
  const held = "apple" in document.documentElement.dataset ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!held || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  open();
});
