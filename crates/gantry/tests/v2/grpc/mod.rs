//! The same over gRPC: what a service with an API key can do.

use futures::StreamExt;
use gantry_proto::auth::v2::GetUserRequest;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::event::v2::WatchRequest;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{CheckSessionRequest, CheckTokenRequest};
use serde_json::json;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::common::App;

async fn channel(app: &App) -> Channel {
    Endpoint::from_shared(format!("http://{}", app.running.grpc.unwrap()))
        .unwrap()
        .connect()
        .await
        .unwrap()
}

fn with_key<T>(key: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authorization", format!("Bearer {key}").parse().unwrap());
    request
}

#[tokio::test]
async fn a_service_checks_tokens_sessions_and_users() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    let key = app.key("read", Some(&realm.id)).await;
    let channel = channel(&app).await;
    let mut sessions = SessionClient::new(channel.clone());
    let token = || CheckTokenRequest {
        token: login["token"].as_str().unwrap().to_owned(),
        realm_id: None,
    };
    let answer = sessions.check_token(with_key(&key, token())).await.unwrap();
    assert!(answer.metadata().get("x-request-id").is_some());
    let answer = answer.into_inner();
    assert!(answer.valid);
    assert_eq!(json!(answer.user_id), user["id"]);
    let session = login["session"].as_str().unwrap();
    let asked = || CheckSessionRequest {
        session: session.to_owned(),
        realm_id: None,
    };
    assert!(
        sessions
            .check_session(with_key(&key, asked()))
            .await
            .unwrap()
            .into_inner()
            .valid
    );
    let mut auth = AuthClient::new(channel.clone());
    let by_mail = GetUserRequest {
        id: "ana@example.com".to_owned(),
        ..GetUserRequest::default()
    };
    assert_eq!(
        json!(
            auth.get_user(with_key(&key, by_mail.clone()))
                .await
                .unwrap()
                .into_inner()
                .id
        ),
        user["id"]
    );

    realm
        .delete(&format!("/v2/session?session={session}"))
        .await
        .expect(200);
    assert!(
        !sessions
            .check_token(with_key(&key, token()))
            .await
            .unwrap()
            .into_inner()
            .valid
    );
    assert!(
        !sessions
            .check_session(with_key(&key, asked()))
            .await
            .unwrap()
            .into_inner()
            .valid
    );

    // Without a key, and with a key of another realm.
    assert_eq!(
        auth.get_user(by_mail.clone()).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    let foreign = app.key("manage", Some(&app.realm().await.id)).await;
    assert_eq!(
        auth.get_user(with_key(&foreign, by_mail)).await.unwrap_err().code(),
        Code::NotFound
    );
    let health = HealthClient::new(channel)
        .check(HealthCheckRequest {
            service: "gantry.auth.v2.Auth".to_owned(),
        })
        .await;
    assert_eq!(health.unwrap().into_inner().status, 1);
}

#[tokio::test]
async fn watching_goes_on_where_it_stopped() {
    let app = App::start().await;
    let realm = app.realm().await;
    let key = app.key("read", Some(&realm.id)).await;
    let mut events = EventClient::new(channel(&app).await);
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(realm.org(&format!("Org {n}")).await["id"].clone());
    }
    let watch = |cursor: &str| {
        let request = WatchRequest {
            cursor: cursor.to_owned(),
            event_type: vec!["org.".to_owned()],
            ..WatchRequest::default()
        };
        with_key(&key, request)
    };
    let mut seen = Vec::new();
    let mut cursor = "0".to_owned();
    // One at a time, with a new stream for each: no gap and no repetition.
    for n in 0..6 {
        if n >= 3 {
            made.push(realm.org(&format!("Later {n}")).await["id"].clone());
        }
        let mut stream = events.watch(watch(&cursor)).await.unwrap().into_inner();
        let next = loop {
            let response = stream.next().await.unwrap().unwrap();
            cursor = response.cursor;
            if let Some(event) = response.event {
                break event;
            }
        };
        seen.push(json!(next.org_id));
    }
    assert_eq!(seen, made);
}
