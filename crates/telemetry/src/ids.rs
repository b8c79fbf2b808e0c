//! Trace ids that are request ids: the id generator takes the next trace id from the thread that opens the span.

use std::cell::Cell;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};

thread_local! {
    /// The trace id of the root span that is being opened on this thread; 0 when none was chosen.
    static CHOSEN: Cell<u128> = const { Cell::new(0) };
}

/// Runs `open` while root spans that are started on this thread get a chosen trace id.
pub(crate) fn with_trace_id<R>(trace_id: u128, open: impl FnOnce() -> R) -> R {
    let before = CHOSEN.replace(trace_id);
    let opened = open();
    CHOSEN.set(before);
    opened
}

/// Chosen trace ids where there is a choice, random ones elsewhere (background work); span ids are always random.
#[derive(Debug, Default)]
pub(crate) struct RequestIds(RandomIdGenerator);

impl IdGenerator for RequestIds {
    fn new_trace_id(&self) -> TraceId {
        match CHOSEN.get() {
            0 => self.0.new_trace_id(),
            chosen => TraceId::from(chosen),
        }
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}
