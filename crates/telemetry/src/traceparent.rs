//! The W3C `traceparent` header, read strictly and written by hand: both must work when OpenTelemetry is off.

use std::str::FromStr;

use http::HeaderMap;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The header that names trace and parent span.
pub(crate) const TRACEPARENT: http::HeaderName = http::HeaderName::from_static("traceparent");
/// The header with what tracing vendors carry along.
pub(crate) const TRACESTATE: http::HeaderName = http::HeaderName::from_static("tracestate");

/// The longest `tracestate` that is carried on; the standard asks for 512 at least, and nobody needs more.
const TRACESTATE_MAX: usize = 512;

/// Reads the header; `None` when it is absent, sent twice or not to the letter of the standard.
pub(crate) fn read(headers: &HeaderMap) -> Option<SpanContext> {
    let mut values = headers.get_all(TRACEPARENT).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    parse(value)
}

/// Adds the `tracestate` that came with a context; only for senders that are trusted.
pub(crate) fn with_state(context: SpanContext, headers: &HeaderMap) -> SpanContext {
    let state = headers
        .get(TRACESTATE)
        .filter(|value| value.len() <= TRACESTATE_MAX)
        .and_then(|value| TraceState::from_str(value.to_str().ok()?).ok())
        .unwrap_or_default();
    SpanContext::new(
        context.trace_id(),
        context.span_id(),
        context.trace_flags(),
        true,
        state,
    )
}

fn parse(value: &str) -> Option<SpanContext> {
    let mut parts = value.split('-');
    let version = lower_hex(parts.next()?, 2)?;
    let trace = lower_hex(parts.next()?, 32)?;
    let span = lower_hex(parts.next()?, 16)?;
    let flags = lower_hex(parts.next()?, 2)?;
    // Version 0 ends here; later ones may go on, 255 is forbidden.
    if version == 255 || (version == 0 && parts.next().is_some()) {
        return None;
    }
    let flags = TraceFlags::new(u8::try_from(flags).ok()?) & TraceFlags::SAMPLED;
    let span = SpanId::from(u64::try_from(span).ok()?);
    let context = SpanContext::new(TraceId::from(trace), span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

fn lower_hex(text: &str, digits: usize) -> Option<u128> {
    let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (lower && text.len() == digits).then(|| u128::from_str_radix(text, 16).ok())?
}

/// Writes the header's value.
pub(crate) fn write(trace_id: u128, span_id: u64, sampled: bool) -> String {
    format!("00-{trace_id:032x}-{span_id:016x}-{:02x}", u8::from(sampled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parse_takes_what_the_standard_allows() {
        let context = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(
            context.trace_id(),
            TraceId::from(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c)
        );
        assert_eq!(context.span_id(), SpanId::from(0xb7ad_6b71_6920_3331));
        assert!(context.is_sampled());
        assert!(parse("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-later").is_some());
    }

    #[test]
    fn parse_refuses_everything_else() {
        for bad in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert!(parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn read_refuses_a_header_sent_twice() {
        let mut headers = HeaderMap::new();
        headers.append(TRACEPARENT, write(1, 2, true).parse().unwrap());
        assert!(read(&headers).is_some());
        headers.append(TRACEPARENT, write(3, 4, true).parse().unwrap());
        assert!(read(&headers).is_none());
    }

    proptest! {
        #[test]
        fn parse_reads_what_write_wrote(trace in 1_u128.., span in 1_u64.., sampled: bool) {
            let context = parse(&write(trace, span, sampled)).unwrap();
            prop_assert_eq!(context.trace_id(), TraceId::from(trace));
            prop_assert_eq!(context.span_id(), SpanId::from(span));
            prop_assert_eq!(context.is_sampled(), sampled);
        }

        #[test]
        fn parse_never_panics(text in ".{0,80}") {
            let _ = parse(&text);
        }
    }
}
