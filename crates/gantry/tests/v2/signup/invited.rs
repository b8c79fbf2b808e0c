//! `POST /v2/signup` by invitation (contract 2.4, 3.11)

use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, claims, field};

async fn sign_up_with(realm: &TestRealm<'_>, token: &str, email: Option<&str>) -> Reply {
    let body = json!({"email": email, "password": PASSWORD, "invitation": token});
    realm.post("/v2/signup", body).await
}

#[tokio::test]
async fn a_closed_door_opens_for_who_was_invited_alone() {
    let app = App::start().await;
    for (mode, said) in [
        ("invitation", "Invitation is required"),
        ("closed", "Sign-up is closed"),
    ] {
        let realm = app.realm_with(json!({ "signup": mode })).await;
        assert_eq!(realm.sign_up("ana@example.com").await.errors(422), [said]);
        for kind in ["referral", "request"] {
            let email = format!("{kind}@example.com");
            let token = realm.invite(json!({"invitation_type": kind, "email": email})).await;
            let reply = sign_up_with(&realm, &token, None).await;
            assert_eq!(reply.expect(200)["result"], "full_login", "{mode} {kind}");
            assert_eq!(realm.shown(&email).await["email_verification"], "none");
            let events = app.events(&realm.id, reply.request_id(), 5).await;
            let accepted = format!("invitation.{kind}.accepted");
            assert!(field(&events, "event_type").contains(&accepted), "{events:?}");
            // T-35: once.
            sign_up_with(&realm, &token, Some("other@example.com"))
                .await
                .errors(422);
        }
        assert_eq!(realm.list("/v2/users").await.len(), 2);
    }
}

#[tokio::test]
async fn whoever_is_invited_to_an_org_joins_it_with_what_it_grants() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"signup": "closed", "org_name_field": "required"}))
        .await;
    let org = realm.org("Acme").await;
    let token = realm
        .invite(
            json!({"invitation_type": "org", "email": "ana@example.com", "org_id": org["id"],
            "permissions": ["billing"]}),
        )
        .await;
    // It may be another address than the one that was written to.
    let reply = sign_up_with(&realm, &token, Some("ana.private@example.com")).await;
    let login = reply.expect(200);
    assert_eq!(
        json!([login["result"], login["account"]]),
        json!(["full_login", org["id"]])
    );
    let said = claims(login["token"].as_str().unwrap());
    assert_eq!(said["orgs"][0]["perm"], json!(["billing"]));
    assert_eq!(realm.list("/v2/orgs").await.len(), 1, "no org of their own");
    let events = app.events(&realm.id, reply.request_id(), 4).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(
        types,
        [
            "invitation.org.accepted",
            "membership.created",
            "user.created",
            "user.login.succeeded"
        ]
    );
}

#[tokio::test]
async fn t_35_what_an_invitation_lost_meanwhile_is_lost() {
    let app = App::start().await;
    let (realm, other) = (
        app.realm_with(json!({"signup": "closed"})).await,
        app.realm_with(json!({"signup": "closed"})).await,
    );
    let invitation = json!({"invitation_type": "referral", "email": "ana@example.com"});
    let token = realm.invite(invitation.clone()).await;
    // T-03: at another realm's host it is as good as none.
    let said = ["The invitation is not valid or has expired"];
    assert_eq!(sign_up_with(&other, &token, None).await.errors(422), said);
    app.clock.advance_ms(30 * 24 * 3600 * 1000);
    assert_eq!(sign_up_with(&realm, &token, None).await.errors(422), said);
    let org = realm.org("Acme").await;
    let token = realm
        .invite(json!({"invitation_type": "org", "email": "ana@example.com", "org_id": org["id"]}))
        .await;
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    realm.remove(&path).await.expect(200);
    sign_up_with(&realm, &token, None).await.errors(422);
    assert_eq!(
        realm.list("/v2/users").await,
        Vec::<Value>::new(),
        "all of it or nothing"
    );
    // T-17: other tokens are no invitations.
    let user = realm.user("bob@example.com").await;
    let path = format!("/v2/users/{}/generate_password_token", user["id"].as_str().unwrap());
    let reset = realm.create(&path, json!({})).await.expect(201);
    let wrong = reset["token"].as_str().unwrap();
    assert_eq!(
        sign_up_with(&realm, wrong, Some("a@example.com")).await.errors(422),
        said
    );
}

#[tokio::test]
async fn where_addresses_are_verified_first_the_mail_is_the_way_in() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_verification": "preverify"})).await;
    let reply = realm.sign_up("Ana@example.com").await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    let token = app.mailed(&realm.id, &reply, "invitation.preverify.invited").await;
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
    let made = &realm.list("/v2/invitations").await[0];
    assert_eq!(
        json!([made["invitation_type"], made["email"]]),
        json!(["preverify", "ana@example.com"])
    );
    // Asked again it is the same invitation, sent again.
    let again = realm.sign_up("ana@example.com").await;
    assert_eq!(
        app.mailed(&realm.id, &again, "invitation.preverify.invited").await,
        token
    );
    assert_eq!(realm.list("/v2/invitations").await.len(), 1);
    // It is for that address.
    let errors = sign_up_with(&realm, &token, Some("eve@example.com")).await.errors(422);
    assert_eq!(errors, ["Email must be the one that was invited"]);
    let login = sign_up_with(&realm, &token, None).await.expect(200);
    assert_eq!(login["result"], "full_login");
    assert_eq!(realm.shown("ana@example.com").await["email_verification"], "verified");
    assert_eq!(realm.list("/v2/invitations").await, Vec::<Value>::new());
}

#[tokio::test]
async fn t_07_verifying_first_tells_nobody_who_has_an_account() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_verification": "preverify"})).await;
    realm.user("ana@example.com").await;
    let (known, unknown) = (
        realm.sign_up("ana@example.com").await,
        realm.sign_up("new@example.com").await,
    );
    assert_eq!(known.expect(200), unknown.expect(200));
    let names = |reply: &Reply| reply.headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown));
    // Whoever has one is shown the way to it.
    let token = app.mailed(&realm.id, &known, "user.password.resetting").await;
    assert!(token.starts_with("tpw:"));
    app.mailed(&realm.id, &unknown, "invitation.preverify.invited").await;
    assert_eq!(realm.list("/v2/invitations").await.len(), 1);
}
