//! What a log line looks like: `time LEVEL target: message name=value …`, or one flat JSON object.

use std::fmt::Write;

use gantry_kernel::{Id, RequestId};
use tracing::Metadata;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use crate::LogFormat;
use crate::log::{Fields, REQUEST_ID, Value};

/// What goes into a line.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) metadata: &'a Metadata<'static>,
    pub(crate) fields: &'a Fields,
    /// The fields of the spans around, the innermost first.
    pub(crate) around: &'a [(&'static str, Value)],
}

impl Line<'_> {
    /// Message and request id have places of their own; of two fields with one name the inner one counts.
    fn others(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        let all = move || self.fields.0.iter().chain(self.around);
        all().enumerate().filter_map(move |(place, field)| {
            let name = field.0;
            let own_place = name == "message" || name == REQUEST_ID;
            let seen = all().take(place).any(|earlier| earlier.0 == name);
            (!own_place && !seen).then_some(field)
        })
    }

    fn message(&self) -> &str {
        text_of(self.fields.get("message")).unwrap_or_default()
    }

    fn request_id(&self) -> Option<&str> {
        let own = text_of(self.fields.get(REQUEST_ID));
        own.or_else(|| {
            self.around
                .iter()
                .find(|(name, _)| *name == REQUEST_ID)
                .and_then(|(_, id)| text_of(Some(id)))
        })
    }
}

fn text_of(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Writes a line, its line feed included.
pub(crate) fn write(line: &Line<'_>, format: LogFormat) -> String {
    let mut out = String::with_capacity(384);
    match format {
        LogFormat::Text => text(line, &mut out),
        LogFormat::Json => json(line, &mut out),
    }
    out.push('\n');
    out
}

fn text(line: &Line<'_>, out: &mut String) {
    push_time(out);
    let _ = write!(
        out,
        " {:>5} {}: ",
        line.metadata.level().as_str(),
        line.metadata.target()
    );
    push_visible(out, line.message(), false);
    for (name, value) in line.others() {
        let _ = write!(out, " {name}=");
        push_plain(out, value);
    }
    if let Some(id) = line.request_id() {
        let _ = write!(out, " {REQUEST_ID}=");
        push_visible(out, id, false);
    }
}

fn json(line: &Line<'_>, out: &mut String) {
    out.push_str("{\"timestamp\":\"");
    push_time(out);
    let _ = write!(out, "\",\"level\":\"{}\",\"target\":", line.metadata.level());
    push_json_text(out, line.metadata.target());
    out.push_str(",\"message\":");
    push_json_text(out, line.message());
    if let Some(id) = line.request_id() {
        out.push_str(",\"request_id\":");
        push_json_text(out, id);
        if let Ok(id) = RequestId::parse(id) {
            let _ = write!(out, ",\"trace_id\":\"{:032x}\"", id.trace_id());
        }
    }
    for (name, value) in line.others() {
        out.push(',');
        push_json_text(out, name);
        out.push(':');
        push_json(out, value);
    }
    out.push('}');
}

fn push_time(out: &mut String) {
    let _ = SystemTime.format_time(&mut Writer::new(out));
}

fn push_plain(out: &mut String, value: &Value) {
    let _ = match value {
        Value::Text(text) => {
            let bare = !text.is_empty() && !text.contains([' ', '"', '=', '\\']);
            push_visible(out, text, !bare);
            Ok(())
        }
        Value::Signed(number) => write!(out, "{number}"),
        Value::Unsigned(number) => write!(out, "{number}"),
        Value::Float(number) => write!(out, "{number}"),
        Value::Bool(flag) => write!(out, "{flag}"),
    };
}

/// Control characters are written as escapes, so that nobody can forge a line or drive a terminal.
fn push_visible(out: &mut String, text: &str, quoted: bool) {
    if quoted {
        out.push('"');
    }
    for c in text.chars() {
        match c {
            '"' | '\\' if quoted => out.extend(['\\', c]),
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                out.extend(c.escape_default());
            }
            c => out.push(c),
        }
    }
    if quoted {
        out.push('"');
    }
}

fn push_json(out: &mut String, value: &Value) {
    let _ = match value {
        Value::Text(text) => {
            push_json_text(out, text);
            Ok(())
        }
        Value::Signed(number) => write!(out, "{number}"),
        Value::Unsigned(number) => write!(out, "{number}"),
        Value::Float(number) if number.is_finite() => write!(out, "{number}"),
        Value::Float(_) => write!(out, "null"),
        Value::Bool(flag) => write!(out, "{flag}"),
    };
}

fn push_json_text(out: &mut String, text: &str) {
    let plain = |byte: u8| byte == b' ' || (byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    if text.bytes().all(plain) {
        out.extend(["\"", text, "\""]);
        return;
    }
    // Serialising a string cannot fail; an empty one keeps the line whole if it ever did.
    out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
}
