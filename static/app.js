// Small comforts; every page works without them.
"use strict";

// "/" puts the cursor into the search box.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("q");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// "Copy" beside a text.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}

// Completion of what is typed in a search box: arrows choose, Enter and Tab take, Escape closes.
const MOST = 40;
const bytes = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

function completed(box) {
  const list = document.createElement("ul");
  list.id = `${box.id}-completions`;
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  const told = document.createElement("span");
  told.className = "hidden";
  told.setAttribute("role", "status");
  box.after(list, told);
  const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries(said)) box.setAttribute(name, value);
  let found = [];
  let chosen = -1;
  let asking = null;
  let timer = 0;

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    found = [];
    list.hidden = true;
    told.textContent = "";
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  };

  const choose = (n) => {
    chosen = n;
    for (const [at, option] of [...list.querySelectorAll("[role=option]")].entries()) {
      option.setAttribute("aria-selected", String(at === n));
      if (at === n) option.scrollIntoView({ block: "nearest" });
    }
    if (n < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${list.id}-${n}`);
  };

  const take = (one) => {
    const value = bytes(box.value);
    const isName = one.kind === "qualifier";
    const behind = text(value.slice(one.to));
    const before = text(value.slice(0, one.from)) + one.insert + (isName || behind.startsWith(" ") ? "" : " ");
    box.value = before + behind;
    box.setSelectionRange(before.length, before.length);
    close();
    if (isName) ask();
  };

  const piece = (name, words) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = words;
    return span;
  };

  const show = (all) => {
    found = all.slice(0, MOST);
    list.replaceChildren(...found.map((one, n) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.append(piece("value", one.text));
      if (one.hint) option.append(" ", piece("hint", one.hint));
      if (one.count !== undefined) option.append(" ", piece("number", one.count));
      // The box keeps the focus.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(one));
      return option;
    }));
    const more = all.length > found.length;
    if (more) {
      const rest = document.createElement("li");
      rest.className = "hint";
      rest.setAttribute("role", "presentation");
      rest.textContent = "There are more: type on.";
      list.append(rest);
    }
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = list.hidden ? "" : `${found.length}${more ? " or more" : ""} completions`;
    choose(-1);
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const at = bytes(box.value.slice(0, box.selectionStart)).length;
    const asked = new URLSearchParams({ q: box.value, at, limit: MOST + 1 });
    const day = box.form?.elements["as-of"]?.value;
    if (day) asked.set("as-of", day);
    try {
      const answer = await fetch(`/api/v1/complete?${asked}`, { signal: asking.signal });
      if (answer.ok) show(await answer.json());
    } catch {
      // Nobody waits for it any more, or the server has gone: the box still works.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.value === "") close();
    else timer = setTimeout(ask, 80);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) {
      if (step > 0) ask();
    } else if (step) {
      // One place beyond the last and before the first is the box itself.
      choose((chosen + 1 + step + found.length + 1) % (found.length + 1) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && found[chosen] && !event.shiftKey) {
      take(found[chosen]);
    } else if (event.key === "Escape" && !list.hidden) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
}

document.querySelectorAll("[data-complete]").forEach(completed);
