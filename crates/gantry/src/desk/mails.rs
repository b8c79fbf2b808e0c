//! The page on which `gantry dev` shows the mails that would have been sent, for people and as JSON for scripts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use gantry_event::{Preview, Previewed};
use serde::Deserialize;
use serde_json::{Value, json};

/// Where the list is.
pub(super) const PATH: &str = "/dev/mails";
/// A mail runs no script and reaches nothing; its frame, made of this page, is under the same policy.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Links open as pages of their own, as they do from a mail program.
const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox";
const STYLE: &str = "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#18181b;background:#fff}\
a{color:#1d4ed8}li{margin:.4rem 0}time,dt{color:#52525b}iframe{width:100%;height:26rem;border:1px solid #a1a1aa;border-radius:6px}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f5;padding:1rem;border-radius:6px}";

type Kept = State<Arc<(Preview, SocketAddr)>>;

/// The pages.
pub(super) fn router(preview: Preview, addr: SocketAddr) -> Router {
    let kept = Arc::new((preview, addr));
    Router::new()
        .route("/", get(async || Redirect::temporary(PATH)))
        .route(PATH, get(list))
        .route("/dev/mails.json", get(list_as_json))
        .route("/dev/mails/{number}", get(one))
        .layer(from_fn_with_state(Arc::clone(&kept), guard))
        .with_state(kept)
}

/// Whoever reads these mails can use what is in them: nobody but a person or a program of this machine, by this address.
async fn guard(State(kept): Kept, request: Request, next: Next) -> Response {
    let mut response = match super::is_own(request.headers(), kept.1) {
        true => next.run(request).await,
        false => StatusCode::NOT_FOUND.into_response(),
    };
    let headers: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Which mails are asked for.
#[derive(Deserialize)]
struct Wanted {
    /// Those to this address.
    to: Option<String>,
}

impl Wanted {
    fn of(self, mails: Vec<Previewed>) -> impl Iterator<Item = Previewed> {
        let is_for = move |mail: &Previewed| self.to.as_ref().is_none_or(|to| mail.to.eq_ignore_ascii_case(to));
        mails.into_iter().filter(is_for)
    }
}

async fn list(State(kept): Kept, Query(wanted): Query<Wanted>) -> Response {
    let row = |mail: Previewed| {
        format!(
            "<li><a href=\"{PATH}/{}\">{}</a> to {} <time>{}</time></li>\n",
            mail.number,
            escaped(&mail.subject),
            escaped(&mail.to),
            date(mail.at_ms)
        )
    };
    let rows: String = wanted.of(kept.0.list()).map(row).collect();
    let rows = match rows.as_str() {
        "" => "<p>None yet. Reload this page after something was to be mailed.</p>".to_owned(),
        rows => format!("<ol reversed>\n{rows}</ol>"),
    };
    page(
        "Mails",
        &format!(
            "<h1>Mails that would have been sent</h1>\n<p>There is no mail server (smtp.host is not set). For scripts: <a href=\"{PATH}.json\">{PATH}.json</a>, with ?to=ana@example.com for one address. The newest first.</p>\n{rows}"
        ),
    )
}

async fn list_as_json(State(kept): Kept, Query(wanted): Query<Wanted>) -> Response {
    let mails: Vec<Value> = wanted.of(kept.0.list()).map(|mail| as_json(&mail)).collect();
    axum::Json(json!({ "mails": mails })).into_response()
}

async fn one(State(kept): Kept, Path(number): Path<u64>) -> Response {
    let Some(mail) = kept.0.find(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let html = mail.html.as_deref().map_or_else(String::new, |html| {
        let html = escaped(&format!("<!doctype html><base target=\"_blank\">{html}"));
        format!("<h2>HTML</h2>\n<iframe title=\"The mail\" sandbox=\"{SANDBOX}\" srcdoc=\"{html}\"></iframe>\n")
    });
    let text = escaped(mail.text.as_deref().unwrap_or_default());
    let links = links(&mail).into_iter().map(|link| {
        let link = escaped(link);
        format!("<li><a href=\"{link}\" rel=\"noreferrer\">{link}</a></li>\n")
    });
    let links: String = links.collect();
    page(
        &mail.subject,
        &format!(
            "<p><a href=\"{PATH}\">All mails</a></p>\n<h1 dir=\"auto\">{}</h1>\n<p>To {}, <time>{}</time></p>\n<ul>\n{links}</ul>\n{html}<h2>Text</h2>\n<pre dir=\"auto\">{text}</pre>\n<h2>Headers</h2>\n<pre>{}</pre>",
            escaped(&mail.subject),
            escaped(&mail.to),
            date(mail.at_ms),
            escaped(&mail.headers),
        ),
    )
}

fn as_json(mail: &Previewed) -> Value {
    json!({
        "number": mail.number, "at": mail.at_ms / 1000, "to": mail.to, "subject": mail.subject, "headers": mail.headers,
        "text": mail.text, "html": mail.html, "links": links(mail),
    })
}

/// The addresses in a mail's text.
fn links(mail: &Previewed) -> Vec<&str> {
    let words = mail.text.as_deref().unwrap_or_default().split_whitespace();
    words
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .collect()
}

fn date(at_ms: i64) -> String {
    let since = Duration::from_millis(u64::try_from(at_ms).unwrap_or(0));
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since)
}

fn page(title: &str, body: &str) -> Response {
    let title = escaped(title);
    Html(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} - Gantry</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n"
    ))
    .into_response()
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
