// The graph to be explored: a node opens what is around it, kinds and days are filtered, and the way between two nodes
// is shown with the lines that prove it. The list below it holds the same and needs neither this script nor a pointer.

import { withDay } from "./combobox.js";
import { element } from "./dom.js";

const root = document.querySelector(".explore");
const canvas = root.querySelector(".canvas");
const tools = document.querySelector(".explore-tools");
const told = document.querySelector(".explore-told");
const STEP = 60;
const MOST = 2000;
const LIMIT = 150;

const style = getComputedStyle(document.documentElement);
const probe = document.createElement("span");
root.append(probe);
// Colours are light-dark() in the tokens; the canvas wants them as they come out.
const colour = (name) => {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};
const KINDS = {
  person: ["--ink", "ellipse"], team: ["--ink", "round-rectangle"], series: ["--accent", "hexagon"],
  meeting: ["--dim", "rectangle"], topic: ["--stale", "tag"], action: ["--done", "triangle"],
  decision: ["--decision", "diamond"], issue: ["--margin", "pentagon"],
};

// Letters are as large on the screen at any zoom.
const LETTERS = 11.5;
let zoom = 1;
const onScreen = (pixels) => () => pixels / zoom;

function styles() {
  const kinds = Object.entries(KINDS).map(([kind, [name, shape]]) => ({
    selector: `node[kind = "${kind}"]`,
    style: { "background-color": colour(name), shape },
  }));
  return [
    { selector: "node", style: {
      label: "data(short)", color: colour("--ink"), "font-size": onScreen(LETTERS), "font-family": style.fontFamily || "sans-serif",
      width: "data(size)", height: "data(size)", "text-margin-y": onScreen(-3), "text-outline-color": colour("--sheet"),
      "text-outline-width": onScreen(2), "text-events": "yes",
    } },
    ...kinds,
    { selector: "edge", style: { width: 1, "line-color": colour("--rule"), "curve-style": "haystack" } },
    { selector: "node.mute", style: { "text-opacity": 0, "text-events": "no" } },
    { selector: "node.pointed, node:selected", style: { "text-opacity": 1, "z-index": 11 } },
    { selector: "node.middle", style: { "z-index": 10, "font-size": onScreen(LETTERS + 3), "font-weight": 600, "border-width": 3, "border-color": colour("--margin") } },
    { selector: ".way", style: { "line-color": colour("--margin"), width: 3, "z-index": 9 } },
    { selector: "node.way", style: { "border-width": 3, "border-color": colour("--margin") } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": colour("--accent"), "font-weight": 600 } },
    { selector: ".faint", style: { opacity: 0.12 } },
    { selector: ".out", style: { display: "none" } },
  ];
}

// The library would put its one rule into a style element, which the page's policy forbids; views.css has it.
document.head.append(element("span", { id: "__________cytoscape_stylesheet", hidden: "" }));

const cy = cytoscape({
  container: canvas, style: styles(), minZoom: 0.1, maxZoom: 4,
  hideEdgesOnViewport: true, textureOnViewport: true, pixelRatio: "auto",
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(styles()));
new MutationObserver(() => cy.style(styles())).observe(document.documentElement, { attributes: true });

// Where two names would overlap, the node with more around it shows its own; the other does so when it is pointed at.
let naming = 0;
function name() {
  cancelAnimationFrame(naming);
  naming = requestAnimationFrame(() => {
    zoom = cy.zoom();
    const taken = [];
    const before = (n) => (n.hasClass("middle") ? 4e6 : 0) + (n.selected() ? 2e6 : 0) + (n.hasClass("way") ? 1e6 : 0) + n.data("degree");
    cy.batch(() => {
      for (const n of cy.nodes().not(".out").sort((a, b) => before(b) - before(a))) {
        const { x, y } = n.renderedPosition();
        const half = n.data("short").length * LETTERS * 0.28;
        const bottom = y - (n.data("size") / 2) * zoom;
        const box = { left: x - half, right: x + half, top: bottom - LETTERS * 1.5, bottom };
        const hides = taken.some((o) => box.left < o.right && o.left < box.right && box.top < o.bottom && o.top < box.bottom);
        n.toggleClass("mute", hides);
        if (!hides) taken.push(box);
      }
    });
    cy.style().update();
  });
}
cy.on("zoom resize layoutstop", name);
cy.on("mouseover", "node", (event) => event.target.addClass("pointed"));
cy.on("mouseout", "node", (event) => event.target.removeClass("pointed"));

const called = (n) => (n.kind === "person" ? n.name : n.kind === "meeting" ? `${n.first ?? ""} ${n.series ?? ""}`.trim() || n.label : n.label);
const short = (text) => (text.length > 26 ? `${text.slice(0, 25)}…` : text);
const nodeOf = (n) => ({ group: "nodes", data: {
  id: n.id, kind: n.kind, label: n.label, short: short(called(n)), name: n.name,
  path: n.path, line: n.line, first: n.first ?? n.last, last: n.last ?? n.first, degree: n.degree, state: n.state,
  size: Math.min(8 + Math.sqrt(n.degree) * 1.6, 26),
} });
const edgeOf = (e) => ({ group: "edges", data: {
  id: `${e.from}|${e.relation}|${e.to}`, source: e.from, target: e.to, relation: e.relation, date: e.date, path: e.path, line: e.line,
} });

async function ask(path, parameters) {
  const answer = await fetch(`/api/v1/${path}?${withDay(new URLSearchParams(parameters))}`);
  if (!answer.ok) throw new Error((await answer.json()).error ?? answer.statusText);
  return answer.json();
}

function say(...parts) {
  told.replaceChildren(...parts);
}

const link = (address, text) => element("a", { href: address }, text);

// Puts an answer into the picture; how many nodes are new.
function add(found, around) {
  const kind = (n) => Object.keys(KINDS).indexOf(n.kind);
  const near = [...found.nodes].sort((a, b) => kind(a) - kind(b));
  const nodes = [found.node, ...near].filter((n) => cy.getElementById(n.id).empty());
  const at = around?.position();
  const made = cy.add(nodes.map((n, turn) => {
    const one = nodeOf(n);
    // Around what was opened, or at first on an ellipse by kind, as wide as the frame; the layout goes on from there.
    const angle = (turn / nodes.length) * 2 * Math.PI;
    if (at) one.position = { x: at.x + 90 * Math.cos(angle), y: at.y + 90 * Math.sin(angle) };
    else if (turn > 0) one.position = { x: 420 * Math.cos(angle), y: 210 * Math.sin(angle) };
    else one.position = { x: 0, y: 0 };
    return one;
  }));
  const known = (id) => cy.getElementById(id).nonempty();
  const edges = [...found.edges, ...found.nodes.map((n) => n.by)];
  const fresh = new Map();
  for (const e of edges) {
    const one = edgeOf(e);
    if (known(e.from) && known(e.to) && !known(one.data.id)) fresh.set(one.data.id, one);
  }
  cy.add([...fresh.values()]);
  return made.length;
}

function arrange(animate) {
  const many = cy.nodes().length > 400;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const shown = cy.elements().not(".out");
  shown.layout({
    name: many ? "concentric" : "cose", animate: animate && !many && !still ? "end" : false, animationDuration: 300,
    randomize: false, nodeRepulsion: () => 60000, nodeOverlap: 12, idealEdgeLength: () => 110, edgeElasticity: () => 60,
    gravity: 0.25, numIter: 500, padding: 40,
    concentric: (n) => (n.hasClass("middle") ? 1e6 : n.degree()), levelWidth: () => 8, minNodeSpacing: 14,
  }).run();
}

// What was asked for last: an answer that comes behind it says nothing.
let asked = 0;

async function open(id, limit = STEP) {
  const turn = (asked += 1);
  const node = cy.getElementById(id);
  try {
    const before = node.nonempty() ? node.connectedEdges().connectedNodes().length : 0;
    const found = await ask("graph", { node: id, depth: 1, limit: Math.min(Math.max(limit, before + STEP), MOST) });
    const many = add(found, node.nonempty() ? node : null);
    filter();
    if (many > 0) arrange(true);
    if (turn === asked) describe(cy.getElementById(found.node.id), found.total);
  } catch (reason) {
    if (turn === asked) say(`It could not be read: ${reason.message}`);
  }
}

const PAGES = { person: "people", team: "people", series: "series", action: "actions", decision: "decisions", issue: "issues" };
function page(data) {
  if (PAGES[data.kind]) return `/${PAGES[data.kind]}/${encodeURIComponent(data.name)}`;
  if (data.path) return `/meetings/${data.path.split("/").map(encodeURIComponent).join("/")}?line=${data.line}#L${data.line}`;
  return null;
}

function describe(node, total) {
  const data = node.data();
  const parts = [`${data.kind}: `];
  const address = page(data);
  parts.push(address ? link(address, data.label) : data.label);
  if (data.last) parts.push(` · ${data.first && data.first !== data.last ? `${data.first} to ` : ""}${data.last}`);
  const shown = node.connectedEdges().connectedNodes().length - 1;
  if (total !== undefined && shown < total) parts.push(` · ${Math.max(shown, 0)} of ${total} around it are shown`);
  parts.push(". Enter or a double click opens what is around it; w marks the way from the one in the middle.");
  say(...parts);
}

// What is between two nodes, with the lines that prove it.
async function way(from, to) {
  const turn = (asked += 1);
  try {
    const found = await ask("graph/path", { from, to });
    if (turn !== asked) return;
    cy.elements().removeClass("way");
    const first = found.paths[0];
    if (!first) return say("These two do not hang together.");
    add({ node: first.nodes[0], nodes: [], edges: [] }, null);
    for (const n of first.nodes) if (cy.getElementById(n.id).empty()) cy.add(nodeOf(n));
    for (const s of first.steps) if (cy.getElementById(edgeOf(s).data.id).empty()) cy.add(edgeOf(s));
    for (const n of first.nodes) cy.getElementById(n.id).addClass("way").removeClass("out");
    for (const s of first.steps) cy.getElementById(edgeOf(s).data.id).addClass("way").removeClass("out");
    const parts = ["The way: "];
    first.nodes.forEach((n, at) => {
      parts.push(n.label);
      const step = first.steps[at];
      if (step) parts.push(` —${step.relation}, `, link(page({ kind: "meeting", path: step.path, line: step.line }), step.date ?? step.path), "→ ");
    });
    parts.push(" · ", link(`/graph?${new URLSearchParams({ from, to })}`, "all of it, with quotes"));
    arrange(true);
    say(...parts);
  } catch (reason) {
    if (turn === asked) say(`It could not be read: ${reason.message}`);
  }
}

// Kinds and days.
const kinds = [...tools.querySelectorAll("[name=kind]")];
const since = tools.querySelector("[name=since]");
const sinceTold = tools.querySelector("output");
let days = [];
function filter() {
  const wanted = new Set(kinds.filter((k) => k.checked).map((k) => k.value));
  days = [...new Set(cy.nodes().map((n) => n.data("last")).filter(Boolean))].sort();
  since.max = String(Math.max(days.length - 1, 0));
  const from = Number(since.value) > 0 ? days[Number(since.value)] : null;
  sinceTold.textContent = from ?? "the beginning";
  cy.batch(() => {
    cy.nodes().forEach((n) => {
      const late = !from || !n.data("last") || n.data("last") >= from;
      n.toggleClass("out", !(n.hasClass("middle") || (wanted.has(n.data("kind")) && late)));
    });
  });
  name();
}
for (const control of [...kinds, since]) control.addEventListener("input", () => filter());
tools.querySelector("[data-arrange]").addEventListener("click", () => arrange(true));
tools.querySelector("[data-more]").addEventListener("click", () => open((cy.$("node:selected")[0] ?? cy.$("node.middle")[0]).id(), LIMIT * 2));

cy.on("select", "node", (event) => {
  asked += 1;
  describe(event.target);
  const near = event.target.closedNeighborhood();
  cy.elements().not(near).addClass("faint");
  near.removeClass("faint");
});
cy.on("unselect", "node", () => cy.elements().removeClass("faint"));
cy.on("dbltap", "node", (event) => open(event.target.id()));

// The keyboard: arrows go to the nearest node in their direction, Enter opens it, w shows the way to it.
root.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const now = cy.$("node:selected")[0] ?? cy.$("node.middle")[0];
  const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (direction && now) {
    const from = now.position();
    const cost = (n) => {
      const [x, y] = [n.position("x") - from.x, n.position("y") - from.y];
      const along = x * direction[0] + y * direction[1];
      return along <= 0 ? Infinity : Math.hypot(x, y) * (2 - along / Math.hypot(x, y));
    };
    const best = cy.nodes().not(".out").not(now).min(cost);
    if (best.ele && Number.isFinite(best.value)) {
      cy.$(":selected").unselect();
      best.ele.select();
      cy.center(best.ele);
    }
  } else if (event.key === "Enter" && now) open(now.id());
  else if (event.key === "w" && now) way(cy.$("node.middle").id(), now.id());
  else if (event.key === "+") cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: root.clientWidth / 2, y: root.clientHeight / 2 } });
  else if (event.key === "-") cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: root.clientWidth / 2, y: root.clientHeight / 2 } });
  else if (event.key === "Escape") cy.$(":selected").unselect();
  else return;
  event.preventDefault();
});

root.hidden = false;
tools.hidden = false;
told.hidden = false;
document.querySelector(".still-picture")?.setAttribute("hidden", "");
cy.resize();
try {
  const found = await ask("graph", { node: root.dataset.node, depth: root.dataset.depth, kinds: root.dataset.kinds, limit: root.dataset.limit });
  add(found, null);
  cy.getElementById(found.node.id).addClass("middle");
  filter();
  arrange(false);
  describe(cy.getElementById(found.node.id), found.total);
} catch (reason) {
  say(`It could not be read: ${reason.message}`);
}
