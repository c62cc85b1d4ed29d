// Keys: "/" to the search box, "?" shows them all. Never while somebody types, and single letters can be switched off.

const KEY = "minutebook-keys";
const dialog = document.getElementById("keys");
const letters = dialog.querySelector("input");

const kept = () => {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
};

/** Whether what has the focus takes letters itself. */
export function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether letters do something, when nobody types and no dialog is open. */
export const listening = (event) =>
  letters.checked && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !typing(event.target) && !document.querySelector("dialog[open]");

letters.checked = kept();
letters.addEventListener("change", () => {
  try {
    localStorage.setItem(KEY, letters.checked ? "on" : "off");
  } catch {
    // It holds for this page.
  }
});

for (const button of document.querySelectorAll("[data-opens=keys]")) button.addEventListener("click", () => dialog.showModal());
// A click beside the dialog closes it.
for (const each of document.querySelectorAll("dialog")) {
  each.addEventListener("click", (event) => {
    if (event.target === each) each.close();
  });
}

document.addEventListener("keydown", (event) => {
  if (!listening(event)) return;
  if (event.key === "?") {
    dialog.showModal();
  } else if (event.key === "/") {
    const box = document.getElementById("q");
    if (!box) return;
    box.focus();
    box.select();
  } else {
    return;
  }
  event.preventDefault();
});
