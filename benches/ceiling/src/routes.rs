//! The requests that are measured.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use crate::{Ceiling, tokens};

/// Mounts them.
pub(crate) fn router(ceiling: Arc<Ceiling>) -> Router {
    Router::new()
        .route("/v2/login", post(login))
        .route("/v2/session", get(session))
        .route("/connect/jwks", get(jwks))
        .route("/v2/events", get(list_events).post(add_event))
        .with_state(ceiling)
}

/// Whatever goes wrong voids the run; nobody needs to know more.
struct Failure;

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(_: E) -> Self {
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

async fn login(State(ceiling): State<Arc<Ceiling>>, Json(login): Json<Login>) -> Result<Response, Failure> {
    let Some(user) = ceiling.store.find_user(&login.email).await? else {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    };
    let (id, email): (&str, &str) = (user.try_get(0)?, user.try_get(1)?);
    if !ceiling.hashing.check(user.try_get(2)?, login.password).await? {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    }
    let session = ceiling.tokens.session_id()?;
    let token = ceiling.tokens.sign(id, email, &session)?;
    let expires = i64::try_from(tokens::now()?)? + 24 * 3600;
    ceiling.store.add_session(&session, id, expires, &token).await?;
    Ok(full_login(&session, &token))
}

#[derive(Deserialize)]
struct Session {
    session: String,
}

async fn session(State(ceiling): State<Arc<Ceiling>>, Query(query): Query<Session>) -> Result<Response, Failure> {
    let Some(row) = ceiling.store.find_session(&query.session).await? else {
        return Ok(StatusCode::FORBIDDEN.into_response());
    };
    let expires: i64 = row.try_get(0)?;
    if expires <= i64::try_from(tokens::now()?)? {
        return Ok(StatusCode::FORBIDDEN.into_response());
    }
    Ok(full_login(&query.session, row.try_get(1)?))
}

async fn jwks(State(ceiling): State<Arc<Ceiling>>) -> Response {
    ([(CONTENT_TYPE, "application/json")], ceiling.tokens.jwks().to_owned()).into_response()
}

#[derive(Deserialize)]
struct OfUser {
    realm_id: String,
    user_id: String,
}

async fn list_events(State(ceiling): State<Arc<Ceiling>>, Query(query): Query<OfUser>) -> Result<Response, Failure> {
    let events = ceiling.events.as_ref().context("started without --events")?;
    Ok(Json(events.list(&query.realm_id, &query.user_id).await?).into_response())
}

async fn add_event(State(ceiling): State<Arc<Ceiling>>, Query(query): Query<OfUser>) -> Result<Response, Failure> {
    let events = ceiling.events.as_ref().context("started without --events")?;
    let now = i64::try_from(tokens::now()?)? * 1000;
    events.add(&query.realm_id, &query.user_id, now).await?;
    Ok((StatusCode::CREATED, Json(json!({"result": "okay"}))).into_response())
}

fn full_login(session: &str, token: &str) -> Response {
    let account = "org_0000000000000000000000";
    Json(json!({"result": "full_login", "session": session, "account": account, "token": token})).into_response()
}
