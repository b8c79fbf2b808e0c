//! What a request asks for, read whole: the message for the service, and who sends it.

use std::time::Duration;

use axum::body::Body;
use gantry_kernel::{Problem, Reason, RequestId, Violation};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Route};
use gantry_rpc::CALLER;
use http::HeaderValue;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use crate::layers::Reading;
use crate::negotiate::{BodyKind, body_kind, check_accept, check_expect};
use crate::transcode::{path, tree};
use crate::{Gateway, caller, quirks, stream};

/// What a service is asked, and by whom.
pub(crate) async fn asked(
    gateway: &Gateway,
    route: &'static Route,
    parts: &Parts,
    body: Body,
    mut caller: Caller,
) -> Result<(Vec<u8>, http::HeaderMap), Problem> {
    let mut tree = read(gateway, route, parts, body).await?;
    stream::resume(route, &parts.headers, &mut tree);
    if route.rpc.access == Access::Session {
        tree.get("session")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .clone_into(&mut caller.session);
    }
    if let Some(id) = parts.extensions.get::<RequestId>() {
        id.as_str().clone_into(&mut caller.request_id);
    }
    let message = (route.encode)(Value::Object(tree)).map_err(|_detail| Problem {
        violations: vec![Violation::new("", "wrong_type")],
        ..Problem::new(Reason::Malformed)
    })?;
    let mut metadata = http::HeaderMap::new();
    metadata.insert(CALLER, caller::header(&caller));
    if let Ok(timeout) = HeaderValue::try_from(format!("{}m", millis(gateway.config.request_timeout))) {
        metadata.insert("grpc-timeout", timeout);
    }
    Ok((message, metadata))
}

fn millis(duration: Duration) -> u128 {
    // gRPC allows eight digits.
    duration.as_millis().min(99_999_999)
}

/// Reads query, body and path into one tree.
async fn read(gateway: &Gateway, route: &Route, parts: &Parts, body: Body) -> Result<tree::Tree, Problem> {
    let (query, body) = query_and_body(gateway, parts, body).await?;
    let params = path::params(route.path, parts.uri.path())?;
    let names: Vec<&str> = params.iter().map(|(name, _)| *name).collect();
    let named = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    quirks::apply(route, tree::merge(query, body, named), &names)
}

/// Reads what is sent, whatever it is for.
pub(crate) async fn sent(gateway: &Gateway, parts: &Parts, body: Body) -> Result<tree::Tree, Problem> {
    check_expect(&parts.headers)?;
    check_accept(&parts.headers)?;
    let (query, body) = query_and_body(gateway, parts, body).await?;
    Ok(tree::merge(query, body, []))
}

async fn query_and_body(gateway: &Gateway, parts: &Parts, body: Body) -> Result<(tree::Tree, tree::Tree), Problem> {
    let reading = parts.extensions.get::<Reading>().cloned().unwrap_or_default();
    reading.set(true);
    let collected = Limited::new(body, gateway.config.max_body_bytes).collect().await;
    reading.set(false);
    let bytes = match collected {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => return Err(Reason::BodyTooLarge.into()),
        // The client went away or broke the framing.
        Err(_broken) => return Err(Reason::Malformed.into()),
    };
    let body = match body_kind(&parts.headers, bytes.is_empty())? {
        BodyKind::Form => tree::from_form(&bytes)?,
        BodyKind::Json => tree::from_json(&bytes)?,
        BodyKind::Empty => tree::Tree::new(),
    };
    Ok((tree::from_query(parts.uri.query())?, body))
}
