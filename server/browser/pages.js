// Every page on the sample book: how it is called here, where it is, its heading and what else stands on it.
// Tests, pictures and budgets go through the same list.

/** Things of the sample book whose ids only the server knows. */
export async function known(url) {
  const json = async (path) => {
    const answer = await fetch(`${url}/api/v1${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };
  const actions = await json("/actions?state=any");
  const decisions = await json("/decisions?limit=1000");
  const find = (list, what, is) => list.find(is) ?? (() => { throw new Error(`the sample book has no ${what}`); })();
  return {
    action: find(actions, "action carried often", (a) => a.carries > 2 && !a.closed).id,
    closed: find(actions, "closed action", (a) => a.state === "done" && a.mentions.length > 2).id,
    decision: find(decisions, "decision that holds", (d) => d.standing === "holds" && d.chain.length > 1).id,
    reversed: find(decisions, "reversed decision", (d) => d.standing === "reversed").id,
  };
}

const page = (name, address, heading, also = {}) => ({ name, address, heading, status: 200, has: [], ...also });

export const PAGES = [
  page("home", "/", "quayside", { has: ["Open actions by series", "Latest decisions", "platform"] }),
  page("search", "/search", "Search", { has: ["How to ask", "berth*"] }),
  page("search-hits", "/search?q=tide+cache", "Search: tide cache", { has: ["passages", "Kind", "We go with PostgreSQL for the tide cache"] }),
  page("search-nothing", "/search?q=zeppelin+quark", "Search: zeppelin quark", { has: ["Nothing found", "stands nowhere"] }),
  page("search-wrong", "/search?q=state:lost", "Search: state:lost", { status: 400, has: ["could not be understood", "open, done"] }),
  page("search-unknown", "/search?q=series:platfrom", "Search: series:platfrom", { status: 404, has: ["There is no series", "platform"] }),
  page("actions", "/actions", "Actions", { has: ["actions", "Carried", "Board by owner"] }),
  page("actions-of", "/actions?owner=MiraHolt&state=any", "Actions of MiraHolt", { has: ["MiraHolt"] }),
  page("board", "/actions?view=owners", "Actions", { has: ["MiraHolt", "Board by series"] }),
  page("board-series", "/actions?view=series&sort=due", "Actions", { has: ["product-board", "due"] }),
  page("action", (k) => `/actions/${k.action}`, /./, { has: ["History", "raised", "Say something of it"] }),
  page("action-closed", (k) => `/actions/${k.closed}`, /./, { has: ["History", "closed", "done"] }),
  page("decisions", "/decisions", "Decisions", { has: ["reversed", "revised", "51 decisions"] }),
  page("decision", (k) => `/decisions/${k.decision}`, /./, { has: ["holds", "What was said of it"] }),
  page("decision-reversed", (k) => `/decisions/${k.reversed}`, /./, { has: ["reversed", "What was said of it"] }),
  page("all-series", "/series", "Series", { has: ["rhythm", "product-board", "fortnightly"] }),
  page("series", "/series/platform", "platform", { has: ["Prepare the next agenda", "Open actions", "Who came"] }),
  page("agenda", "/series/platform/agenda", /Next agenda/, { has: ["What belongs on it, and why", "Download as Markdown"] }),
  page("people", "/people", "People", { has: ["Priya Nair", "Teams and companies"] }),
  page("person", "/people/MiraHolt", /MiraHolt/, { has: ["To do", "Attendance", "Meets with"] }),
  page("team", "/people/Nordkai%20GmbH", /Nordkai GmbH/, { has: ["A team", "To do"] }),
  page("away", "/people/priya-n/away?since=2026-01-01", "While priya-n was away", { has: ["missed"] }),
  page("meeting", "/meetings/platform/20260210.md", "2026-02-10", { has: ["PostgreSQL for the tide cache is confirmed", "People", "Decisions", "action · done"] }),
  page("meeting-slides", "/meetings/community-call/2026/Q2/2026-04-23--community-slides.md", /./, { has: ["community-call"] }),
  page("meeting-board", "/meetings/product-board/2026-04-14-board.md", "Product board, April 14th 2026", { has: ["PostgreSQL only for the predictions"] }),
  page("issues", "/issues", "Issues", { has: ["quayside/deploy#29", "named"] }),
  page("issue", "/issues/quayside/deploy%2329", "quayside/deploy#29", { has: ["Named", "platform/20251118.md"] }),
  page("handoffs", "/handoffs", "Handed over", { has: ["Arrived", "product-board"] }),
  page("who", "/who", "Who knows about this?", { has: ["Words and qualifiers"] }),
  page("who-knows", "/who?q=tide+cache", "Who knows about this?", { has: ["lukas-brandt", "all passages"] }),
  page("graph", "/graph", "The graph", { has: ["Topics that come back"] }),
  page("graph-around", "/graph?node=priya-n", /priya-n in the graph/i, { has: ["within 1 step", "platform"] }),
  page("graph-time", "/graph?node=priya-n&view=time", /priya-n in the graph/i, { has: ["When it was", "platform", "meetings"] }),
  page("graph-ways", "/graph?from=yusuf-a&to=quayside/deploy%2329", /yusuf-a/, { has: ["deploy#29"] }),
  page("check", "/check", "What to mend", { has: ["Skipped", "a README"] }),
  page("explain", "/explain?path=platform/20260113.md&line=23", "Why, and why not", { has: ["done: the note"] }),
  page("ledger", "/ledger", "The ledger", { has: ["Nothing was said yet"] }),
  page("as-of", "/actions?as-of=2026-03-01", "Actions", { has: ["as of"] }),
  page("not-found", "/nothing", "Not found", { status: 404, has: ["no such page"] }),
  page("no-person", "/people/lukas-brand", "Not found", { status: 404, has: ["lukas-brandt"] }),
  page("not-understood", "/actions?as-of=soon", "That was not understood", { status: 400, has: ["soon"] }),
];

/** The address of a page. */
export const addressOf = (page, ids) => (typeof page.address === "string" ? page.address : page.address(ids));
