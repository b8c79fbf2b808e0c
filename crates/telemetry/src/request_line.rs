//! The one line per request. Names are OpenTelemetry's; ids yes, e-mails, addresses and tokens never.

use std::time::Duration;

use tracing::Span;

use crate::spans::rpc_method;

/// What a request to the gateway came to.
#[derive(Debug, Clone, Copy)]
pub struct RequestLine<'a> {
    /// The HTTP status.
    pub status: u16,
    /// From the first byte of the request to the last of the answer's head.
    pub duration: Duration,
    /// The reason's key when it failed.
    pub reason: Option<&'a str>,
    /// The realm that it concerned.
    pub realm_id: Option<&'a str>,
    /// The user who made it.
    pub user_id: Option<&'a str>,
    /// The public part of the API key that made it.
    pub key_id: Option<&'a str>,
}

/// Writes the request's line (`method`, `route` and `request_id` come from the span) and marks the span with the result.
pub fn log_request(span: &Span, line: &RequestLine<'_>) {
    span.record("http.response.status_code", line.status);
    if line.status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(reason) = line.reason {
        span.record("error.type", reason);
    }
    span.in_scope(|| {
        tracing::info!(
            target: "gantry::request",
            {
                http.server.request.duration = line.duration.as_secs_f64(),
                gantry.realm.id = line.realm_id,
                user.id = line.user_id,
                gantry.key.id = line.key_id,
            },
            "request"
        );
    });
}

/// What a gRPC call came to.
#[derive(Debug, Clone, Copy)]
pub struct CallLine<'a> {
    /// The rpc's path, as in `/package.Service/Method`.
    pub rpc_path: &'a str,
    /// The status code's name, as in `OK` or `NOT_FOUND`.
    pub code: &'static str,
    /// Whether the failure is ours.
    pub ours: bool,
    /// How long it took.
    pub duration: Duration,
    /// The reason's key when it failed.
    pub reason: Option<&'a str>,
}

/// Writes a call's line and marks its span. For callers from outside at `info`; between our own processes at
/// `debug` (`internal`), for there the gateway has written the request's line.
pub fn log_call(span: &Span, line: &CallLine<'_>, internal: bool) {
    span.record("rpc.response.status_code", line.code);
    if line.ours {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(reason) = line.reason {
        span.record("error.type", reason);
    }
    let (method, seconds) = (rpc_method(line.rpc_path), line.duration.as_secs_f64());
    span.in_scope(|| {
        if internal {
            tracing::debug!(target: "gantry::call", { rpc.method = method, rpc.server.call.duration = seconds }, "call");
        } else {
            tracing::info!(target: "gantry::call", { rpc.method = method, rpc.server.call.duration = seconds }, "call");
        }
    });
}
