//! T-39: what services tell each other is believed from each other alone, over HTTP and over gRPC.

use std::sync::Arc;

use gantry::{Gantry, Roles, World};
use gantry_config::Config;
use gantry_kernel::{Reason, Secret, SeededRng};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Permission, RPCS};
use reqwest::Method;
use serde_json::json;

use crate::common::{App, Grpc, ROOT_KEY, Reply};

const SECRET: &str = "a-secret-that-services-share";

fn claim(realm: &str) -> String {
    let claimed = Caller {
        access: Access::Service as i32,
        permission: Permission::Manage as i32,
        realm_id: realm.to_owned(),
        key_realm_id: realm.to_owned(),
        ip: "203.0.113.99".to_owned(),
        session: "kss_1".to_owned(),
        ..Caller::default()
    };
    gantry_rpc::caller_header(&claimed).to_str().unwrap().to_owned()
}

async fn clustered() -> App {
    App::start_with(|config| config.cluster.secret = Some(Secret::new(SECRET))).await
}

#[tokio::test]
async fn t_39_an_outsider_s_internal_headers_mean_nothing_over_http() {
    let app = clustered().await;
    let (a, b) = (app.realm().await, app.realm().await);
    let user = b.user("bob@example.com").await;
    let reader = app.key("read", Some(&a.id)).await;
    let inside = |request: reqwest::RequestBuilder| {
        request
            .header("gantry-caller-bin", claim(&b.id))
            .header("gantry-cluster", SECRET)
            .header("gantry-session", "kss_1")
            .header("x-request-id", "rq_0vdbINw16QhITBp4iBhgX4")
            .header("grpc-timeout", "1n")
            .header("x-real-ip", "203.0.113.99")
    };
    let anyone = inside(app.anyone(Method::GET, "/v2/users"));
    assert_eq!(app.send(anyone).await.errors(403), ["An API key is needed"]);
    let create = inside(app.with_key(&reader, Method::POST, "/v2/users")).json(&json!({"email": "new@example.com"}));
    assert_eq!(app.send(create).await.errors(403), ["The API key does not permit this"]);
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    app.send(inside(app.with_key(&reader, Method::GET, &path)))
        .await
        .errors(404);
    // With a good key of their own they change nothing either, not even the time that the call may take.
    let list = inside(app.with_key(&reader, Method::GET, "/v2/users"));
    assert_eq!(app.send(list).await.expect(200)["collection"], json!([]));
    let login = inside(a.anyone(Method::POST, "/v2/login")).json(&json!({"email": "bob@example.com", "password": "x"}));
    let refused = app.send(login).await;
    assert_eq!(refused.errors(422), ["Login failed"]);
    let event = app.event(&a.id, refused.request_id()).await;
    assert_eq!(
        (&event["realm_id"], &event["request"]["ip"]),
        (&json!(a.id), &json!("127.0.0.1"))
    );
    let session = inside(a.anyone(Method::GET, "/v2/session"));
    app.send(session).await.errors(403);
}

#[tokio::test]
async fn t_39_the_rpcs_of_services_have_no_address_over_http() {
    let app = clustered().await;
    for rpc in RPCS {
        let request = app
            .root(Method::POST, rpc.path)
            .header("content-type", "application/grpc")
            .header("gantry-cluster", SECRET);
        app.send(request).await.errors(404);
    }
}

#[tokio::test]
async fn t_39_an_outsider_s_metadata_means_nothing_over_grpc() {
    let app = clustered().await;
    let realm = app.realm().await;
    let claimed = claim(&realm.id);
    let metadata = [
        ("authrocket-api-key", ROOT_KEY),
        ("authrocket-realm", realm.id.as_str()),
        ("gantry-caller-bin", claimed.as_str()),
        ("x-forwarded-for", "203.0.113.98"),
        ("x-real-ip", "203.0.113.97"),
    ];
    let grpc = Grpc::to(&app, &metadata);
    let mut auth = gantry_proto::auth::v2::auth_client::AuthClient::new(grpc.channel.clone());
    let message = gantry_proto::auth::v2::CreateOrgRequest {
        org: Some(gantry_proto::auth::v2::OrgInput {
            name: Some("One".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let made = auth.create_org(grpc.request(message)).await.unwrap();
    let id = made.metadata().get("x-request-id").unwrap().to_str().unwrap();
    // A back end's connection says nothing about its user, and what it claims to be says nothing at all.
    let event = app.event(&realm.id, id).await;
    assert_eq!(event["request"], json!({"ip": null, "client": null}));
}

#[tokio::test]
async fn t_39_without_a_secret_nobody_is_a_peer() {
    let app = App::start().await;
    for guess in ["", "x", SECRET, "null", "undefined"] {
        let peer = Grpc::to(&app, &[("gantry-cluster", guess), ("gantry-caller-bin", &claim(""))]);
        for rpc in RPCS {
            assert_eq!(
                peer.reason(rpc).await,
                Some(Reason::PeerUnknown),
                "{guess:?} {}",
                rpc.path
            );
        }
    }
}

/// A gateway in a process of its own, as far as it can tell.
async fn gateway_of(app: &App, secret: &str) -> gantry::Running {
    let mut config = Config::default();
    config.http.addr = ([127, 0, 0, 1], 0).into();
    config.cluster.secret = Some(Secret::new(secret));
    let url = format!("http://{}", app.running.grpc.unwrap());
    config.wires.auth = Some(url.clone());
    config.wires.session = Some(url.clone());
    config.wires.event = Some(url);
    let roles = Roles {
        gateway: true,
        auth: false,
        session: false,
        event: false,
    };
    let world = World {
        clock: app.clock.clone(),
        rng: Arc::new(SeededRng::new(9)),
        mails: None,
    };
    Gantry { config, roles, world }.start().await.unwrap()
}

#[tokio::test]
async fn t_39_a_gateway_is_known_by_the_secret() {
    let app = clustered().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for (secret, good) in [(SECRET, true), ("another-secret-altogether", false)] {
        let gateway = gateway_of(&app, secret).await;
        let url = |path: &str| format!("http://{}{path}", gateway.http.unwrap());
        let list = app
            .client
            .get(url("/v2/users"))
            .header("authrocket-api-key", ROOT_KEY)
            .header("authrocket-realm", &realm.id);
        let body = json!({"email": "ana@example.com", "password": crate::common::PASSWORD});
        let login = app
            .client
            .post(url("/v2/login"))
            .header("host", &realm.host)
            .json(&body);
        let ready = app.client.get(url("/health/ready"));
        for (request, status) in [(list, 200), (login, 200), (ready, 200)] {
            let reply = Reply::of(request.send().await.unwrap()).await;
            assert_eq!(reply.status == status, good, "{reply:?}");
            assert!(!reply.text.contains("ana@example.com") || good, "{reply:?}");
        }
        gateway.stop().await;
    }
}
