//! What Session lets Event know (contract 5.1): sessions that were ended before their time.

use gantry_proto::options::v1::RequestInfo;
use gantry_proto::session::v2::{DeleteLoginSessionRequest, DeleteSessionRequest};

use super::stage::{REQUEST_ID, START, START_S, Stage, as_browser, as_writer, realm, record};

#[tokio::test]
async fn a_deleted_session_is_told_with_where_the_call_came_from() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    stage.clock.advance_ms(5_000);
    let request = DeleteSessionRequest {
        id: opened.id.clone(),
        request: Some(RequestInfo {
            ip: Some("192.0.2.99".to_owned()),
            client: Some("Phone".to_owned()),
        }),
        realm_id: None,
    };
    stage.client().delete_session(as_writer(request, &realm)).await.unwrap();
    let event = stage.event().await;
    assert_eq!(event.event_type, "session.deleted");
    assert_eq!(event.event_at, (START + 5_000) as f64 / 1000.0);
    assert_eq!(event.realm_id, realm.as_str());
    assert_eq!(event.user_id.as_deref(), Some(user.user_id.as_str()));
    // The record's name: an event must not open the session it tells of.
    assert_eq!(event.session_id.as_deref(), Some(record(&opened.id)));
    assert_eq!(event.expires_at, Some(START_S + 3600));
    assert_eq!(event.request_id.as_deref(), Some(REQUEST_ID));
    let origin = event.request.unwrap();
    assert_eq!(
        (origin.ip.as_deref(), origin.client.as_deref()),
        (Some("192.0.2.99"), Some("Phone"))
    );
}

#[tokio::test]
async fn signing_out_is_told_with_the_browsers_address_and_ending_nothing_is_not_told() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let (expired, live) = (stage.open(&user).await.unwrap(), {
        stage.clock.advance_ms(1_800_000);
        stage.open(&user).await.unwrap()
    });
    stage.clock.advance_ms(1_800_000);
    for session in [
        expired.id.as_str(),
        record(&live.id),
        "kss_nothing",
        live.id.as_str(),
        live.id.as_str(),
    ] {
        let request = DeleteLoginSessionRequest {
            session: Some(session.to_owned()),
        };
        stage
            .client()
            .delete_login_session(as_browser(request, &realm, ""))
            .await
            .unwrap();
    }
    let event = stage.event().await;
    assert_eq!(event.session_id.as_deref(), Some(record(&live.id)));
    let origin = event.request.unwrap();
    assert_eq!(
        (origin.ip.as_deref(), origin.client.as_deref()),
        (Some("198.51.100.4"), Some("Firefox"))
    );
    // Events are told in order: had the others made one, it would stand before this one.
    let last = stage.open(&user).await.unwrap();
    let request = DeleteLoginSessionRequest {
        session: Some(last.id.clone()),
    };
    stage
        .client()
        .delete_login_session(as_browser(request, &realm, ""))
        .await
        .unwrap();
    assert_eq!(stage.event().await.session_id.as_deref(), Some(record(&last.id)));
}
