//! Sessions that Auth ends: of a user, of a realm, all but one (T-21).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{EndSessionsRequest, ListSessionsRequest};

use super::stage::{REQUEST_ID, START, START_S, Stage, as_browser, as_service, as_writer, realm, record, told};

fn of(realm: &gantry_kernel::RealmId) -> EndSessionsRequest {
    EndSessionsRequest {
        realm_id: realm.as_str().to_owned(),
        ..EndSessionsRequest::default()
    }
}

async fn end(stage: &Stage, request: EndSessionsRequest) -> bool {
    let answer = stage.client().end_sessions(as_service(request)).await;
    told(answer).unwrap().more
}

async fn live(stage: &Stage, realm: &gantry_kernel::RealmId) -> Vec<String> {
    let list = stage
        .client()
        .list_sessions(as_writer(ListSessionsRequest::default(), realm))
        .await;
    let list = told(list).unwrap().collection;
    list.into_iter().map(|session| session.id).collect()
}

#[tokio::test]
async fn all_sessions_of_a_user_end_but_the_one_to_keep_each_with_its_event() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let (ana, bea) = (stage.user(&realm, 1), stage.user(&realm, 2));
    let mut hers = Vec::new();
    for _ in 0..3 {
        hers.push(stage.open(&ana).await.unwrap().id);
    }
    let other = stage.open(&bea).await.unwrap().id;
    stage.clock.advance_ms(5_000);
    let request = EndSessionsRequest {
        user_id: Some(ana.user_id.clone()),
        keep: Some(hers[1].clone()),
        ..of(&realm)
    };
    assert!(!end(&stage, request.clone()).await);
    assert_eq!(live(&stage, &realm).await, [hers[1].clone(), other.clone()]);
    for gone in [&hers[0], &hers[2]] {
        let event = stage.event().await;
        assert_eq!(event.event_type, "session.deleted");
        assert_eq!(event.event_at, (START + 5_000) as f64 / 1000.0);
        assert_eq!(event.session_id.as_deref(), Some(record(gone)));
        assert_eq!(event.user_id.as_deref(), Some(ana.user_id.as_str()));
        assert_eq!(event.expires_at, Some(START_S + 3600));
        assert_eq!(event.request_id.as_deref(), Some(REQUEST_ID));
    }
    // Asked again it changes nothing and tells nothing: the next event is of what ends next.
    assert!(!end(&stage, request).await);
    assert!(!end(&stage, of(&realm)).await);
    let last = [stage.event().await.session_id, stage.event().await.session_id];
    assert_eq!(last, [&hers[1], &other].map(|id| Some(record(id).to_owned())));
    assert_eq!(live(&stage, &realm).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_late_second_try_ends_nothing_that_came_after() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let ana = stage.user(&realm, 1);
    stage.open(&ana).await.unwrap();
    stage.clock.advance_ms(1);
    let after = stage.open(&ana).await.unwrap().id;
    let request = EndSessionsRequest {
        user_id: Some(ana.user_id.clone()),
        opened_by_ms: Some(START),
        ..of(&realm)
    };
    assert!(!end(&stage, request).await);
    assert_eq!(live(&stage, &realm).await, [after]);
}

#[tokio::test]
async fn a_forged_key_keeps_nothing_and_an_expired_session_is_not_told_of() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let ana = stage.user(&realm, 1);
    stage.open(&ana).await.unwrap();
    stage.clock.advance_ms(3_600_000);
    let live_one = stage.open(&ana).await.unwrap().id;
    let forged = format!("{}0000000000000000000000", record(&live_one));
    let request = EndSessionsRequest {
        keep: Some(forged),
        ..of(&realm)
    };
    assert!(!end(&stage, request).await);
    assert_eq!(stage.event().await.session_id.as_deref(), Some(record(&live_one)));
    assert_eq!(live(&stage, &realm).await, Vec::<String>::new());
}

#[tokio::test]
async fn very_many_end_in_several_calls() {
    let stage = Stage::new().await;
    let (realm, other) = (realm(1), realm(2));
    let (ana, bea) = (stage.user(&realm, 1), stage.user(&other, 2));
    stage.open(&ana).await.unwrap();
    let kept = stage.open(&bea).await.unwrap().id;
    let copies = "INSERT INTO session_sessions (id, realm_id, user_id, created_at, expires_at) \
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2200) \
        SELECT 'kss_' || substr('0000000000000000000000', 1, 22 - length(CAST(i AS text))) || CAST(i AS text), \
        realm_id, user_id, created_at, expires_at FROM n, session_sessions WHERE realm_id = ";
    assert_eq!(stage.sql(&format!("{copies}'{}'", realm.as_str())).await, 2200);
    assert!(end(&stage, of(&realm)).await, "2000 of 2201 ended");
    assert!(!end(&stage, of(&realm)).await);
    assert_eq!(live(&stage, &realm).await, Vec::<String>::new());
    assert_eq!(live(&stage, &other).await, [kept]);
}

#[tokio::test]
async fn t_01_only_a_service_of_this_installation_ends_them() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let ana = stage.user(&realm, 1);
    let session = stage.open(&ana).await.unwrap().id;
    let refused = |answer| {
        told::<gantry_proto::session::v2::EndSessionsResponse>(answer)
            .unwrap_err()
            .reason
    };
    let mut client = stage.client();
    let reason = refused(client.end_sessions(as_writer(of(&realm), &realm)).await);
    assert_eq!(reason, Reason::PermissionMissing);
    let reason = refused(client.end_sessions(as_browser(of(&realm), &realm, &session)).await);
    assert_eq!(reason.http(), 403, "{reason:?}");
    assert_eq!(live(&stage, &realm).await, [session]);
    let wrong = EndSessionsRequest {
        user_id: Some("' or 1=1".to_owned()),
        ..of(&realm)
    };
    assert_eq!(refused(client.end_sessions(as_service(wrong)).await), Reason::Invalid);
}
