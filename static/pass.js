// "Still open?", one after the other from the keyboard: done, dropped, keep, or put right. What is said goes to the
// ledger at once; without this script the same list has a box to tick for each.

import { element } from "./dom.js";

const form = document.querySelector("form[data-pass]");
const items = form ? [...form.querySelectorAll(".action")].filter((item) => item.querySelector("[name=action]")) : [];

if (items.length > 0 && HTMLDialogElement.prototype.showModal) {
  const start = element("button", { type: "button", class: "quiet" }, "Go through them one by one");
  form.querySelector("fieldset legend").append(start);

  const place = element("p", { class: "dim", role: "status" });
  const what = element("div", { class: "one" });
  const note = element("input", { type: "text", maxlength: "4000", "aria-label": "Note", placeholder: "note (optional)", autocomplete: "off" });
  const error = element("p", { class: "error", role: "alert" });
  error.hidden = true;
  const choices = [
    ["d", "Done", "done"],
    ["x", "Dropped", "dropped"],
    ["k", "Keep it open", null],
    ["c", "Put right", "correct"],
  ];
  const buttons = element("div", { class: "buttons" });
  for (const [key, label, as] of choices) {
    const button = element("button", { type: "button", class: as === "done" ? "" : "quiet", "aria-keyshortcuts": key }, label, " ", element("kbd", { "aria-hidden": "true" }, key));
    button.addEventListener("click", () => press(as));
    buttons.append(button);
  }
  const close = element("button", { type: "button", class: "quiet end" }, "End here ", element("kbd", { "aria-hidden": "true" }, "Esc"));
  const dialog = element("dialog", { class: "pass", "aria-label": "Still open?" }, place, what, note, buttons, error, close);
  close.addEventListener("click", () => dialog.close());

  let at = 0;
  let said = 0;
  // Keys that are pressed while something is written wait for it; what failed lets those behind it go.
  let turn = Promise.resolve();
  let failed = 0;
  const press = (as) => {
    const before = failed;
    turn = turn.then(() => (before === failed ? choose(as) : undefined));
  };

  const show = () => {
    error.hidden = true;
    note.value = "";
    if (at >= items.length) {
      place.textContent = `That was all: ${said} of ${items.length} closed.`;
      what.replaceChildren();
      for (const part of [note, buttons]) part.hidden = true;
      close.focus();
      return;
    }
    place.textContent = `${at + 1} of ${items.length}`;
    const shown = items[at].cloneNode(true);
    shown.querySelector("[name=action]").remove();
    what.replaceChildren(...shown.childNodes);
    buttons.querySelector("button").focus();
  };

  const choose = async (as) => {
    if (at >= items.length) return;
    const id = items[at].querySelector("[name=action]").value;
    if (as === "correct") {
      location.href = `/actions/${encodeURIComponent(id)}#say`;
      return;
    }
    if (as) {
      try {
        const entry = { verb: "close", action: id, as, by: form.elements.by.value };
        if (note.value.trim()) entry.note = note.value.trim();
        const answer = await fetch("/api/v1/ledger", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(entry),
        });
        if (!answer.ok) throw new Error((await answer.json()).error ?? answer.statusText);
        items[at].classList.add("out");
        items[at].querySelector("[name=action]").disabled = true;
        said += 1;
      } catch (reason) {
        error.textContent = `Not written: ${reason.message}`;
        error.hidden = false;
        failed += 1;
        return;
      }
    }
    at += 1;
    show();
  };

  dialog.addEventListener("keydown", (event) => {
    if (event.target === note) {
      if (event.key === "Enter") buttons.querySelector("button").focus();
      return;
    }
    const choice = choices.find(([key]) => key === event.key);
    if (choice && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      press(choice[2]);
    }
  });
  // What was closed is gone from the list of the page.
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (said > 0) location.reload();
  });
  start.addEventListener("click", () => {
    [at, said] = [0, 0];
    for (const part of [note, buttons]) part.hidden = false;
    document.body.append(dialog);
    dialog.showModal();
    show();
  });
}
