//! Logs, traces, propagation, the one line per request, redaction.
