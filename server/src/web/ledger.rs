//! Writing to the ledger over HTTP: the forms of the pages, and `POST /api/v1/ledger`.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use minutebook_index::forge::encoded;
use minutebook_index::ledger::{AppendError, Ledger, Verb};
use minutebook_index::query::Scope;
use minutebook_index::query::actions::known_person;
use minutebook_index::query::ledger::{Said, SayError, Wish, say};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::App;
use super::connections::PATIENCE;
use super::error::PageError;
use super::guard::LARGEST;
use super::pages::layout;
use crate::settings::today;

/// The cookie that remembers who writes; anybody can change it, so it is a convenience and no proof.
const COOKIE: &str = "minutebook-by";

impl From<SayError> for PageError {
    fn from(error: SayError) -> Self {
        match error {
            SayError::Unknown(unknown) => unknown.into(),
            SayError::Senseless(_) => Self::bad_request(error.to_string()),
            SayError::Append(AppendError::Full { .. }) => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string())
            }
            SayError::Append(_) => Self::internal(error.to_string()),
        }
    }
}

/// Says wishes in the ledger; what is answered from then on knows of them.
fn write(app: &App, wishes: &[Wish], by: &str) -> Result<Vec<Said>, PageError> {
    let (_, said) = say(&app.snapshot(), &Scope::whole(today()), wishes, by, Timestamp::now())?;
    app.renew_ledger();
    Ok(said)
}

impl App {
    /// Shows the ledger as it is now, over the minutes that are shown.
    pub fn renew_ledger(&self) {
        self.snapshot.rcu(|shown| {
            let ledger = Ledger::read(&shown.root);
            if ledger.hash == shown.ledger.hash {
                Arc::clone(shown)
            } else {
                Arc::new(shown.with_ledger(Arc::new(ledger)))
            }
        });
        self.tell();
    }

    /// Who writes from a browser: its cookie tells, else it is who runs the server.
    pub fn by(&self, headers: &HeaderMap) -> String {
        remembered(headers).unwrap_or_else(|| self.author.to_string())
    }
}

fn remembered(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let value = cookies.filter_map(|c| c.trim().split_once('=')).find(|(name, _)| *name == COOKIE)?.1;
    let pair = format!("by={value}");
    let (_, by) = form_urlencoded::parse(pair.as_bytes()).next()?;
    Some(by.trim().to_owned()).filter(|by| !by.is_empty())
}

/// The body of a request that may write.
async fn body(app: &App, request: Request<Body>, content_type: &str) -> Result<(HeaderMap, Vec<u8>), PageError> {
    app.guard.check(request.headers(), content_type)?;
    let (head, body) = request.into_parts();
    match timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => Ok((head.headers, bytes.to_vec())),
        Ok(Err(_)) | Err(_) => {
            let message = format!("more than {} kB were sent, or the sending broke off", LARGEST / 1024);
            Err(PageError::new(StatusCode::PAYLOAD_TOO_LARGE, message))
        }
    }
}

/// Waiting for the lock and the disk is not for the threads that answer others.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PageError> + Send + 'static,
) -> Result<T, PageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(PageError::internal("something in Minutebook broke while it wrote the ledger")))
}

/// `POST /api/v1/ledger`: an entry, or a list of them, which are written all or none.
pub async fn post_json(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let (_, bytes) = body(&app, request, "application/json").await?;
        let sent: Value =
            serde_json::from_slice(&bytes).map_err(|e| PageError::bad_request(format!("this is no JSON: {e}")))?;
        let sent = if let Value::Array(all) = sent { all } else { vec![sent] };
        let mut wishes = Vec::new();
        let mut by: Option<String> = None;
        for one in sent {
            let Value::Object(fields) = one else {
                return Err(PageError::bad_request(
                    "an entry is an object such as {\"verb\": \"close\", \"action\": \"…\"}",
                ));
            };
            let said_by = field(&fields, "by")?;
            if !wishes.is_empty() && said_by != by {
                return Err(PageError::bad_request("the entries of a request are said by one person"));
            }
            by = said_by;
            wishes.push(wish(&fields)?);
        }
        let by = by.unwrap_or_else(|| app.author.to_string());
        aside(move || write(&app, &wishes, &by)).await
    };
    match answer.await {
        Ok(said) => (StatusCode::CREATED, Json(said)).into_response(),
        Err(error) => error.into_json(),
    }
}

fn field(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, PageError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(PageError::bad_request(format!("{name:?} is no text"))),
    }
}

fn wish(fields: &Map<String, Value>) -> Result<Wish, PageError> {
    let verb = field(fields, "verb")?.ok_or_else(|| PageError::bad_request("\"verb\" is missing"))?;
    let action = field(fields, "action")?.ok_or_else(|| PageError::bad_request("\"action\" is missing"))?;
    let verb = Verb::parse(&verb, fields).map_err(PageError::bad_request)?;
    Ok(Wish { action, verb, note: field(fields, "note")? })
}

/// `POST /ledger`: a form of a page. Its fields are those of an entry; `action` may come again and again,
/// owners are separated by commas, and `back` is the page that it leads to.
pub async fn post_form(State(app): State<App>, request: Request) -> Result<Response, PageError> {
    let (headers, bytes) = body(&app, request, "application/x-www-form-urlencoded").await?;
    let sent: Vec<(String, String)> = form_urlencoded::parse(&bytes).into_owned().collect();
    said(app, &headers, &sent).await.map_err(|error| error.of_form(sent))
}

/// Says what the fields of a form say.
async fn said(app: App, headers: &HeaderMap, sent: &[(String, String)]) -> Result<Response, PageError> {
    let mut fields = Map::new();
    let mut actions: Vec<String> = Vec::new();
    for (name, value) in sent {
        match name.as_str() {
            "action" => actions.push(value.clone()),
            "owners" => {
                let nobody = value.trim().eq_ignore_ascii_case("none");
                let names = value.split(',').map(str::trim).filter(|n| !n.is_empty() && !nobody);
                fields.insert("owners".to_owned(), names.collect());
                if value.trim().is_empty() {
                    return Err(PageError::bad_request("name an owner, or none"));
                }
            }
            // Of a choice and a field to type in, the one that is filled.
            _ if value.trim().is_empty() => {}
            _ => {
                fields.insert(name.clone(), value.clone().into());
            }
        }
    }
    if actions.is_empty() {
        return Err(PageError::bad_request("tick an action first"));
    }
    let mut wishes = Vec::new();
    for action in actions {
        fields.insert("action".to_owned(), action.into());
        wishes.push(wish(&fields)?);
    }
    let typed = field(&fields, "by")?.map(|by| by.trim().to_owned());
    let by = typed.unwrap_or_else(|| app.by(headers));
    let back = field(&fields, "back")?.filter(|back| is_inside(back));
    let cookie = cookie(&by);
    let said = aside(move || write(&app, &wishes, &by)).await?;
    let own = said.first().and_then(|s| s.own_id.as_ref()).map(|id| layout::address("actions", id));
    let mut response = Redirect::to(&back.or(own).unwrap_or_else(|| "/ledger".to_owned())).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Remembers who writes, and whose what is shown first is, for a year.
fn cookie(by: &str) -> Option<HeaderValue> {
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly", encoded(by));
    HeaderValue::try_from(cookie).ok()
}

/// `POST /me`: a form that tells nothing but who looks, `by`; it leads to the first page.
pub async fn post_me(State(app): State<App>, request: Request) -> Result<Response, PageError> {
    let (_, bytes) = body(&app, request, "application/x-www-form-urlencoded").await?;
    let by = form_urlencoded::parse(&bytes).find(|(name, _)| name == "by").map(|(_, value)| value.trim().to_owned());
    let by = by.filter(|by| !by.is_empty()).ok_or_else(|| PageError::bad_request("tell who you are"))?;
    let snapshot = app.snapshot();
    known_person(&snapshot, &Scope::whole(today()), &by)?;
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = cookie(&by) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// An address of this server, which no browser takes for another's.
pub fn is_inside(back: &str) -> bool {
    back.starts_with('/') && !back.starts_with("//") && back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn forms_lead_back_to_pages_of_this_server() {
        assert!(is_inside("/people/mira%20holt") && is_inside("/actions/a1?x=y"));
        for other in ["//evil.example", "http://evil.example", "/\\evil.example", "", "people", "/a\r\nb", "/\tx"] {
            assert!(!is_inside(other), "{other:?}");
        }
    }
}
