//! How a request's id and trace travel from the gateway to the services.

use gantry_kernel::{Id, RequestId};
use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::log;
use crate::traceparent::{self, TRACEPARENT, TRACESTATE};

/// The header that carries the request's id between processes of this installation, and back to the caller.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes `traceparent` and `x-request-id` for a call made within a span, replacing whatever was there: what an
/// outsider sent never passes.
///
/// Without OpenTelemetry the parent is made from the request's id, so that the service knows the trace all the
/// same. Outside any request and without OpenTelemetry there is nothing to write, and the headers are removed.
pub fn inject(span: &Span, headers: &mut HeaderMap) {
    for name in [TRACEPARENT, TRACESTATE, REQUEST_ID] {
        headers.remove(name);
    }
    let otel = otel_context(span).or_else(|| otel_context(&Span::current()));
    let request = log::request_id_of(span)
        .or_else(|| log::request_id_of(&Span::current()))
        .or_else(|| otel.as_ref().map(trace_id));
    let Some(request) = request.filter(|id| *id != 0) else {
        return;
    };
    let parent = match &otel {
        Some(context) => traceparent::write(
            trace_id(context),
            u64::from_be_bytes(context.span_id().to_bytes()),
            context.is_sampled(),
        ),
        // Nothing records a span here: the low half stands in for its id, and the flag says "not sampled".
        None => traceparent::write(
            request,
            u64::try_from(request & 0xFFFF_FFFF_FFFF_FFFF).unwrap_or(0).max(1),
            false,
        ),
    };
    put(headers, TRACEPARENT, &parent);
    put(headers, REQUEST_ID, RequestId::from_bits(request).as_str());
    if let Some(state) = otel
        .map(|context| context.trace_state().header())
        .filter(|state| !state.is_empty())
    {
        put(headers, TRACESTATE, &state);
    }
}

/// Reads the request id that [`inject`] wrote; `None` for calls that came another way.
pub fn request_id(headers: &HeaderMap) -> Option<RequestId> {
    let written = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match written.and_then(|text| RequestId::parse(text).ok()) {
        Some(id) => Some(id),
        None => inbound_trace_id(headers).map(RequestId::from_bits),
    }
}

/// Reads the trace id that a caller sent, for callers that are trusted to continue their own trace.
pub fn inbound_trace_id(headers: &HeaderMap) -> Option<u128> {
    traceparent::read(headers).as_ref().map(trace_id)
}

/// The OpenTelemetry context of a span, where it has one.
fn otel_context(span: &Span) -> Option<SpanContext> {
    let context = span.context().span().span_context().clone();
    context.is_valid().then_some(context)
}

pub(crate) fn trace_id(context: &SpanContext) -> u128 {
    u128::from_be_bytes(context.trace_id().to_bytes())
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    // All that is written here is hexadecimal, base62 or a header that was valid when it came in.
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
