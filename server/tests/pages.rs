//! The real server over HTTP: pages, API, errors, and a book that changes under it.

mod common;

use std::fs;
use std::path::Path;

use common::{Server, copy, sample};
use serde_json::Value;

#[test]
fn every_page_answers_and_names_its_place() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let action = server.json("/api/v1/actions")[0]["id"].as_str().expect("an id").to_owned();
    let decision = server.json("/api/v1/decisions")[0]["id"].as_str().expect("an id").to_owned();
    let pages = [
        ("/".to_owned(), "Open actions by series"),
        ("/search?q=tide+cache".into(), "<mark>"),
        ("/search".into(), "How to ask"),
        ("/actions".into(), "Owner"),
        ("/actions?owner=priya-n&state=any&as-of=2026-06-01".into(), "as of"),
        ("/actions?view=owners&sort=due".into(), "class=\"board\""),
        ("/actions?view=series".into(), "href=\"/series/platform\""),
        ("/actions?sort=carries".into(), "aria-sort=\"descending\""),
        (format!("/actions/{action}"), "History"),
        ("/decisions".into(), "decisions"),
        (format!("/decisions/{decision}"), "Decided"),
        ("/series".into(), "rhythm"),
        ("/series/platform".into(), "Prepare the next agenda"),
        ("/series/platform".into(), "<td class=\"there\">●</td>"),
        ("/search?q=tide".into(), "aria-label=\"2026-05: "),
        ("/search?q=tide+kind:topic".into(), "aria-label=\"without kind:topic\""),
        ("/search?q=priya-n+kind:decision+zeppelin".into(), "stands nowhere"),
        ("/decisions".into(), "there: "),
        ("/series/platform/agenda".into(), "Download as Markdown"),
        ("/people".into(), "last seen"),
        ("/people/priya-n".into(), "To do"),
        ("/people/priya-n".into(), "<h2>Topics</h2>"),
        ("/meetings/platform/20260210.md".into(), "id=\"L20\""),
        ("/issues".into(), "named"),
        ("/issues/quayside/deploy%2329".into(), "platform/20251118.md"),
        ("/check".into(), "a README"),
        ("/check".into(), "href=\"/check?series=platform\""),
        ("/explain?path=platform/20260113.md&line=23".into(), "done: the note"),
        ("/explain?path=platform/20260113.md".into(), "Why, and why not"),
        ("/check?code=date-impossible&severity=error".into(), "# 2206-04-21"),
        ("/check?series=platform&code=ambiguous-person".into(), "<mark>Anna</mark>"),
    ];
    for (path, words) in pages {
        let (status, head, body) = server.request("GET", &path);
        assert_eq!(status, 200, "{path}");
        assert!(body.contains(words), "{path}: {words:?} is missing");
        assert!(head.to_lowercase().contains("content-security-policy: default-src 'none'"), "{path}: {head}");
    }
    let (status, head, body) = server.request("GET", "/meetings/platform/20260210.md?view=text");
    let written = fs::read_to_string(sample().join("platform/20260210.md")).expect("minutes");
    assert!(status == 200 && head.contains("text/plain; charset=utf-8") && body == written, "{head}");
    assert_eq!(server.get("/meetings/platform/20260210.md?view=nonsense").0, 400);
    let (status, head, body) = server.request("GET", "/series/platform/agenda.md");
    assert!(status == 200 && head.contains("attachment") && body.starts_with("# "), "{head}");
}

#[test]
fn what_is_not_there_is_404_with_the_nearest_names() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    for (path, nearest) in [
        ("/series/platfrom", "platform"),
        ("/people/lukas-brand", "lukas-brandt"),
        ("/meetings/platform/20260211.md", "platform/20260210.md"),
        ("/explain?path=platform/20260211.md", "platform/20260210.md"),
    ] {
        let (status, body) = server.get(path);
        assert_eq!(status, 404, "{path}");
        assert!(body.contains(nearest), "{path}: {body}");
        let (status, body) = server.get(&format!("/api/v1{path}"));
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((status, body["nearest"].to_string().contains(nearest)), (404, true), "{path}: {body}");
    }
    assert_eq!(server.get("/nothing").0, 404);
    assert_eq!(server.get("/api/v1/nothing").0, 404);
    let (status, body) = server.get("/search?q=state:lost");
    assert!(status == 400 && body.contains("could not be understood") && body.contains("open, done"), "{body}");
    assert_eq!(server.get("/api/v1/search?q=state:lost").0, 400);
    // An error never looks like an empty answer.
    assert_eq!(server.get("/search?q=series:nope").0, 404);
    assert_eq!(server.get("/api/v1/actions?owner=nobody-at-all").0, 404);
    let (status, body) = server.get("/api/v1/search?limit=many");
    assert!(status == 400 && body.starts_with('{'), "{body}");
    assert_eq!(server.get("/actions?as-of=soon").0, 400);
    let (status, head, body) = server.request("DELETE", "/api/v1/ledger");
    assert!(status == 405 && body.contains("\"error\":\"DELETE is not for this address\""), "{body}");
    assert!(head.to_lowercase().contains("allow: get,head,post"), "{head}");
    assert_eq!(server.request("PUT", "/actions").0, 405);
    for wrong in ["code=placeholdr", "severity=loud", "since=soon"] {
        assert_eq!(server.get(&format!("/check?{wrong}")).0, 400, "{wrong}");
        assert_eq!(server.get(&format!("/api/v1/check?{wrong}")).0, 400, "{wrong}");
    }
    assert_eq!(server.get("/check?path=platform/2026.md").0, 404);
    assert_eq!(server.get("/static/..%2fCargo.toml").0, 404);
}

#[test]
fn what_a_team_wrote_cannot_run_in_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    let evil = "# 2026-01-05 <script>alert(1)</script>\n- AI @mira: <img src=x onerror=alert(1)> ask [x](javascript:alert(1))\n\n<script>alert(2)</script>\n";
    fs::write(book.join("2026-01-05.md"), evil).expect("written");
    let server = Server::start(&book, &folder.path().join("data"));
    for path in
        ["/", "/meetings/2026-01-05.md", "/actions", "/search?q=ask", "/search?q=%3Cscript%3Ealert(3)%3C/script%3E"]
    {
        let (_, body) = server.get(path);
        assert!(!body.contains("<script>alert") && !body.contains("onerror=alert"), "{path}: {body}");
        assert!(!body.contains("href=\"javascript:"), "{path}: {body}");
    }
}

/// Everything that the pages show, less scores.
fn state(server: &Server) -> Vec<Value> {
    let mut all: Vec<Value> = ["actions?state=any", "decisions", "people", "series", "issues", "check"]
        .iter()
        .map(|p| server.json(&format!("/api/v1/{p}")))
        .collect();
    for query in ["tide", "kind:decision", "owner:priya-n"] {
        let mut found = server.json(&format!("/api/v1/search?limit=500&q={query}"));
        let mut hits: Vec<String> = found["hits"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|h| format!("{}:{}:{}", h["path"], h["line"], h["count"]))
            .collect();
        hits.sort();
        found["hits"] = hits.into();
        all.push(found);
    }
    all
}

#[test]
fn a_changed_book_shows_at_once_and_equals_a_clean_build() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    copy(&sample(), &book);
    let server = Server::start(&book, &folder.path().join("data"));
    let has = |word: &'static str| move |s: &Server| s.json(&format!("/api/v1/search?q={word}"))["total"] != 0;
    let lacks = |word: &'static str| move |s: &Server| s.json(&format!("/api/v1/search?q={word}"))["total"] == 0;
    let old = fs::read_to_string(book.join("platform/20261103.md")).expect("read");
    // Edit.
    fs::write(book.join("platform/20261103.md"), format!("{old}\n- AI @priya-n: order a zeppelinmast\n"))
        .expect("written");
    server.until("the edit", has("zeppelinmast"));
    same_as_clean(&server, &book, folder.path(), "edit");
    // Add.
    fs::write(
        book.join("platform/20261117.md"),
        "# 2026-11-17\n## Participants\n- @priya-n\n\n- Decision: we buy a hydrofoilboat\n",
    )
    .expect("written");
    server.until("the new file", has("hydrofoilboat"));
    same_as_clean(&server, &book, folder.path(), "add");
    // Rename, into a series of its own.
    fs::create_dir(book.join("harbour")).expect("a folder");
    fs::rename(book.join("platform/20261117.md"), book.join("harbour/20261117.md")).expect("renamed");
    server
        .until("the rename", |s| s.json("/api/v1/search?q=hydrofoilboat")["hits"][0]["path"] == "harbour/20261117.md");
    same_as_clean(&server, &book, folder.path(), "rename");
    // Delete.
    fs::remove_file(book.join("harbour/20261117.md")).expect("removed");
    server.until("the removal", lacks("hydrofoilboat"));
    same_as_clean(&server, &book, folder.path(), "delete");
}

fn same_as_clean(server: &Server, book: &Path, folder: &Path, step: &str) {
    let clean = Server::start(book, &folder.join(format!("clean-{step}")));
    for (kept, fresh) in state(server).iter().zip(state(&clean)) {
        assert_eq!(*kept, fresh, "after {step}");
    }
}

#[test]
fn handoffs_away_and_who_answer_on_pages_and_as_json() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let pages = [
        ("/handoffs?as-of=2026-11-20", "Waiting for the next meetings"),
        ("/handoffs?series=platform&as-of=2026-11-20", "Passed on by it"),
        ("/series/platform", "/handoffs?series=platform"),
        ("/series/product-board/agenda?as-of=2026-11-20", "handed over by hafen-ag on 2026-11-04"),
        ("/people/priya-n", "/people/priya-n/away"),
        ("/people/priya-n/away?since=2026-03-01&as-of=2026-11-20", "Last came on"),
        ("/who?q=tide+cache&as-of=2026-11-20", "owns"),
        ("/who", "bringing up a topic"),
        ("/search?q=tide+cache", "/who?q=tide%20cache"),
    ];
    for (path, words) in pages {
        let (status, body) = server.get(path);
        assert!(status == 200 && body.contains(words), "{path}: {status}, {words:?} is missing");
    }
    let handoffs = server.json("/api/v1/handoffs?as-of=2026-11-20");
    let handoffs = handoffs.as_array().expect("a list");
    let arrived = handoffs.iter().find(|h| h["path"] == "product-board/2026-02-17-board.md").expect("the limit");
    assert_eq!((&arrived["state"], &arrived["to_series"]), (&"arrived".into(), &"platform".into()));
    assert_eq!(arrived["arrived"]["path"], "platform/20260224.md", "{arrived:#}");
    assert_eq!(arrived["evidence"].as_array().map(Vec::len), Some(2), "{arrived:#}");
    let waiting = server.json("/api/v1/handoffs?state=waiting&as-of=2026-11-20");
    assert!(waiting.as_array().is_some_and(|w| !w.is_empty() && w.iter().all(|h| h["state"] == "waiting")));
    let away = server.json("/api/v1/away/priya-n?since=2026-03-01&as-of=2026-11-20");
    let series = away["series"].as_array().expect("a list");
    for missed in series.iter().flat_map(|s| s["missed"].as_array().expect("a list")) {
        assert!(missed["date"].as_str().is_some_and(|d| ("2026-03-01"..="2026-11-20").contains(&d)), "{missed}");
    }
    let page = server.json("/api/v1/series/platform?as-of=2026-11-20");
    assert!(page["given_absent"].is_array() && page["not_seen"].is_array(), "{page}");
    let who = server.json("/api/v1/who?q=tide+cache&limit=3&as-of=2026-11-20");
    assert_eq!(who["people"].as_array().map(Vec::len), Some(3));
    assert_eq!(who["people"][0]["score"], 100);
    for (path, status) in [
        ("/handoffs?state=gone", 400),
        ("/handoffs?series=platfrom", 404),
        ("/people/nobody-at-all/away", 404),
        ("/people/priya-n/away?since=soon", 400),
        ("/people/Nordkai%20GmbH/away", 400),
        ("/who?q=state:lost", 400),
        ("/who?q=series:nope", 404),
    ] {
        assert_eq!(server.get(path).0, status, "{path}");
    }
    assert_eq!(server.get("/api/v1/away/nobody-at-all").0, 404);
    assert_eq!(server.get("/api/v1/away/Nordkai%20GmbH").0, 400);
}

#[test]
fn a_search_sorts_completes_and_leads_to_what_is_meant() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    // Order.
    let latest = server.json("/api/v1/search?q=tide+cache+sort:date&limit=200");
    let days: Vec<&str> =
        latest["hits"].as_array().expect("a list").iter().filter_map(|h| h["date"].as_str()).collect();
    assert!(days.len() > 20 && days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let (_, page) = server.get("/search?q=tide+cache+sort:date");
    assert!(
        page.contains("href=\"/search?q=tide%20cache\"") && page.contains("aria-current=\"true\">Latest first"),
        "{page}"
    );
    // Completion.
    let all = server.json("/api/v1/complete?q=tide+owner:pri");
    assert_eq!(
        all[0],
        serde_json::json!({ "text": "priya-n", "insert": "priya-n", "from": 11, "to": 14, "kind": "owner", "hint": all[0]["hint"], "count": all[0]["count"] })
    );
    assert_eq!(server.json("/api/v1/complete?q=s&at=1")[0]["kind"], "qualifier");
    assert_eq!(server.json("/api/v1/complete?q=series:&limit=2").as_array().map(Vec::len), Some(2));
    let then = server.json("/api/v1/complete?q=ref:&as-of=2025-10-10").as_array().map(Vec::len);
    assert!(then < server.json("/api/v1/complete?q=ref:").as_array().map(Vec::len));
    assert_eq!(server.get("/api/v1/complete?q=s&at=-1").0, 400);
    // Straight to an issue or somebody, and back to the words.
    for (query, to) in [
        ("%23326", None),
        ("deploy%2329", Some("/issues/quayside/deploy%2329?q=deploy%2329")),
        ("@priya-n&as-of=2026-06-01", Some("/people/priya-n?q=%40priya-n&as-of=2026-06-01")),
        ("@priya-n&words=1", None),
        ("@priya-n+tide", None),
    ] {
        let (status, head, body) = server.request("GET", &format!("/search?q={query}"));
        let Some(to) = to else {
            assert_eq!(status, 200, "{query}");
            continue;
        };
        assert_eq!(status, 303, "{query}: {body}");
        let location = head.lines().find_map(|l| l.strip_prefix("location: ")).expect("an address");
        assert_eq!(location, to);
        let (status, page) = server.get(location);
        assert!(
            status == 200 && page.contains("&amp;words=1") && page.contains("Search for the words instead"),
            "{page}"
        );
    }
    let (_, page) = server.get("/search?q=@priya-n&words=1");
    assert!(page.contains("There is a page of") && page.contains("&amp;words=1&amp;offset=20"), "{page}");
    // What stands nowhere, beside what is found.
    let (_, page) = server.get("/search?q=tide+cahce+postgres");
    assert!(page.contains("<mark>cahce</mark> stands nowhere") && page.contains("tide%20cache%20postgres"), "{page}");
    assert!(page.contains("class=\"hit"), "{page}");
}

#[test]
fn a_wrong_query_shows_its_place_and_a_half_typed_one_answers() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    for (query, wrong, offset) in
        [("tide+after:soon", "soon", 11), ("%C3%BC+is:lost", "lost", 5), ("on:2024+after:2025", "2025", 14)]
    {
        let (status, page) = server.get(&format!("/search?q={query}"));
        assert!(status == 400 && page.contains(&format!("<mark>{wrong}</mark>")), "{query}: {page}");
        assert!(!page.contains("Nothing found"), "{query}");
        for api in ["search", "who"] {
            let (status, body) = server.get(&format!("/api/v1/{api}?q={query}"));
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(
                (status, &body["offset"], &body["length"]),
                (400, &offset.into(), &wrong.len().into()),
                "{body}"
            );
        }
    }
    let (status, page) = server.get("/search?q=tide+series:platfrom");
    assert!(status == 404 && page.contains("tide%20series%3Aplatform") && !page.contains("Nothing found"), "{page}");
    for half in ["owner:", "-", "after:", "%22", "sort:"] {
        let (status, page) = server.get(&format!("/search?q={half}"));
        assert!(
            status == 200 && page.contains("Nothing is asked yet") && !page.contains("Nothing found"),
            "{half}: {page}"
        );
        let found = server.json(&format!("/api/v1/search?q=tide+{half}"));
        assert_eq!(found["total"], server.json("/api/v1/search?q=tide")["total"], "{half}");
    }
    let (status, page) = server.get("/search?q=%22tide+cac");
    assert!(status == 200 && page.contains("class=\"hit"), "{page}");
}

#[test]
fn every_search_box_works_without_a_script() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    for (path, action) in
        [("/", "/search"), ("/search?q=tide", "/search"), ("/who?q=tide", "/who"), ("/actions", "/search")]
    {
        let (_, page) = server.get(path);
        // A form of its own, with a box that is sent; what only a script can do is put there by it.
        let form = page
            .split("<form")
            .find(|f| f.contains("id=\"q\""))
            .and_then(|f| f.split("</form>").next())
            .expect("a form");
        assert!(form.contains(&format!("action=\"{action}\"")) && form.contains("name=\"q\""), "{path}: {form}");
        for scripted in ["combobox", "aria-expanded", "listbox", "onclick"] {
            assert!(!page.contains(scripted), "{path}: {scripted}");
        }
    }
    for path in ["/", "/search?q=tide"] {
        let (_, page) = server.get(path);
        let listed = page
            .split("<details class=\"qualifiers\">")
            .nth(1)
            .and_then(|d| d.split("</details>").next())
            .expect("a list");
        for qualifier in ["series:", "owner:", "label:", "before:", "sort:date"] {
            assert!(listed.contains(&format!("<code>{qualifier}")), "{path}: {qualifier}");
        }
    }
}

#[test]
fn the_search_box_of_every_page_keeps_the_day_that_is_asked_about() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let kept = "<input type=\"hidden\" name=\"as-of\" value=\"2026-06-01\">";
    for page in
        ["/actions", "/decisions", "/series", "/series/platform", "/people", "/people/priya-n", "/issues", "/check"]
    {
        let header = |address: &str| {
            let (status, body) = server.get(address);
            assert_eq!(status, 200, "{address}");
            body.split("</header>").next().unwrap_or_default().to_owned()
        };
        assert!(header(&format!("{page}?as-of=2026-06-01")).contains(kept), "{page}");
        assert!(!header(page).contains("as-of"), "{page}");
    }
    let (_, empty) = server.get("/search?q=tide+on:2019");
    assert!(empty.contains("without on:2019") && empty.contains("href=\"/search?q=tide\""), "{empty}");
}

#[test]
fn the_first_page_shows_what_is_theirs_who_say_who_they_are() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let form = "Content-Type: application/x-www-form-urlencoded";
    let say = |headers: &[&str], body: &str| server.post("/me", headers, body).expect("an answer");
    let (status, head, body) = say(&[form], "by=Priya+Nair");
    assert_eq!(status, 303, "{head} {body}");
    let cookie = head
        .lines()
        .find_map(|l| l.to_lowercase().strip_prefix("set-cookie: ").map(|_| l["set-cookie: ".len()..].to_owned()));
    let cookie = cookie.expect("it is remembered");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a value").to_owned();
    let (status, _, body) = server.request_with("GET", "/", &format!("Cookie: {cookie}\r\n"));
    assert_eq!(status, 200);
    for words in ["Yours, Priya Nair", "To do", "While you were away", "Where you were named"] {
        assert!(body.contains(words), "{words}");
    }
    // Nobody is taken for somebody else, and other sites remember nothing here.
    let (status, _, body) = say(&[form], "by=Pirya+Nair");
    assert!(status == 404 && body.contains("priya-n"), "{body}");
    assert_eq!(say(&[form], "by=").0, 400);
    assert_eq!(say(&[form, "Origin: http://evil.example"], "by=priya-n").0, 403);
}

#[test]
fn actions_are_sorted_and_copied_as_tasks() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let (status, _, all) = server.request("GET", "/actions.md?series=platform&sort=age");
    assert_eq!(status, 200);
    assert!(all.lines().count() > 3 && all.lines().all(|l| l.starts_with("- [ ] ") && l.contains("platform")), "{all}");
    let since = |line: &str| line.split("since ").nth(1).map(|rest| rest[..10].to_owned());
    let days: Vec<_> = all.lines().filter_map(since).collect();
    assert!(days.is_sorted(), "the oldest first: {days:?}");
    for wrong in ["/actions?sort=length", "/actions?view=tree", "/actions.md?sort=length"] {
        assert_eq!(server.get(wrong).0, 400, "{wrong}");
    }
}

#[test]
fn minutes_without_a_title_get_a_heading() {
    let book = tempfile::tempdir().expect("a folder");
    let data = tempfile::tempdir().expect("a folder");
    fs::write(book.path().join("2026-03-01.md"), "## Notes\n\n- Action: @mira orders chairs\n\n|a||\n|-|-|\n|1|2|\n")
        .expect("written");
    let server = Server::start(book.path(), data.path());
    let (status, body) = server.get("/meetings/2026-03-01.md");
    assert!(status == 200 && body.matches("<h1").count() == 1 && body.contains("2026-03-01</h1>"), "{body}");
    // Nor is there a heading of a column without words.
    assert!(!body.contains("<th></th>") && body.contains("<th>"), "{body}");
}

#[test]
fn a_few_letters_lead_to_what_they_may_mean() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let first = |asked: &str, kind: &str| {
        let all = server.json(&format!("/api/v1/go?{asked}"));
        let found = all.as_array().expect("a list").iter().find(|one| one["kind"] == kind).cloned();
        found.unwrap_or_else(|| panic!("{asked} leads to no {kind}: {all}"))
    };
    for (asked, kind, address) in [
        ("q=", "page", "/"),
        ("q=deci", "page", "/decisions"),
        ("q=plat", "series", "/series/platform"),
        ("q=priya+na", "person", "/people/priya-n"),
        ("q=29", "issue", "/issues/quayside/deploy%2329"),
        ("q=platform+2026-02-10", "meeting", "/meetings/platform/20260210.md"),
        ("q=plat&as-of=2026-03-01", "series", "/series/platform?as-of=2026-03-01"),
        ("q=%22%27%3A", "search", "/search?q=%22%27%3A&words=1"),
    ] {
        assert_eq!(first(asked, kind)["address"], address, "{asked}");
    }
    // What has qualifiers is a query, and nothing else.
    let all = server.json("/api/v1/go?q=tide+kind:decision");
    assert_eq!((all.as_array().expect("a list").len(), &all[0]["kind"]), (1, &Value::from("search")));
    assert_eq!(server.get("/api/v1/go?q=x&as-of=soon").0, 400);
}

#[test]
fn open_pages_are_told_what_is_shown_until_the_server_ends() {
    use std::io::{BufRead, BufReader, Write};
    let book = tempfile::tempdir().expect("a folder");
    let data = tempfile::tempdir().expect("a folder");
    copy(&sample(), book.path());
    let server = Server::start(book.path(), data.path());
    let shown = |server: &Server| {
        let (_, head, _) = server.request("GET", "/people");
        let told =
            head.lines().find_map(|l| l.strip_prefix("server-timing: book;desc=\"")).expect("a header").to_owned();
        told.split('"').next().expect("a state").to_owned()
    };
    let mut stream = std::net::TcpStream::connect(server.address()).expect("connects");
    write!(stream, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address()).expect("sent");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
    let mut next = || lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let before = shown(&server);
    assert_eq!(next().as_deref(), Some(&*before));
    let file = book.path().join("platform/20261103.md");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(&file, text + "\n* AI @priya-n: count the mooring rings\n").expect("written");
    let after = next().expect("told");
    assert_ne!(after, before);
    server.until("the new state", |server| shown(server) == after);
    #[cfg(unix)]
    {
        let ended = std::process::Command::new("kill").args(["-INT", &server.pid().to_string()]).status();
        assert!(ended.expect("runs").success());
        // The line ends with the server, and the server with its lines.
        assert_eq!(next(), None);
    }
}

#[test]
fn pages_of_the_past_lead_to_pages_of_the_past() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    for page in [
        "/?",
        "/search?q=tide&",
        "/actions?",
        "/actions?owner=priya-n&view=owners&",
        "/decisions?",
        "/series/platform?",
        "/people/priya-n?",
        "/graph?node=person%3Apriya-n&",
        "/meetings/platform%2F20260113.md?",
    ] {
        let address = format!("{page}as-of=2026-03-01");
        let (status, body) = server.get(&address);
        assert!(status == 200 && body.contains("The book as it stood on"), "{address}");
        let links: Vec<&str> = body.split("<a ").skip(1).filter_map(|a| a.split("href=\"/").nth(1)).collect();
        let links: Vec<&str> = links.iter().filter_map(|rest| rest.split('"').next()).collect();
        let leave: Vec<&&str> = links.iter().filter(|link| !link.contains("as-of=2026-03-01")).collect();
        let now = html(page.trim_start_matches('/').trim_end_matches(['?', '&']));
        assert_eq!(leave, [&&*now], "{address}");
    }
    assert!(!server.get("/actions").1.contains("The book as it stood"));
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
}

#[test]
fn what_must_be_mended_is_told_while_the_old_state_is_shown() {
    let (book, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    copy(&sample(), book.path());
    let server = Server::start(book.path(), data.path());
    let alert = |server: &Server, page: &str| server.get(page).1.contains("role=\"alert\"");
    assert!(!alert(&server, "/") && !alert(&server, "/check"));
    let config = book.path().join("minutebook.toml");
    let before = fs::read_to_string(&config).expect("read");
    fs::write(&config, "name = 3\n").expect("written");
    server.until("trouble", |server| alert(server, "/check") && alert(server, "/"));
    assert!(server.get("/check").1.contains("minutebook.toml"));
    assert_eq!(server.get("/series/platform").0, 200);
    fs::write(&config, before).expect("written");
    server.until("no trouble", |server| !alert(server, "/check") && !alert(server, "/"));
    fs::create_dir_all(book.path().join(".minutebook/ledger.jsonl")).expect("a folder");
    server.until("trouble with the ledger", |server| server.get("/check").1.contains("ledger.jsonl:1: "));
}
