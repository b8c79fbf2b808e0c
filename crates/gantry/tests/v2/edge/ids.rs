//! T-41: hostile texts where ids belong. They are not found, refused or malformed, never a failure of ours.

use gantry_kernel::Reason;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{
    GetOrgRequest, GetUserRequest, ListMembershipsRequest, ListOrgsRequest, ListUsersRequest,
};
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::event::v2::{GetEventRequest, ListEventsRequest};
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{GetSessionRequest, ListSessionsRequest};
use gantry_proto::{Access, ROUTES, Route};
use reqwest::Method;
use serde_json::json;

use crate::common::{App, Grpc, PASSWORD, ROOT_KEY};

/// Texts that have broken something somewhere.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "'",
        "''",
        "' OR '1'='1",
        "'; DROP TABLE auth_users; --",
        "usr_1' UNION SELECT secret FROM auth_credentials --",
        "1) OR (1=1",
        "\"",
        "\\",
        "`",
        "%",
        "%%",
        "_",
        "usr_%",
        "usr_______________________",
        "*",
        "$1",
        "${jndi:ldap://127.0.0.1/x}",
        "{{7*7}}",
        "%s%s%n",
        "..",
        "../../etc/passwd",
        "..\\..\\windows",
        "/",
        "//",
        ".",
        "\0",
        "usr_\0",
        "\r\nX-Injected: 1",
        "\u{7f}",
        "\u{feff}",
        "\u{202e}resu",
        "é",
        "名前",
        "👩‍👩‍👧",
        "-1",
        "0",
        "1e309",
        "NaN",
        "9223372036854775808",
        "null",
        "undefined",
        "true",
        "[]",
        "{}",
        "<script>alert(1)</script>",
        "usr_",
        "USR_0000000000000000000001",
        "usr_00000000000000000000001",
        "usr_000000000000000000000!",
        "usr_zzzzzzzzzzzzzzzzzzzzzz",
        "org_0000000000000000000001",
        "rl_zzzzzzzzzzzzzzzzzzzzzz",
        "kss_zzzzzzzzzzzzzzzzzzzzzz",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJ.eyJ.eyJ",
        "..a",
        "a@b@c",
        "@",
        "' @example.com",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("x".repeat(2000));
    all.push("🙂".repeat(250));
    all
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A test for each list, with the fields of it that name things.
macro_rules! hostile_filters {
    ($( $test:ident: $list:literal [$( $filter:ident )*] )*) => { $(
        #[tokio::test]
        async fn $test() {
            find_nothing($list, &[$( stringify!($filter) ),*]).await;
        }
    )*
        /// The lists that were tried.
        const FILTERED: &[&str] = &[$( $list ),*];
    };
}

hostile_filters! {
    t_41_hostile_filters_of_realms_find_nothing: "realms" [after state]
    t_41_hostile_filters_of_users_find_nothing: "users" [after state email username reference realm_id sort direction expand]
    t_41_hostile_filters_of_orgs_find_nothing: "orgs" [after state reference realm_id sort direction expand]
    t_41_hostile_filters_of_memberships_find_nothing: "memberships" [after user_id org_id realm_id]
    t_41_hostile_filters_of_invitations_find_nothing: "invitations" [after email invitation_type org_id inviting_user_id realm_id sort direction]
    t_41_hostile_filters_of_client_apps_find_nothing: "client_apps" [after realm_id]
    t_41_hostile_filters_of_domains_find_nothing: "domains" [after realm_id]
    t_41_hostile_filters_of_auth_providers_find_nothing: "auth_providers" [after state realm_id sort direction]
    t_41_hostile_filters_of_authorize_urls_find_nothing: "auth_providers/authorize" [redirect_uri nonce realm_id]
    t_41_hostile_filters_of_sessions_find_nothing: "sessions" [after user_id realm_id]
    t_41_hostile_filters_of_events_find_nothing: "events" [after event_type user_id org_id membership_id auth_provider_id invitation_id hook_id request_id created_at_after created_at_before realm_id]
    t_41_hostile_filters_of_hooks_find_nothing: "hooks" [after realm_id]
    t_41_hostile_filters_of_smtp_providers_find_nothing: "smtp_providers" [after realm_id]
    t_41_hostile_filters_of_list_providers_find_nothing: "mailing_list_providers" [after realm_id]
    t_41_hostile_filters_of_subscriptions_find_nothing: "mailing_list_subscriptions" [after hook_id user_id realm_id]
    t_41_hostile_filters_of_notifications_find_nothing: "notifications" [after hook_id state created_at_after created_at_before realm_id]
    t_41_hostile_filters_of_keys_find_nothing: "jwt_keys" [after realm_id]
}

#[tokio::test]
async fn t_41_hostile_ids_in_paths_find_nothing_to_read() {
    are_not_found("GET").await;
}

#[tokio::test]
async fn t_41_hostile_ids_in_paths_find_nothing_to_act_on() {
    are_not_found("POST").await;
}

#[tokio::test]
async fn t_41_hostile_ids_in_paths_find_nothing_to_change() {
    are_not_found("PUT").await;
}

#[tokio::test]
async fn t_41_hostile_ids_in_paths_find_nothing_to_delete() {
    are_not_found("DELETE").await;
}

#[test]
fn t_41_no_verb_goes_untried() {
    for route in ROUTES {
        assert!(["GET", "POST", "PUT", "DELETE"].contains(&route.verb), "{}", route.path);
    }
}

async fn are_not_found(verb: &str) {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let named = |route: &&Route| route.verb == verb && route.path.contains("{id}");
    for route in ROUTES.iter().filter(named) {
        for text in hostile() {
            let path = route.path.replace("{id}", &escaped(&text));
            let request = app
                .root(route.verb.parse().unwrap(), &path)
                .header("authrocket-realm", &realm.id);
            let request = if route.verb == "GET" {
                request
            } else {
                request.json(&json!({"password": PASSWORD, "name": "X"}))
            };
            let reply = app.send(request).await;
            // A dot is no id but "here", to clients as to us: what is left of the path may be another's, with other verbs or other needs.
            let nowhere = matches!(reply.status, 400 | 404) || text == "." && matches!(reply.status, 405 | 422);
            assert!(nowhere, "{} {text:?}: {reply:?}", route.path);
            assert!(
                reply.json()["errors"].is_array() && !reply.headers.contains_key("x-injected"),
                "{text:?}: {reply:?}"
            );
        }
    }
    assert_eq!(
        app.get(&format!("/v2/users?realm_id={}", realm.id)).await.expect(200)["collection"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn find_nothing(list: &str, filters: &[&str]) {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for filter in filters {
        for text in hostile() {
            let path = format!("/v2/{list}?{filter}={}", escaped(&text));
            let reply = app
                .send(app.root(Method::GET, &path).header("authrocket-realm", &realm.id))
                .await;
            assert!(
                matches!(reply.status, 200 | 400 | 404 | 422),
                "{list} {filter} {text:?}: {reply:?}"
            );
            // A time may be any number; a filter by a name that nobody has shows nothing.
            if reply.status == 200
                && ![
                    "after",
                    "created_at_after",
                    "created_at_before",
                    "sort",
                    "direction",
                    "expand",
                ]
                .contains(filter)
            {
                assert_eq!(reply.json()["collection"], json!([]), "{list} {filter} {text:?}");
            }
        }
    }
}

#[tokio::test]
async fn t_41_hostile_names_in_bodies_and_headers_open_nothing() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    for text in hostile() {
        let nul = text.contains('\0');
        let bodies = [
            ("/v2/memberships", json!({"user_id": text, "org_id": text})),
            ("/v2/sessions", json!({"user_id": text})),
            ("/v2/orgs", json!({"realm_id": text, "name": "X"})),
        ];
        for (path, body) in bodies {
            let request = app
                .root(Method::POST, path)
                .header("authrocket-realm", &realm.id)
                .json(&body);
            let reply = app.send(request).await;
            assert!(matches!(reply.status, 400 | 404 | 422), "{path} {text:?}: {reply:?}");
        }
        let logins = [
            json!({"email": text, "password": PASSWORD}),
            json!({"username": text, "password": text}),
            json!({"email": "ana@example.com", "password": PASSWORD, "account": text}),
        ];
        for body in logins {
            let reply = realm.post("/v2/login", body.clone()).await;
            // A blank account is none at all.
            assert_eq!(reply.status, if nul { 400 } else { 422 }, "{body}: {reply:?}");
        }
        for path in ["/v2/session?session=", "/v2/session?account=x&session="] {
            let reply = realm.get(&format!("{path}{}", escaped(&text))).await;
            assert_eq!(reply.status, if nul { 400 } else { 403 }, "{path}{text:?}: {reply:?}");
        }
        let Ok(header) = http::HeaderValue::from_bytes(text.as_bytes()) else {
            continue;
        };
        let by_key = app
            .anyone(Method::GET, "/v2/users")
            .header("authrocket-api-key", header.clone());
        assert_eq!(app.send(by_key).await.status, 403, "{text:?}");
        let in_realm = app
            .root(Method::GET, "/v2/users")
            .header("authrocket-realm", header.clone());
        assert!(matches!(app.send(in_realm).await.status, 400 | 404), "{text:?}");
        let at_host = app.anyone(Method::GET, "/connect/jwks").header("host", header);
        assert!(matches!(app.send(at_host).await.status, 400 | 404), "{text:?}");
    }
    let users = app.get(&format!("/v2/users?realm_id={}", realm.id)).await.expect(200);
    assert_eq!(users["collection"].as_array().unwrap().len(), 1);
    assert_eq!(users["collection"][0]["id"], user["id"]);
}

#[tokio::test]
async fn t_41_hostile_texts_over_grpc_are_no_failure_of_ours() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    let grpc = Grpc::to(
        &app,
        &[("authrocket-api-key", ROOT_KEY), ("authrocket-realm", &realm.id)],
    );
    let mut auth = AuthClient::new(grpc.channel.clone());
    let mut session = SessionClient::new(grpc.channel.clone());
    let mut event = EventClient::new(grpc.channel.clone());
    for text in hostile() {
        let id = || text.clone();
        let some = || Some(text.clone());
        let mut told: Vec<Option<tonic::Status>> = Vec::new();
        told.push(
            auth.get_user(grpc.request(GetUserRequest {
                id: id(),
                ..Default::default()
            }))
            .await
            .err(),
        );
        told.push(
            auth.get_org(grpc.request(GetOrgRequest {
                id: id(),
                ..Default::default()
            }))
            .await
            .err(),
        );
        let users = ListUsersRequest {
            email: some(),
            username: some(),
            reference: some(),
            state: some(),
            ..Default::default()
        };
        told.push(auth.list_users(grpc.request(users)).await.err());
        let orgs = ListOrgsRequest {
            reference: some(),
            state: some(),
            ..Default::default()
        };
        told.push(auth.list_orgs(grpc.request(orgs)).await.err());
        let memberships = ListMembershipsRequest {
            user_id: some(),
            org_id: some(),
            ..Default::default()
        };
        told.push(auth.list_memberships(grpc.request(memberships)).await.err());
        told.push(
            session
                .get_session(grpc.request(GetSessionRequest {
                    id: id(),
                    ..Default::default()
                }))
                .await
                .err(),
        );
        let sessions = ListSessionsRequest {
            user_id: some(),
            ..Default::default()
        };
        told.push(session.list_sessions(grpc.request(sessions)).await.err());
        told.push(
            event
                .get_event(grpc.request(GetEventRequest {
                    id: id(),
                    ..Default::default()
                }))
                .await
                .err(),
        );
        let events = ListEventsRequest {
            event_type: vec![id()],
            user_id: some(),
            ..Default::default()
        };
        told.push(event.list_events(grpc.request(events)).await.err());
        for (place, status) in told.iter().enumerate() {
            let reason = status.as_ref().map(|status| gantry_rpc::from_status(status).reason);
            let fine = matches!(
                reason,
                None | Some(Reason::NotFound | Reason::Invalid | Reason::Malformed)
            );
            assert!(fine, "{place} {text:?}: {status:?}");
        }
    }
}

#[test]
fn t_41_every_filter_of_the_contract_is_tried() {
    let lists = ROUTES
        .iter()
        .filter(|route| route.verb == "GET" && route.rpc.method.starts_with("List"))
        .filter(|route| route.rpc.access == Access::Key);
    for route in lists.filter(|route| !route.path.contains("{id}")) {
        let known = FILTERED.iter().any(|list| route.path == format!("/v2/{list}"));
        assert!(known, "{} is not in the table of T-41", route.path);
    }
}
