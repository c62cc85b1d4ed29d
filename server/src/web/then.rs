//! Pages of the past: what is seen as of a day or commit leads to what is seen as of the same.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use maud::html;
use minutebook_index::forge::encoded;

use super::error::PageError;

/// The query parameter.
pub const AS_OF: &str = "as-of";
/// Tells at the beginning of a page which day or commit it is of, if not of now.
const TELLS: &str = " data-as-of=\"";
/// Where a page leads to the same page of today.
pub const NOW: &str = "?";
/// What holds an address of a link.
const ADDRESSES: [&str; 2] = [" href=\"", " data-copy-from=\""];
/// The class of a form that asks for another day itself.
pub const ASKS: &str = "as-of";

/// Lets every link and form of a page that is asked for as of a day keep that day: a page need not think of it.
pub async fn kept(request: Request, next: Next) -> Response {
    let pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let (asked, others): (Vec<_>, Vec<_>) = pairs.into_owned().partition(|(name, _)| name == AS_OF);
    if asked.is_empty() {
        return next.run(request).await;
    }
    let same: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
    let now = [request.uri().path(), &same].join(if same.is_empty() { "" } else { "?" });
    let (mut head, body) = next.run(request).await.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.starts_with(b"text/html") {
        return Response::from_parts(head, body);
    }
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return PageError::internal("the page could not be finished").into_page();
    };
    let page = String::from_utf8_lossy(&bytes);
    // A page of now is one that tells what is wrong with the day: it leads away from it.
    let told = page.split_once('>').map_or("", |(_, rest)| rest.split('>').next().unwrap_or_default());
    let Some(when) = told.split_once(TELLS).and_then(|(_, rest)| rest.split('"').next()) else {
        return Response::from_parts(head, Body::from(bytes));
    };
    head.headers.remove(header::CONTENT_LENGTH);
    let kept = keeping(&page, when, &now);
    Response::from_parts(head, Body::from(kept))
}

/// A page whose links and forms keep a day; `now` is its own address without one.
fn keeping(page: &str, when: &str, now: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut rest = page;
    // In what is written, signs of tags are escaped: each that stands here opens or ends one.
    while let Some((before, opened)) = rest.split_once('<') {
        let end = opened.find('>').map_or(opened.len(), |at| at + 1);
        let (tag, behind) = opened.split_at(end);
        out.push_str(before);
        out.push('<');
        let mut left = tag;
        // Of what a script asks for, too.
        while tag.starts_with("a ")
            && let Some(at) = ADDRESSES.iter().filter_map(|name| Some(left.find(name)? + name.len())).min()
            && let Some((address, _)) = left[at..].split_once('"')
        {
            out.extend([&left[..at], &linked(address, when, now)]);
            left = &left[at + address.len()..];
        }
        out.push_str(left);
        let asks = tag.contains(" method=") || tag.contains(&format!("\"{ASKS}\""));
        if (tag.starts_with("form ") || tag.starts_with("form>")) && !asks {
            out.push_str(&html! { input type="hidden" name=(AS_OF) value=(when); }.into_string());
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// An address as it stands in a page, of the same day where it leads to another page.
fn linked(address: &str, when: &str, now: &str) -> String {
    if address == NOW {
        return html! { (now) }.into_string();
    }
    let is_page = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/static/");
    if !is_page || address.contains("as-of=") {
        return address.to_owned();
    }
    with_day(address, when, "&amp;")
}

/// An address with a day; `and` is how it parts parameters where it stands.
pub fn with_day(address: &str, when: &str, and: &str) -> String {
    let (path, anchor) = address.split_at(address.find('#').unwrap_or(address.len()));
    let sign = if path.contains('?') { and } else { "?" };
    format!("{path}{sign}{AS_OF}={}{anchor}", encoded(when))
}

#[cfg(test)]
mod tests {
    use super::keeping;

    #[test]
    fn links_and_forms_keep_the_day_and_nothing_else_is_touched() {
        let page = r##"<p>a <a class="x" href="/series/a%20b#L3">b</a> <a href="/search?q=x">c</a> <a href="https://x.example/">d</a>
            <a href="#main">e</a> <a href="/static/x.css">f</a> <a href="/x?as-of=2026-01-01">g</a> <a href="?" data-copy-from="/y">now</a> href="/text"
            <form action="/search"><input></form> <form method="post" action="/ledger"></form> <form class="as-of"></form></p>"##;
        let kept = r##"<p>a <a class="x" href="/series/a%20b?as-of=2025-03-01#L3">b</a> <a href="/search?q=x&amp;as-of=2025-03-01">c</a> <a href="https://x.example/">d</a>
            <a href="#main">e</a> <a href="/static/x.css">f</a> <a href="/x?as-of=2026-01-01">g</a> <a href="/here?q=&quot;&amp;r=1" data-copy-from="/y?as-of=2025-03-01">now</a> href="/text"
            <form action="/search"><input type="hidden" name="as-of" value="2025-03-01"><input></form> <form method="post" action="/ledger"></form> <form class="as-of"></form></p>"##;
        assert_eq!(keeping(page, "2025-03-01", "/here?q=\"&r=1"), kept);
        for odd in ["<", "a < b", "<a href=\"", "<a href=\"/x", "<form", ""] {
            assert_eq!(keeping(odd, "2025-03-01", "/"), odd);
        }
    }
}
