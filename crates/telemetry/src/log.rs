//! The layer that writes log lines: one event a line, with the fields of the spans around it, secrets masked.

use std::io::Write;

use gantry_kernel::{Id, RequestId};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Record};
use tracing::{Event, Span, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::LogFormat;
use crate::line::{self, Line};
use crate::redact::{MASK, is_ours, is_secret_name, redact};

/// The field whose presence lets a span pass every log filter: lines of a request always carry its id.
pub(crate) const REQUEST_ID: &str = "request_id";

/// Longer texts are cut: a line must not grow with what a client sent.
const TEXT_MAX: usize = 4096;

/// A field's value, masked and cut.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Bool(bool),
}

/// The fields of a span or an event, in the order in which they were recorded.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(&'static str, Value)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn put(&mut self, field: &Field, value: Value) {
        let value = if !is_ours(field.name()) && is_secret_name(field.name()) {
            Value::Text(MASK.to_owned())
        } else {
            value
        };
        match self.0.iter_mut().find(|(known, _)| *known == field.name()) {
            Some((_, old)) => *old = value,
            None => self.0.push((field.name(), value)),
        }
    }

    fn put_text(&mut self, field: &Field, text: &str) {
        if is_ours(field.name()) && text.len() <= TEXT_MAX {
            self.put(field, Value::Text(text.to_owned()));
            return;
        }
        // Masked before it is cut: half a token would not be recognised.
        let text = redact(text);
        let end = text
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= TEXT_MAX)
            .last()
            .unwrap_or(0);
        let kept = if text.len() > TEXT_MAX {
            format!("{}…", text.get(..end).unwrap_or_default())
        } else {
            text.into_owned()
        };
        self.put(field, Value::Text(kept));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // These steer the trace and are never shown in a line: not worth the formatting.
        if field.name().starts_with("otel.") {
            return;
        }
        self.put_text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if !field.name().starts_with("otel.") {
            self.put_text(field, value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::Signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::Unsigned(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::Float(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::Bool(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        self.put_text(field, &text);
    }
}

/// The trace id of the request that a span belongs to, kept beside the span for [`request_id_of`].
#[derive(Debug, Clone, Copy)]
struct RequestTrace(u128);

/// Writes events as lines to `writer`.
#[derive(Debug)]
pub(crate) struct LogLayer<W> {
    writer: W,
    format: LogFormat,
}

impl<W> LogLayer<W> {
    pub(crate) fn new(writer: W, format: LogFormat) -> Self {
        Self { writer, format }
    }
}

impl<S, W> Layer<S> for LogLayer<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &tracing::Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        keep(&span, fields);
    }

    fn on_record(&self, id: &tracing::Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = span.extensions_mut().remove::<Fields>().unwrap_or_default();
        values.record(&mut fields);
        keep(&span, fields);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut around = Vec::new();
        if let Some(scope) = context.event_scope(event) {
            for span in scope {
                if let Some(outer) = span.extensions().get::<Fields>() {
                    around.extend(outer.0.iter().cloned());
                }
            }
        }
        let text = line::write(
            &Line {
                metadata: event.metadata(),
                fields: &fields,
                around: &around,
            },
            self.format,
        );
        // A log that cannot be written must not stop the request that wrote it.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(text.as_bytes());
    }
}

fn keep<'a, R: LookupSpan<'a>>(span: &SpanRef<'a, R>, fields: Fields) {
    let mut extensions = span.extensions_mut();
    if let Some(Value::Text(text)) = fields.get(REQUEST_ID)
        && let Ok(id) = RequestId::parse(text)
    {
        extensions.replace(RequestTrace(id.trace_id()));
    }
    extensions.replace(fields);
}

/// The trace id of the request that a span, or a span around it, carries as `request_id`.
pub(crate) fn request_id_of(span: &Span) -> Option<u128> {
    span.with_subscriber(|(id, dispatch)| {
        let registry = dispatch.downcast_ref::<Registry>()?;
        registry
            .span(id)?
            .scope()
            .find_map(|span| span.extensions().get::<RequestTrace>().map(|trace| trace.0))
    })?
}
