//! Logs, traces, propagation, the one line per request, redaction. docs/LOGGING.md says what is written and what never is.
//!
//! One rule ties it together: a request's 128-bit trace id *is* its X-Request-ID ([`gantry_kernel::RequestId`]).
//! - The gateway opens [`request_span`], writes one line with [`log_request`] and gives every call to a service
//!   its headers with [`inject`].
//! - A service opens [`rpc_server_span`] from those headers, or [`rpc_inner_span`] in the caller's own process; [`request_id`] reads the id for events and errors. For a
//!   caller from outside it opens [`rpc_request_span`] with an id of its own, and writes a line with [`log_call`].
//! - Whoever starts work of its own starts it with [`spawn`] or [`spawn_blocking`], so that the span follows;
//!   what it does for many requests at once with [`spawn_apart`].

mod export;
mod ids;
mod line;
mod log;
mod metrics;
mod propagate;
mod redact;
mod request_line;
mod setup;
mod spans;
mod task;
mod traceparent;

pub use gantry_config::LogFormat;
pub use metrics::Metrics;
pub use propagate::{inbound_trace_id, inject, request_id};
pub use redact::redact;
pub use request_line::{CallLine, RequestLine, log_call, log_request};
pub use setup::{Config, Guard, SHUTDOWN_LIMIT, TelemetryError, init, subscriber, subscriber_to};
pub use spans::{db_span, request_span, rpc_client_span, rpc_inner_span, rpc_request_span, rpc_server_span};
pub use task::{keep_at, part_by_part, spawn, spawn_apart, spawn_blocking};
