//! The older `/v1/` LoginRocket calls (contract 7), for pages that still make them: by POST, GET and JSONP. Off unless configured.
//!
//! Each is a `/v2/` call in an older dress: host, limits, rules and languages are those of that call. What a browser sends by itself
//! counts for nothing here: a call does what the secrets in it allow. JSONP is not held off by CORS, so it answers to pages of the
//! realm's `allowed_origins` alone, as their `Referer` tells: a page may hide where it is, but not claim to be elsewhere.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::any;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{Problem, Reason, Violation, normalize_origin};
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, RANGE, REFERER, TRANSFER_ENCODING,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use crate::asked::sent;
use crate::cors::is_preflight;
use crate::errors::{Shape, respond};
use crate::handle::{handle, preflight, serving, wrong_verb_at_host};
use crate::routes::find;
use crate::transcode::tree::Tree;
use crate::{Gateway, locale};

/// The paths.
const PATHS: [&str; 3] = ["/v1/login", "/v1/signup", "/v1/logout"];
/// The most that an answer of `/v2/` has.
const MOST: usize = 256 * 1024;
/// The longest name of a function.
const LONGEST_NAME: usize = 64;

/// Adds the calls where they are switched on.
pub(crate) fn mount(mut router: Router, gateway: &Gateway) -> Router {
    if gateway.config.v1 {
        for path in PATHS {
            let gateway = gateway.clone();
            router = router.route(path, any(move |request| answer(gateway.clone(), path, request)));
        }
    }
    router
}

/// The template of a path, for names in spans.
pub(crate) fn template(path: &str) -> Option<&'static str> {
    PATHS.into_iter().find(|known| *known == path)
}

async fn answer(gateway: Gateway, path: &'static str, request: Request<Body>) -> Response {
    if is_preflight(request.method(), request.headers()) {
        return preflight(gateway, request).await;
    }
    // Not HEAD: what these do is not done for nobody to read.
    if *request.method() != Method::GET && *request.method() != Method::POST {
        return wrong_verb_at_host(gateway, request, "GET, POST").await;
    }
    let (parts, body) = request.into_parts();
    let refuse = |problem: Problem| respond(&problem, Shape::LoginRocket, locale::of_core(&parts.headers));
    let mut asked = match sent(&gateway, &parts, body).await {
        Ok(asked) => asked,
        Err(problem) => return refuse(problem),
    };
    let callback = match callback(&parts, &mut asked) {
        Ok(callback) => callback,
        Err(problem) => return refuse(problem),
    };
    if callback.is_some() {
        match serving(&gateway, &parts).await {
            Ok(host) if is_of(&host.allowed_origins, &parts.headers) => {}
            Ok(_elsewhere) => return refuse(Reason::PermissionMissing.into()),
            Err(refused) => return *refused,
        }
    }
    let response = match path {
        "/v1/login" => login(&gateway, &parts, asked).await,
        "/v1/signup" => call(&gateway, &parts, ("POST", "/v2/signup"), asked).await,
        _ => logout(&gateway, &parts, asked).await,
    };
    older(response, callback.as_deref()).await
}

/// The function that a page wants the answer handed to.
fn callback(parts: &Parts, asked: &mut Tree) -> Result<Option<String>, Problem> {
    let refused = || Problem {
        violations: vec![Violation::new("", "wrong_type")],
        ..Problem::new(Reason::Malformed)
    };
    match asked.remove("callback") {
        None => Ok(None),
        Some(Value::String(name)) if parts.method == Method::GET && is_name(&name) => Ok(Some(name)),
        Some(_) => Err(refused()),
    }
}

/// Whether a text is the name of a function, or of a few objects within each other, and no more.
fn is_name(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    let word = |word: &str| word.starts_with(begins) && word.chars().all(|c| begins(c) || c.is_ascii_digit());
    text.len() <= LONGEST_NAME && text.split('.').all(word)
}

/// Whether a page of one of these origins asks.
fn is_of(origins: &[String], headers: &HeaderMap) -> bool {
    let mut told = headers.get_all(REFERER).iter();
    let (Some(referer), None) = (told.next().and_then(|value| value.to_str().ok()), told.next()) else {
        return false;
    };
    let Some((scheme, rest)) = referer.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let page = normalize_origin(&format!("{scheme}://{host}"));
    page.is_some() && origins.iter().any(|entry| normalize_origin(entry) == page)
}

/// A login, with the code of a second factor where one is told.
async fn login(gateway: &Gateway, parts: &Parts, mut asked: Tree) -> Response {
    let code = asked.remove("code");
    let response = call(gateway, parts, ("POST", "/v2/login"), asked).await;
    let Some(code) = code else {
        return response;
    };
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if told.get("result").and_then(Value::as_str) != Some("mfa_required") {
        return Response::from_parts(head, Body::from(bytes));
    }
    let second = Map::from_iter([
        ("token".to_owned(), told.get("token").cloned().unwrap_or_default()),
        ("code".to_owned(), code),
    ]);
    call(gateway, parts, ("POST", "/v2/login/verify"), second).await
}

/// Ends the session that a token names: who has the token has the session's whole key, which is what counts.
async fn logout(gateway: &Gateway, parts: &Parts, mut asked: Tree) -> Response {
    let token = asked.remove("token");
    let session = token.as_ref().and_then(Value::as_str).and_then(session_of);
    let fields = Map::from_iter([("session".to_owned(), json!(session.unwrap_or_default()))]);
    call(gateway, parts, ("DELETE", "/v2/session"), fields).await
}

/// The session in a token's claims, whoever signed them.
fn session_of(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("sid")?.as_str()?.to_owned())
}

/// Makes a call of `/v2/` in the place of this one.
async fn call(gateway: &Gateway, parts: &Parts, (verb, path): (&str, &str), fields: Tree) -> Response {
    let verb = Method::from_bytes(verb.as_bytes()).unwrap_or(Method::POST);
    let Some(route) = find(&verb, path) else {
        return respond(
            &Reason::NotFound.into(),
            Shape::LoginRocket,
            locale::of_core(&parts.headers),
        );
    };
    let mut request = Request::new(Body::from(Value::Object(fields).to_string()));
    *request.method_mut() = verb;
    let authority = parts
        .uri
        .authority()
        .map(|host| format!("{}://{host}", parts.uri.scheme_str().unwrap_or("http")));
    if let Ok(uri) = format!("{}{path}", authority.unwrap_or_default()).parse() {
        *request.uri_mut() = uri;
    }
    *request.extensions_mut() = parts.extensions.clone();
    *request.headers_mut() = parts.headers.clone();
    // What the caller said of its own body, and of the answer to it.
    for name in [
        ACCEPT,
        ACCEPT_ENCODING,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        EXPECT,
        RANGE,
        TRANSFER_ENCODING,
    ] {
        request.headers_mut().remove(name);
    }
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);
    Box::pin(handle(gateway.clone(), route, request)).await
}

/// Puts an answer of `/v2/` as it was put in `/v1/`: a token, or an error. Everything that was understood is 200, and for a script all
/// is, since a browser keeps what else a server says from it.
async fn older(response: Response, callback: Option<&str>) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let field = |name: &str| told.get(name).cloned().unwrap_or_default();
    let told = match told.get("result").and_then(Value::as_str) {
        Some("full_login") => json!({ "token": field("token") }),
        Some("okay") => json!({ "result": "okay" }),
        // Neither the session nor the token of the second step: a page of `/v1/` knows nothing to do with them.
        Some("conditional_login") => json!({ "error": "conditional_login", "conditions": field("conditions") }),
        Some("mfa_required") => json!({ "error": "mfa_required" }),
        _ => json!({ "error": field("error") }),
    };
    let understood = matches!(head.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY);
    if callback.is_some() || understood {
        head.status = StatusCode::OK;
    }
    let (kind, text) = match callback {
        None => ("application/json; charset=utf-8", told.to_string()),
        Some(name) => ("application/javascript; charset=utf-8", script(name, &told)),
    };
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(head, Body::from(text))
}

/// A call of a function that the page has. The comment keeps the caller's letters from being the first of the file, and what could end a
/// script or a line is written as an escape.
fn script(name: &str, told: &Value) -> String {
    let mut text = told.to_string();
    for (sign, escape) in [
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ] {
        text = text.replace(sign, escape);
    }
    format!("/**/{name}({text});")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_called() {
        for name in ["cb", "_", "$", "jQuery123_456", "a.b.c", "lr$1"] {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(65);
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "1a",
            "a b",
            "a(",
            "alert(1)//",
            "a;b",
            "a[0]",
            "é",
            "a\n",
            "a<b",
            "a/*",
            "a-b",
            &long,
        ] {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn a_script_calls_one_function_with_data() {
        let told = json!({"error": "</script><!--\u{2028}&"});
        let text = script("cb", &told);
        assert_eq!(
            text,
            "/**/cb({\"error\":\"\\u003c/script\\u003e\\u003c!--\\u2028\\u0026\"});"
        );
    }

    #[test]
    fn t_23_only_pages_of_the_realm_s_origins() {
        let origins = ["https://app.example".to_owned(), "http://localhost:4000".to_owned()];
        let asks = |referers: &[&str]| {
            let mut headers = HeaderMap::new();
            for referer in referers {
                headers.append(REFERER, referer.parse().unwrap());
            }
            is_of(&origins, &headers)
        };
        for own in [
            "https://app.example/",
            "https://app.example",
            "https://app.example/a?b#c",
            "http://localhost:4000/x",
        ] {
            assert!(asks(&[own]), "{own}");
        }
        for strange in [
            "",
            "https://app.example.evil.example/",
            "https://evil.example/https://app.example/",
            "https://app.example@evil.example/",
            "http://app.example/",
            "https://app.example:8443/",
            "http://localhost:40000/",
            "about:blank",
            "null",
        ] {
            assert!(!asks(&[strange]), "{strange}");
        }
        assert!(!asks(&[]));
        assert!(!asks(&["https://app.example/", "https://evil.example/"]));
    }

    #[test]
    fn a_token_s_session_is_read_and_nothing_else() {
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(json!({"sid": "kss_1"}).to_string()));
        assert_eq!(session_of(&token).as_deref(), Some("kss_1"));
        for token in ["", "a", "a.b.c", "..", "kss_1"] {
            assert_eq!(session_of(token), None, "{token}");
        }
    }
}
