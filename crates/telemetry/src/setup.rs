//! Puts the subscriber together: log lines always, OpenTelemetry only when an endpoint is set.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, FilterFn, ParseError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::LogFormat;
use crate::export::Redacting;
use crate::ids::RequestIds;
use crate::log::{LogLayer, REQUEST_ID};

/// The longest that [`Guard::shutdown`] waits for a collector.
pub const SHUTDOWN_LIMIT: Duration = Duration::from_secs(2);

/// The longest that one export waits for a collector.
const EXPORT_LIMIT: Duration = Duration::from_secs(5);

/// What telemetry needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// `service.name` of the exported spans.
    pub service_name: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which lines are written, in the syntax of tracing's `EnvFilter`: `info`, `warn,gantry_auth=debug`.
    pub log_filter: String,
    /// Where spans go: an OTLP collector's gRPC address, `http://host:4317`. Without one nothing is traced.
    pub otlp_endpoint: Option<String>,
    /// Which part of the traces that start here is exported, 0 to 1.
    pub sample_ratio: f64,
}

impl Config {
    /// Takes what the configuration says; a role's own name serves when it names no service.
    pub fn from_settings(settings: &gantry_config::Config, service_name: &str) -> Self {
        Self {
            service_name: settings
                .otel
                .service_name
                .clone()
                .unwrap_or_else(|| service_name.to_owned()),
            log_format: settings.log.format,
            log_filter: settings.log.filter.clone(),
            otlp_endpoint: settings.otel.endpoint.clone(),
            sample_ratio: settings.otel.sample_ratio,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::from_settings(&gantry_config::Config::default(), "gantry")
    }
}

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log filter cannot be read.
    #[error("log.filter cannot be read: {0}; write a level (info) or levels by target (warn,gantry_auth=debug)")]
    Filter(#[from] ParseError),
    /// The exporter cannot be built.
    #[error("otel.endpoint cannot be used: {0}; write an OTLP gRPC address such as http://127.0.0.1:4317")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The exporter needs tokio.
    #[error("telemetry with an otel.endpoint is started within a tokio runtime")]
    NoRuntime,
    /// A subscriber is there already.
    #[error("telemetry was started twice in one process")]
    Twice(#[from] tracing::dispatcher::SetGlobalDefaultError),
}

/// Holds the exporter; spans that were not sent yet are sent by [`Guard::shutdown`].
#[derive(Debug)]
#[must_use = "spans that were not sent yet are lost without shutdown"]
pub struct Guard {
    provider: Option<SdkTracerProvider>,
}

impl Guard {
    /// Sends what was not sent yet, for at most [`SHUTDOWN_LIMIT`]. Spans that end afterwards are dropped.
    pub async fn shutdown(mut self) {
        let Some(provider) = self.provider.take() else { return };
        // On a thread of its own: the SDK blocks, and the sending needs this runtime to go on.
        let result = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(SHUTDOWN_LIMIT)).await;
        match result {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = &error as &dyn std::error::Error, "last spans were not sent"),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "last spans were not sent"),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Without shutdown nothing is waited for: the SDK's own drop would block for seconds.
        if let Some(provider) = self.provider.take() {
            let _ = provider.shutdown_with_timeout(Duration::ZERO);
        }
    }
}

/// Starts telemetry for the whole process; log lines go to standard error.
///
/// # Errors
/// When the configuration cannot be used or telemetry was started before.
pub fn init(config: &Config) -> Result<Guard, TelemetryError> {
    let (dispatch, guard) = subscriber(config)?;
    tracing::dispatcher::set_global_default(dispatch)?;
    Ok(guard)
}

/// Builds the same without installing it, for tests: `tracing::dispatcher::set_default(&dispatch)`.
///
/// # Errors
/// When the configuration cannot be used.
pub fn subscriber(config: &Config) -> Result<(Dispatch, Guard), TelemetryError> {
    subscriber_to(config, std::io::stderr)
}

/// As [`subscriber`], with the log lines going elsewhere.
///
/// # Errors
/// When the configuration cannot be used.
pub fn subscriber_to<W>(config: &Config, writer: W) -> Result<(Dispatch, Guard), TelemetryError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let of_requests =
        FilterFn::new(|metadata: &Metadata<'_>| metadata.is_span() && metadata.fields().field(REQUEST_ID).is_some())
            .with_max_level_hint(LevelFilter::INFO);
    let lines = EnvFilter::builder().parse(&config.log_filter)?.or(of_requests);
    let log = LogLayer::new(writer, config.log_format).with_filter(lines);
    let registry = tracing_subscriber::registry().with(log);
    let Some(endpoint) = &config.otlp_endpoint else {
        return Ok((Dispatch::new(registry), Guard { provider: None }));
    };

    let provider = provider(config, endpoint)?;
    // Our own spans, and what went wrong in them; the exporter's own transport must not trace itself.
    let ours = FilterFn::new(|metadata: &Metadata<'_>| {
        metadata.target().starts_with("gantry") && (metadata.is_span() || *metadata.level() <= Level::WARN)
    })
    .with_max_level_hint(LevelFilter::DEBUG);
    let otel = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("gantry"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_filter(ours);
    Ok((
        Dispatch::new(registry.with(otel)),
        Guard {
            provider: Some(provider),
        },
    ))
}

fn provider(config: &Config, endpoint: &str) -> Result<SdkTracerProvider, TelemetryError> {
    if tokio::runtime::Handle::try_current().is_err() {
        return Err(TelemetryError::NoRuntime);
    }
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(EXPORT_LIMIT)
        .build()?;
    let resource = Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(Redacting(exporter))
        .with_id_generator(RequestIds::default())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
            config.sample_ratio,
        ))))
        .with_resource(resource)
        .build())
}
