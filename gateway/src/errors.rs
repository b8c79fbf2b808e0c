//! Reason to status and body, in the caller's language; the only place that builds an error body (contract 2.2).
//!
//! It reads a reason and named fields, never a text from inside, so nothing internal can reach a caller.

use axum::response::Response;
use gantry_kernel::{Problem, Reason};
use gantry_locales::{Locale, t, violation};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// How an API words its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `{"errors": [...]}`
    Core,
    /// `{"result": "error", "error": "...", "errors": [...]}`
    LoginRocket,
}

/// When to come back to something that is away and did not say.
const COME_BACK_MS: i64 = 1000;

/// What a failed request carries on its response, for the log line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failed(pub(crate) Reason);

/// Builds the answer to a request that failed.
pub fn respond(problem: &Problem, shape: Shape, locale: Locale) -> Response {
    let told = problem.reason;
    let problem = &as_ours(problem);
    let messages = messages(problem, locale);
    let mut body = match shape {
        Shape::Core => json!({ "errors": messages }),
        Shape::LoginRocket => json!({ "result": "error", "error": messages.join(" "), "errors": messages }),
    };
    // Beside `errors`, which clients keep apart (contract 1.5).
    if let (Some(url), Some(body)) = (&problem.retry_url, body.as_object_mut()) {
        body.insert("retry_url".to_owned(), json!(url));
    }
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = StatusCode::from_u16(problem.reason.http()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    if let Some(ms) = problem.retry_after_ms {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds(ms)));
    }
    response.extensions_mut().insert(Failed(told));
    response
}

/// What a caller is told of it. That a service does not know this gateway is nothing that a caller did or could mend; and
/// whoever is told that something is away is told when to come back.
fn as_ours(problem: &Problem) -> Problem {
    let mut problem = problem.clone();
    if problem.reason == Reason::PeerUnknown {
        tracing::error!("a service does not know this gateway: cluster.secret is not the same in both");
        problem.reason = Reason::Unavailable;
    }
    if problem.reason == Reason::Unavailable {
        problem.retry_after_ms.get_or_insert(COME_BACK_MS);
    }
    problem
}

/// The answer to a verb that a path does not know, with those that it does.
pub(crate) fn wrong_verb(verbs: &str, shape: Shape, locale: Locale) -> Response {
    let mut response = respond(&Reason::MethodNotAllowed.into(), shape, locale);
    if let Ok(verbs) = HeaderValue::try_from(verbs) {
        response.headers_mut().insert(ALLOW, verbs);
    }
    response
}

/// Whole seconds, rounded up: who comes back then is not sent away again.
fn seconds(ms: i64) -> i64 {
    ms.saturating_add(999) / 1000
}

fn messages(problem: &Problem, locale: Locale) -> Vec<String> {
    if problem.violations.is_empty() {
        let wait = problem.retry_after_ms.map(seconds).unwrap_or(0).to_string();
        return vec![t(
            locale,
            &format!("error.{}", problem.reason.key()),
            &[("seconds", &wait)],
        )];
    }
    let message = |broken: &gantry_kernel::Violation| {
        let args: Vec<(&str, &str)> = broken
            .args
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        violation(locale, &broken.field, &broken.key, &args)
    };
    problem.violations.iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Violation;

    async fn body(problem: Problem, shape: Shape, locale: Locale) -> (u16, serde_json::Value) {
        let response = respond(&problem, shape, locale);
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn each_api_has_its_shape_and_its_language() {
        let (status, core) = body(Reason::LoginFailed.into(), Shape::Core, Locale::En).await;
        assert_eq!((status, core), (422, json!({"errors": ["Login failed"]})));
        let (_, login) = body(Reason::LoginFailed.into(), Shape::LoginRocket, Locale::Es).await;
        assert_eq!(login["result"], "error");
        assert_eq!(login["error"], "Error al iniciar sesión");
        assert_eq!(login["errors"], json!(["Error al iniciar sesión"]));
    }

    #[tokio::test]
    async fn every_violation_is_a_message() {
        let problem = Problem::invalid(vec![
            Violation::new("email", "required"),
            Violation::new("name", "too_long").with("max", 5),
        ]);
        let (_, core) = body(problem, Shape::Core, Locale::En).await;
        assert_eq!(core["errors"].as_array().unwrap().len(), 2);
        assert!(core["errors"][1].as_str().unwrap().contains('5'));
    }

    #[test]
    fn what_is_away_says_when_to_come_back() {
        for reason in [Reason::Unavailable, Reason::PeerUnknown] {
            let response = respond(&reason.into(), Shape::Core, Locale::En);
            assert_eq!(
                (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
                (503, &HeaderValue::from(1))
            );
        }
        let longer = Problem::new(Reason::Unavailable).retry_after_ms(5000);
        assert_eq!(respond(&longer, Shape::Core, Locale::En).headers()[RETRY_AFTER], "5");
    }

    #[test]
    fn retry_after_is_never_too_early() {
        let response = respond(
            &Problem::new(Reason::Busy).retry_after_ms(1001),
            Shape::Core,
            Locale::En,
        );
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }
}
