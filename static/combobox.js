// A box with a list of what may be meant (the ARIA pattern "combobox"): arrows choose, Enter takes, Escape closes.
// The focus stays in the box.

const WAIT = 80;

/** A piece of a row. */
export function piece(name, words) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = words;
  return span;
}

/**
 * Makes a box a combobox.
 *
 * `ask(signal)` answers with what may be meant; `row(one)` are the pieces of its row; `take(one)` is called for the one
 * that is taken. `most` rows are shown. With `eager`, the first is chosen at once, the list stays, and an empty box asks too.
 */
export function combobox(box, list, { label, ask, row, take, most, eager = false, tab = true }) {
  list.id ||= `${box.id}-choices`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  const told = piece("hidden", "");
  told.setAttribute("role", "status");
  list.after(told);
  const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries(said)) box.setAttribute(name, value);
  let found = [];
  let chosen = -1;
  let asking = null;
  let timer = 0;

  const choose = (n) => {
    chosen = n;
    for (const [at, option] of [...list.querySelectorAll("[role=option]")].entries()) {
      option.setAttribute("aria-selected", String(at === n));
      if (at === n) option.scrollIntoView({ block: "nearest" });
    }
    if (n < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${list.id}-${n}`);
  };

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    found = [];
    list.hidden = true;
    told.textContent = "";
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  };

  const taken = (one) => {
    close();
    if (take(one)) now();
  };

  const show = (all) => {
    found = all.slice(0, most);
    list.replaceChildren(...found.map((one, n) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.append(...row(one));
      // The box keeps the focus.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => taken(one));
      return option;
    }));
    const more = all.length > found.length;
    if (more) {
      const rest = piece("hint", "There are more: type on.");
      const last = document.createElement("li");
      last.setAttribute("role", "presentation");
      last.append(rest);
      list.append(last);
    }
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = list.hidden ? "" : `${found.length}${more ? " or more" : ""} ${label.toLowerCase()}`;
    choose(eager && found.length ? 0 : -1);
  };

  const now = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const all = await ask(mine.signal);
      if (!mine.signal.aborted) show(all);
    } catch {
      // Nobody waits for it any more, or the server has gone: the box still works.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    // What is chosen is no longer what was asked for.
    if (eager) choose(-1);
    if (box.value === "" && !eager) close();
    else timer = setTimeout(now, WAIT);
  });
  if (!eager) box.addEventListener("blur", close);
  box.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) {
      if (step > 0) now();
    } else if (step) {
      // One place beyond the last and before the first is the box itself.
      choose((chosen + 1 + step + found.length + 1) % (found.length + 1) - 1);
    } else if ((event.key === "Enter" || (tab && event.key === "Tab")) && found[chosen] && !event.shiftKey) {
      taken(found[chosen]);
    } else if (event.key === "Enter" && eager) {
      // Faster than the answer: whoever types and presses Enter means the first of what they typed.
      event.preventDefault();
      clearTimeout(timer);
      await now();
      if (found[0]) taken(found[0]);
      else box.form.requestSubmit();
      return;
    } else if (event.key === "Escape" && !list.hidden && !eager) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  return { now, close };
}

/** The day or commit that the page is asked about, to be asked about again. */
export function withDay(asked) {
  const day = new URLSearchParams(location.search).get("as-of");
  if (day) asked.set("as-of", day);
  return asked;
}
