//! Who may not call, and what happens when Auth is not there or says what it should not.

use gantry_kernel::Reason;
use gantry_proto::Permission;
use gantry_proto::session::v2::{
    CheckTokenRequest, GetJwksRequest, GetLoginSessionRequest, ListSessionsRequest, OpenSessionRequest,
    ProvideKeyRequest,
};
use tonic::Request;

use super::outside::KEY;
use super::stage::{Stage, as_browser, as_service, as_writer, profile, realm, told, violations};

#[tokio::test]
async fn t_39_strangers_are_asked_for_a_key_and_are_not_believed() {
    let stage = Stage::new().await;
    let realm = realm(1);
    stage.open(&stage.user(&realm, 1)).await.unwrap();
    let bare = told(stage.client().list_sessions(ListSessionsRequest::default()).await).unwrap_err();
    assert_eq!(bare.reason, Reason::KeyMissing);

    let keyed = |key: &str, cluster: Option<&str>| {
        let mut request = Request::new(ListSessionsRequest::default());
        request
            .metadata_mut()
            .insert("authrocket-api-key", key.parse().unwrap());
        request
            .metadata_mut()
            .insert("authrocket-realm", realm.as_str().parse().unwrap());
        if let Some(cluster) = cluster {
            request
                .metadata_mut()
                .insert(gantry_rpc::CLUSTER, cluster.parse().unwrap());
        }
        request
    };
    let known = told(stage.client().list_sessions(keyed(KEY, None)).await).unwrap();
    assert_eq!(known.collection[0].id.len(), 26, "that key may only read");
    let unknown = told(stage.client().list_sessions(keyed("ks_unknown", None)).await).unwrap_err();
    assert_eq!(unknown.reason, Reason::KeyWrong);
    let posing = told(stage.client().list_sessions(keyed(KEY, Some("guessed"))).await).unwrap_err();
    assert_eq!(posing.reason, Reason::PeerUnknown);
}

#[tokio::test]
async fn t_01_what_services_alone_may_do_nobody_else_may() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let open = || OpenSessionRequest {
        profile: Some(profile(&realm, 1)),
        request: None,
    };
    let provide = || ProvideKeyRequest {
        realm_id: realm.as_str().to_owned(),
        algo: "hs256".to_owned(),
    };
    let mut client = stage.client();
    let manage = Permission::Manage;
    let refused = [
        told(client.open_session(as_browser(open(), &realm, "")).await).err(),
        told(client.open_session(super::stage::as_key(open(), &realm, manage)).await).err(),
        told(client.provide_key(as_browser(provide(), &realm, "")).await).err(),
        told(
            client
                .provide_key(super::stage::as_key(provide(), &realm, manage))
                .await,
        )
        .err(),
        told(
            client
                .list_sessions(as_browser(ListSessionsRequest::default(), &realm, ""))
                .await,
        )
        .err(),
        told(
            client
                .check_token(as_browser(CheckTokenRequest::default(), &realm, ""))
                .await,
        )
        .err(),
        told(
            client
                .get_login_session(as_browser(GetLoginSessionRequest::default(), &realm, ""))
                .await,
        )
        .err(),
    ];
    assert!(refused.iter().all(Option::is_some), "{refused:?}");
    assert_eq!(stage.texts("SELECT id AS text FROM session_sessions").await, [""; 0]);
    assert_eq!(stage.texts("SELECT id AS text FROM session_keys").await, [""; 0]);
    assert!(client.get_jwks(as_browser(GetJwksRequest {}, &realm, "")).await.is_ok());
}

#[tokio::test]
async fn open_session_refuses_users_who_may_not_log_in_and_profiles_that_are_none() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let mut sleeper = profile(&realm, 1);
    sleeper.active = false;
    assert_eq!(
        violations(&stage.open(&sleeper).await.unwrap_err()),
        ["user_id:user_inactive"]
    );
    let mut odd = profile(&realm, 1);
    odd.jwt_algo = "none".to_owned();
    assert_eq!(stage.open(&odd).await.unwrap_err().reason, Reason::Internal);
    let mut lost = profile(&realm, 1);
    lost.realm_id = String::new();
    assert_eq!(stage.open(&lost).await.unwrap_err().reason, Reason::Internal);
    let empty = told(
        stage
            .client()
            .open_session(as_service(OpenSessionRequest::default()))
            .await,
    )
    .unwrap_err();
    assert_eq!(empty.reason, Reason::Malformed);
    assert_eq!(stage.texts("SELECT id AS text FROM session_sessions").await, [""; 0]);
}

#[tokio::test]
async fn an_auth_that_speaks_of_somebody_else_is_a_defect_and_makes_no_token() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    stage.auth.change(&user.user_id, |profile| {
        profile.user_id = "usr_0000000000000000000099".to_owned()
    });
    assert_eq!(
        stage.look(&realm, &opened.id, None).await.unwrap_err().reason,
        Reason::Internal
    );
}

#[tokio::test]
async fn t_22_a_forged_session_is_refused_without_a_question_to_database_or_auth() {
    let stage = Stage::new().await;
    let realm = realm(1);
    // Without its table every question to the database would fail with another reason.
    stage.sql("DROP TABLE session_sessions").await;
    let forged = format!("kss_{}", "0".repeat(44));
    assert_eq!(
        stage.look(&realm, &forged, None).await.unwrap_err().reason,
        Reason::SessionInvalid
    );
    assert_eq!(stage.auth.calls(), 0);
    let list = told(
        stage
            .client()
            .list_sessions(as_writer(ListSessionsRequest::default(), &realm))
            .await,
    )
    .unwrap_err();
    assert_eq!(list.reason, Reason::Internal);
    assert_eq!(list.violations, []);
}
