//! Masks secrets in spans on their way out: the same rules as for log lines, applied on the exporter's thread.

use std::borrow::Cow;
use std::time::Duration;

use opentelemetry::trace::Status;
use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::redact::{MASK, is_secret_name, redact};

/// An exporter that masks what it hands on.
#[derive(Debug)]
pub(crate) struct Redacting<E>(pub(crate) E);

impl<E: SpanExporter> SpanExporter for Redacting<E> {
    fn export(&self, mut batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        batch.iter_mut().for_each(mask_span);
        self.0.export(batch)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn mask_span(span: &mut SpanData) {
    mask_cow(&mut span.name);
    span.attributes.iter_mut().for_each(mask_attribute);
    for event in &mut span.events.events {
        mask_cow(&mut event.name);
        event.attributes.iter_mut().for_each(mask_attribute);
    }
    for link in &mut span.links.links {
        link.attributes.iter_mut().for_each(mask_attribute);
    }
    if let Status::Error { description } = &mut span.status {
        mask_cow(description);
    }
}

fn mask_attribute(attribute: &mut KeyValue) {
    if is_secret_name(attribute.key.as_str()) {
        attribute.value = Value::from(MASK);
        return;
    }
    match &mut attribute.value {
        Value::String(text) => mask_string(text),
        Value::Array(Array::String(texts)) => texts.iter_mut().for_each(mask_string),
        _ => {}
    }
}

fn mask_string(text: &mut StringValue) {
    if let Cow::Owned(masked) = redact(text.as_str()) {
        *text = StringValue::from(masked);
    }
}

fn mask_cow(text: &mut Cow<'static, str>) {
    if let Cow::Owned(masked) = redact(text) {
        *text = Cow::Owned(masked);
    }
}
