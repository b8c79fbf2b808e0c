//! Sessions and tokens at the edge of their lives.

use gantry_kernel::{RealmId, Reason};
use gantry_proto::session::v2::{
    CheckSessionRequest, CheckTokenRequest, DeleteSessionRequest, GetSessionRequest, ListSessionsRequest,
};

use super::stage::{START_S, Stage, as_writer, realm, told};
use super::tokens::claims;

/// Whether each way of asking finds the session alive.
async fn alive(stage: &Stage, realm: &RealmId, session: &str, token: &str) -> Vec<bool> {
    let get = GetSessionRequest {
        id: session.to_owned(),
        ..GetSessionRequest::default()
    };
    let check_session = CheckSessionRequest {
        session: session.to_owned(),
        realm_id: None,
    };
    let check_token = CheckTokenRequest {
        token: token.to_owned(),
        realm_id: None,
    };
    let mut client = stage.client();
    let list = client
        .list_sessions(as_writer(ListSessionsRequest::default(), realm))
        .await;
    vec![
        stage.look(realm, session, None).await.is_ok(),
        client.get_session(as_writer(get, realm)).await.is_ok(),
        told(client.check_session(as_writer(check_session, realm)).await)
            .unwrap()
            .valid,
        told(client.check_token(as_writer(check_token, realm)).await)
            .unwrap()
            .valid,
        !told(list).unwrap().collection.is_empty(),
    ]
}

#[tokio::test]
async fn a_session_lives_to_the_last_millisecond_before_its_end() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let token = opened.token.unwrap();
    stage.clock.jump_to_ms(opened.expires_at * 1000 - 1);
    assert_eq!(alive(&stage, &realm, &opened.id, &token).await, [true; 5]);
    stage.clock.jump_to_ms(opened.expires_at * 1000);
    assert_eq!(alive(&stage, &realm, &opened.id, &token).await, [false; 5]);
    let delete = DeleteSessionRequest {
        id: opened.id.clone(),
        ..DeleteSessionRequest::default()
    };
    let deleted = told(stage.client().delete_session(as_writer(delete, &realm)).await);
    assert_eq!(deleted.unwrap_err().reason, Reason::NotFound);
}

#[tokio::test]
async fn t_21_a_user_who_is_not_active_or_gone_may_use_no_session() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.unwrap();
    let used = async || {
        let mut ways = alive(&stage, &realm, &opened.id, &token).await;
        // The list shows what there is to delete.
        ways.truncate(4);
        ways
    };
    assert_eq!(used().await, [true; 4]);
    stage.auth.change(&user.user_id, |profile| profile.active = false);
    assert_eq!(used().await, [false; 4]);
    stage.auth.change(&user.user_id, |profile| profile.active = true);
    assert_eq!(used().await, [true; 4]);
    stage.auth.remove(&user.user_id);
    assert_eq!(used().await, [false; 4]);
    let look = stage.look(&realm, &opened.id, None).await.unwrap_err();
    assert_eq!(look.reason, Reason::SessionInvalid);
}

#[tokio::test]
async fn a_short_lived_token_ends_alone_and_is_renewed_within_its_session() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let mut user = stage.user(&realm, 1);
    user.jwt_minutes = 10;
    stage.auth.put(user.clone());
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.clone().unwrap();
    assert_eq!(opened.expires_at, START_S + 3600);
    assert_eq!(claims(&token)["exp"], START_S + 600);
    // Five seconds of leeway, then it is not valid, though its session lives.
    for (second, valid) in [(600, true), (604, true), (605, false)] {
        stage.clock.jump_to_ms((START_S + second) * 1000);
        let check = CheckTokenRequest {
            token: token.clone(),
            realm_id: None,
        };
        assert_eq!(
            told(stage.client().check_token(as_writer(check, &realm)).await)
                .unwrap()
                .valid,
            valid,
            "{second}"
        );
    }
    let found = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(claims(found.token.as_deref().unwrap())["exp"], START_S + 605 + 600);
    // Never after its session.
    stage.clock.jump_to_ms((START_S + 3500) * 1000);
    let found = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(claims(found.token.as_deref().unwrap())["exp"], opened.expires_at);
}
