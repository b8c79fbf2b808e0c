//! The spans of a request: gateway, call to a service, service, database. Names are OpenTelemetry's own.

use gantry_kernel::RequestId;
use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{ids, propagate, traceparent};

/// What stands for a method that HTTP or the contract does not know: callers must not be able to invent names.
const OTHER: &str = "_OTHER";

/// Opens the server span of a request at the gateway. Its trace id equals `request_id.trace_id()`.
///
/// `path_template` is the route (`/v2/users/:id`), never the path: paths carry sessions and tokens. A `traceparent`
/// in `inbound` is linked; it is the parent only if the caller is trusted (`continue_trace`) and `request_id` was
/// made from its trace ([`crate::inbound_trace_id`]).
pub fn request_span(
    request_id: &RequestId,
    method: &str,
    path_template: &str,
    inbound: Option<&HeaderMap>,
    continue_trace: bool,
) -> Span {
    let method = known_method(method);
    ids::with_trace_id(request_id.trace_id(), || {
        let span = tracing::info_span!(
            target: "gantry",
            parent: None,
            "request",
            otel.name = format_args!("{method} {path_template}"),
            otel.kind = "server",
            otel.status_code = Empty,
            request_id = request_id.as_str(),
            http.request.method = method,
            http.route = path_template,
            http.response.status_code = Empty,
            error.type = Empty,
        );
        begin(&span, request_id, inbound, continue_trace);
        span
    })
}

/// Opens the server span of a gRPC call from outside, as [`request_span`] does for HTTP: the request id is drawn
/// here, and the caller's `traceparent` is linked, or continued for a caller that is trusted.
pub fn rpc_request_span(
    request_id: &RequestId,
    rpc_path: &str,
    inbound: Option<&HeaderMap>,
    continue_trace: bool,
) -> Span {
    ids::with_trace_id(request_id.trace_id(), || {
        let span = rpc_span(rpc_path, Some(request_id));
        begin(&span, request_id, inbound, continue_trace);
        span
    })
}

/// Gives a root span what the caller sent, and starts it.
fn begin(span: &Span, request_id: &RequestId, inbound: Option<&HeaderMap>, continue_trace: bool) {
    let remote = inbound.and_then(|headers| Some((traceparent::read(headers)?, headers)));
    match remote {
        Some((context, headers)) if continue_trace && propagate::trace_id(&context) == request_id.trace_id() => {
            set_parent(span, traceparent::with_state(context, headers));
        }
        Some((context, _)) => span.add_link(context),
        None => {}
    }
    start(span);
}

/// Opens the span of a call to a service, within the current span. Give the call its headers with [`crate::inject`].
pub fn rpc_client_span(rpc_path: &str) -> Span {
    let method = rpc_method(rpc_path);
    tracing::debug_span!(
        target: "gantry",
        "rpc.client",
        otel.name = method,
        otel.kind = "client",
        otel.status_code = Empty,
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Opens the span of a call at a service, as a child of the span that [`crate::inject`] wrote into the headers.
///
/// Give it only headers of this installation's own processes. The headers of other callers are not to be believed:
/// for them there is [`rpc_request_span`].
pub fn rpc_server_span(rpc_path: &str, headers: &HeaderMap) -> Span {
    let request_id = propagate::request_id(headers);
    let trace_id = request_id.as_ref().map_or(0, RequestId::trace_id);
    ids::with_trace_id(trace_id, || {
        let span = rpc_span(rpc_path, request_id.as_ref());
        if let Some(context) = traceparent::read(headers) {
            set_parent(&span, traceparent::with_state(context, headers));
        }
        start(&span);
        span
    })
}

/// Opens the span of a call at a service that is in the caller's own process: a child of the current span, which has the request's
/// id already. Where no trace is written there is none to open.
pub fn rpc_inner_span(rpc_path: &str) -> Span {
    let method = rpc_method(rpc_path);
    tracing::debug_span!(
        target: "gantry",
        "rpc.server",
        otel.name = method,
        otel.kind = "server",
        otel.status_code = Empty,
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.response.status_code = Empty,
        error.type = Empty,
    )
}

fn rpc_span(rpc_path: &str, request_id: Option<&RequestId>) -> Span {
    let method = rpc_method(rpc_path);
    tracing::info_span!(
        target: "gantry",
        parent: None,
        "rpc.server",
        otel.name = method,
        otel.kind = "server",
        otel.status_code = Empty,
        request_id = request_id.map(RequestId::as_str),
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Opens the span of a database call: `system` is `postgresql` or `sqlite`, `operation` what it does.
///
/// None where no span is open: what a background task looks for every second, and mostly does not find, is no trace.
pub fn db_span(system: &'static str, operation: &'static str) -> Span {
    if Span::current().is_none() {
        return Span::none();
    }
    tracing::debug_span!(
        target: "gantry",
        "db",
        otel.name = operation,
        otel.kind = "client",
        otel.status_code = Empty,
        db.system.name = system,
        db.operation.name = operation,
        error.type = Empty,
    )
}

fn set_parent(span: &Span, remote: SpanContext) {
    // Fails when OpenTelemetry is off or filters the span out: then there is no parent to have.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}

/// Starts the OpenTelemetry span now, while this thread's chosen trace id is in place.
fn start(span: &Span) {
    let _ = span.context();
}

fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT",
    ];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or(OTHER)
}

/// `/gantry.auth.v2.AuthService/Login` as OpenTelemetry names it: without the first slash.
pub(crate) fn rpc_method(path: &str) -> &str {
    let name = path.strip_prefix('/').unwrap_or(path);
    let good = name.len() <= 200
        && name.split('/').count() == 2
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._/".contains(&byte));
    if good { name } else { OTHER }
}
