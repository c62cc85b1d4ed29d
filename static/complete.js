// Completion of qualifiers and their values in search boxes.

import { combobox, piece, withDay } from "./combobox.js";

const MOST = 40;
const bytes = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

for (const box of document.querySelectorAll("[data-complete]")) {
  const list = document.createElement("ul");
  list.className = "completions choices";
  list.hidden = true;
  box.after(list);
  combobox(box, list, {
    label: "Completions",
    most: MOST,
    ask: async (signal) => {
      const at = bytes(box.value.slice(0, box.selectionStart)).length;
      const asked = withDay(new URLSearchParams({ q: box.value, at, limit: MOST + 1 }));
      const answer = await fetch(`/api/v1/complete?${asked}`, { signal });
      return answer.ok ? answer.json() : [];
    },
    row: (one) => {
      const row = [piece("value", one.text)];
      if (one.hint) row.push(" ", piece("hint", one.hint));
      if (one.count !== undefined) row.push(" ", piece("number", one.count));
      return row;
    },
    // Behind the name of a qualifier its values are asked for.
    take: (one) => {
      const value = bytes(box.value);
      const isName = one.kind === "qualifier";
      const behind = text(value.slice(one.to));
      const before = text(value.slice(0, one.from)) + one.insert + (isName || behind.startsWith(" ") ? "" : " ");
      box.value = before + behind;
      box.setSelectionRange(before.length, before.length);
      return isName;
    },
  });
}
