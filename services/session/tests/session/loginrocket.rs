//! The LoginRocket API (contract 2.2 to 2.4): the session that a browser holds.

use gantry_kernel::Reason;
use gantry_proto::session::v2::{CheckSessionRequest, CheckSessionResponse, DeleteLoginSessionRequest, LoginResult};

use super::stage::{Stage, as_browser, as_writer, realm, record, told, violations};
use super::tokens::claims;

async fn leave(stage: &Stage, realm: &gantry_kernel::RealmId, session: Option<&str>) -> Result<LoginResult, Reason> {
    let request = DeleteLoginSessionRequest {
        session: session.map(str::to_owned),
    };
    let answer = stage
        .client()
        .delete_login_session(as_browser(request, realm, ""))
        .await;
    told(answer).map_err(|problem| problem.reason)
}

#[tokio::test]
async fn a_held_session_is_a_full_login() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let found = stage.look(&realm, &opened.id, None).await.unwrap();
    let expected = LoginResult {
        result: "full_login".to_owned(),
        session: Some(opened.id.clone()),
        account: Some("org_1".to_owned()),
        token: opened.token.clone(),
        conditions: None,
        mfa_types: None,
        accounts: None,
    };
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_account_is_chosen_for_one_call_and_must_be_the_users() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let second = stage.look(&realm, &opened.id, Some("org_2")).await.unwrap();
    assert_eq!(second.account.as_deref(), Some("org_2"));
    let orgs = claims(second.token.as_deref().unwrap())["orgs"].clone();
    assert_eq!(orgs.as_array().unwrap().len(), 1);
    assert_eq!((&orgs[0]["oid"], &orgs[0]["selected"]), (&"org_2".into(), &true.into()));
    // Not sticky (contract 2.3).
    let first = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(first.account.as_deref(), Some("org_1"));
    assert_eq!(claims(first.token.as_deref().unwrap())["orgs"][0]["oid"], "org_1");

    let problem = stage.look(&realm, &opened.id, Some("org_9")).await.unwrap_err();
    assert_eq!(violations(&problem), ["account:account_not_member"]);
}

#[tokio::test]
async fn a_condition_keeps_it_from_being_a_full_login() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let mut user = stage.user(&realm, 1);
    user.account = None;
    user.conditions = vec!["no_account_selected".to_owned()];
    stage.auth.put(user.clone());
    let opened = stage.open(&user).await.unwrap();
    assert_eq!(opened.token, None);
    let found = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(found.result, "conditional_login");
    assert_eq!(
        (found.session, found.account, found.token),
        (Some(opened.id.clone()), None, None)
    );
    assert_eq!(found.conditions.unwrap().items, ["no_account_selected"]);
    // Once it is met the same session is a full login.
    stage.auth.change(&user.user_id, |profile| {
        profile.conditions.clear();
        profile.account = Some("org_1".to_owned());
    });
    let found = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(found.result, "full_login");
    assert_eq!(claims(found.token.as_deref().unwrap())["sid"], opened.id);
}

#[tokio::test]
async fn t_21_signing_out_refuses_at_once() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let left = leave(&stage, &realm, Some(&opened.id)).await.unwrap();
    let okay = LoginResult {
        result: "okay".to_owned(),
        ..LoginResult::default()
    };
    assert_eq!(left, okay);
    let look = stage.look(&realm, &opened.id, None).await.unwrap_err();
    assert_eq!(look.reason, Reason::SessionInvalid);
    assert_eq!(leave(&stage, &realm, Some(&opened.id)).await, Ok(okay));
}

#[tokio::test]
async fn t_22_a_records_name_neither_opens_nor_ends_a_session() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let forged = format!("{}{}", record(&opened.id), "0".repeat(22));
    for session in [
        "",
        record(&opened.id),
        &forged,
        opened.token.as_deref().unwrap(),
        "kss_\u{e9}",
    ] {
        let look = stage.look(&realm, session, None).await.unwrap_err();
        assert_eq!(look.reason, Reason::SessionInvalid, "{session}");
        let left = leave(&stage, &realm, Some(session)).await;
        if session.is_empty() {
            assert_eq!(left, Err(Reason::SessionInvalid));
        } else {
            assert_eq!(left.unwrap().result, "okay");
        }
    }
    assert_eq!(leave(&stage, &realm, None).await, Err(Reason::SessionInvalid));
    let check = async |session: &str| {
        let request = CheckSessionRequest {
            session: session.to_owned(),
            realm_id: None,
        };
        told(stage.client().check_session(as_writer(request, &realm)).await).unwrap()
    };
    assert_eq!(check(record(&opened.id)).await, CheckSessionResponse::default());
    assert_eq!(check(&forged).await, CheckSessionResponse::default());
    let good = check(&opened.id).await;
    assert!(good.valid);
    assert_eq!(
        (good.session_id, good.user_id, good.expires_at),
        (opened.id.clone(), opened.user_id, opened.expires_at)
    );
    assert_eq!(stage.look(&realm, &opened.id, None).await.unwrap().result, "full_login");
}
