//! An OpenTelemetry collector that keeps what it receives, on a free loopback port.

use std::collections::BTreeMap;
use std::sync::Arc;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Request, Response, Status};

/// What a span was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Work within a process.
    Internal,
    /// The answering side of a call.
    Server,
    /// The asking side of a call.
    Client,
    /// Anything else.
    Other,
}

/// A span that the collector received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedSpan {
    /// `service.name` of the sender.
    pub service: String,
    /// The span's name.
    pub name: String,
    /// What it was for.
    pub kind: SpanKind,
    /// The trace it belongs to.
    pub trace_id: u128,
    /// Its id.
    pub span_id: u64,
    /// Its parent's id; 0 for a root.
    pub parent: u64,
    /// Its attributes, as text.
    pub attributes: BTreeMap<String, String>,
    /// Trace and span ids of its links.
    pub links: Vec<(u128, u64)>,
    /// Its events: name and attributes.
    pub events: Vec<(String, BTreeMap<String, String>)>,
    /// Whether its status is an error.
    pub failed: bool,
}

// parking_lot: held to push or clone, never across an await.
type Kept = Arc<Mutex<Vec<ReceivedSpan>>>;

/// A collector that runs until it is dropped.
#[derive(Debug)]
pub struct OtlpCollector {
    endpoint: String,
    kept: Kept,
    serving: JoinHandle<()>,
}

impl OtlpCollector {
    /// Starts a collector.
    ///
    /// # Errors
    /// When no loopback port can be had.
    #[expect(
        clippy::disallowed_methods,
        reason = "the collector belongs to no request whose span could follow"
    )]
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let kept = Kept::default();
        let service = TraceServiceServer::new(Receiver(kept.clone()));
        let serving = tokio::spawn(async move {
            let served = Server::builder()
                .add_service(service)
                .serve_with_incoming(TcpListenerStream::new(listener));
            // It ends with its test; a test that misses its spans fails by itself.
            let _ = served.await;
        });
        Ok(Self {
            endpoint,
            kept,
            serving,
        })
    }

    /// Its address, as `otel.endpoint` wants it.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Everything received so far, in the order of arrival. Flush the sender first.
    pub fn spans(&self) -> Vec<ReceivedSpan> {
        self.kept.lock().clone()
    }
}

impl Drop for OtlpCollector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

struct Receiver(Kept);

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut received = Vec::new();
        for resource in request.into_inner().resource_spans {
            let about = attributes(
                resource
                    .resource
                    .map(|resource| resource.attributes)
                    .unwrap_or_default(),
            );
            let service = about.get("service.name").cloned().unwrap_or_default();
            let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
            received.extend(spans.map(|span| read(&service, span)));
        }
        self.0.lock().extend(received);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn read(service: &str, span: Span) -> ReceivedSpan {
    ReceivedSpan {
        service: service.to_owned(),
        kind: match span.kind {
            1 => SpanKind::Internal,
            2 => SpanKind::Server,
            3 => SpanKind::Client,
            _ => SpanKind::Other,
        },
        trace_id: trace_id(&span.trace_id),
        span_id: span_id(&span.span_id),
        parent: span_id(&span.parent_span_id),
        attributes: attributes(span.attributes),
        links: span
            .links
            .iter()
            .map(|link| (trace_id(&link.trace_id), span_id(&link.span_id)))
            .collect(),
        events: span
            .events
            .into_iter()
            .map(|event| (event.name, attributes(event.attributes)))
            .collect(),
        failed: span.status.is_some_and(|status| status.code == 2),
        name: span.name,
    }
}

fn trace_id(bytes: &[u8]) -> u128 {
    bytes.try_into().map_or(0, u128::from_be_bytes)
}

fn span_id(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_be_bytes)
}

fn attributes(list: Vec<KeyValue>) -> BTreeMap<String, String> {
    list.into_iter()
        .map(|pair| {
            (
                pair.key,
                pair.value.and_then(|any| any.value).map_or_else(String::new, text),
            )
        })
        .collect()
}

fn text(value: Value) -> String {
    match value {
        Value::StringValue(text) => text,
        Value::BoolValue(flag) => flag.to_string(),
        Value::IntValue(number) => number.to_string(),
        Value::DoubleValue(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}
