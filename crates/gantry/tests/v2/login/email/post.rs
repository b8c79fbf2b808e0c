//! `POST /v2/login/email` and `/v2/login/email/verify`

use reqwest::header::{ACCEPT_LANGUAGE, USER_AGENT};
use serde_json::json;

use crate::common::{App, claims};

#[tokio::test]
async fn a_link_signs_in_whoever_was_named_in_any_way() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "link"})).await;
    let user = json!({"email": "ana@example.com", "username": "ana", "email_verification": "verified"});
    let user = realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    let id = user["id"].as_str().unwrap();
    for body in [
        json!({"email": " ANA@example.com"}),
        json!({"email": "Ana"}),
        json!({"email": id}),
        json!({"username": "ana"}),
        json!({ "id": id }),
    ] {
        let asked = realm.post("/v2/login/email", body).await;
        // A link needs nothing beside it.
        assert_eq!(asked.expect(200), json!({"result": "login_requested"}));
        let event = app
            .event_of(&realm.id, asked.request_id(), "user.login.requested")
            .await;
        assert_eq!(event["user_id"], user["id"]);
        assert_eq!(event["request"]["ip"], "127.0.0.1");
        let token = event["token"].as_str().unwrap();
        assert!(token.starts_with("tml:") && token.len() == 26, "{token}");
        let request = realm.anyone(reqwest::Method::POST, "/v2/login/email/verify");
        let request = request
            .header(USER_AGENT, "Phone/1.0")
            .json(&json!({"token": format!(" {token}\n")}));
        let reply = app.send(request).await;
        let login = reply.expect(200);
        assert_eq!(login["result"], "full_login");
        assert!(login["account"].as_str().unwrap().starts_with("org_"));
        assert_eq!(claims(login["token"].as_str().unwrap())["sub"], user["id"]);
        let session = login["session"].as_str().unwrap();
        assert_eq!(realm.look(session).await.expect(200)["result"], "full_login");
        let event = app
            .event_of(&realm.id, reply.request_id(), "user.login.succeeded")
            .await;
        assert_eq!(
            (&event["user_id"], &event["session_id"]),
            (&user["id"], &json!(&session[..26]))
        );
        assert_eq!(event["request"], json!({"ip": "127.0.0.1", "client": "Phone/1.0"}));
        app.clock.advance_ms(3_600_000);
    }
}

#[tokio::test]
async fn a_code_signs_in_the_browser_that_asked_however_it_is_typed() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "code"})).await;
    let user = realm.verified("ana@example.com").await;
    for between in ["", "-", " ", " \u{2013} "] {
        let asked = realm.ask_for_mail("ana@example.com").await;
        let said = asked.expect(200);
        assert_eq!(said["result"], "login_requested");
        assert!(said["token"].as_str().unwrap().starts_with("tmh:"), "{said}");
        let token = app.mailed(&realm.id, &asked, "user.login.requested").await;
        // What names the mail is no link.
        let (name, code) = token.rsplit_once(':').unwrap();
        assert!(name.starts_with("tmc:") && code.len() == 8, "{token}");
        for token in [name, &token, &name.replace("tmc", "tml")] {
            realm.enter(json!({"token": token, "code": code})).await.errors(422);
        }
        let (one, two) = code.split_at(4);
        let typed = format!("{one}{between}{two}");
        let login = realm
            .enter(json!({"token": said["token"], "code": typed}))
            .await
            .expect(200);
        assert_eq!(login["result"], "full_login");
        assert_eq!(claims(login["token"].as_str().unwrap())["sub"], user["id"]);
    }
}

#[tokio::test]
async fn of_a_link_and_a_code_either_signs_in_and_then_neither() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "both"})).await;
    realm.verified("ana@example.com").await;
    for by_link in [true, false] {
        let mail = realm.mail_to("ana@example.com").await;
        let (first, then) = match by_link {
            true => (mail.by_link(), mail.by_code()),
            false => (mail.by_code(), mail.by_link()),
        };
        realm.enter(first.clone()).await.expect(200);
        for spent in [first, then] {
            realm.enter(spent).await.errors(422);
        }
    }
}

#[tokio::test]
async fn accounts_and_conditions_are_those_of_any_login() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"email_login": "both", "org_mode": "multi_user", "name_field": "required"}))
        .await;
    let user = realm.verified("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    for org in [&one, &two] {
        realm.join(&user, org).await;
    }
    let mail = realm.mail_to("ana@example.com").await;
    let login = realm.enter(mail.by_link()).await.expect(200);
    assert_eq!(login["result"], "conditional_login");
    assert_eq!(
        login["conditions"],
        json!(["no_account_selected", "must_complete_profile"])
    );
    assert!(login.get("token").is_none_or(|token| token.is_null()));
    let name = json!({"user": {"first_name": "Ana"}});
    realm.change("/v2/users/ana@example.com", name).await.expect(200);
    for (by_link, org) in [(true, &two), (false, &one)] {
        let mail = realm.mail_to("ana@example.com").await;
        let mut body = if by_link { mail.by_link() } else { mail.by_code() };
        body["account"] = org["id"].clone();
        let login = realm.enter(body).await.expect(200);
        assert_eq!(
            json!([login["result"], login["account"]]),
            json!(["full_login", org["id"]])
        );
    }
}

#[tokio::test]
async fn t_02_a_mailbox_is_no_second_factor() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"email_login": "both", "org_mode": "multi_user"}))
        .await;
    let user = realm.verified("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    for org in [&one, &two] {
        realm.join(&user, org).await;
    }
    let authenticator = realm.authenticator(&user).await;
    for by_link in [true, false] {
        let mail = realm.mail_to("ana@example.com").await;
        let mut body = if by_link { mail.by_link() } else { mail.by_code() };
        body["account"] = two["id"].clone();
        let reply = realm.enter(body).await;
        let half = reply.expect(200);
        assert_eq!(
            json!([half["result"], half["mfa_types"]]),
            json!(["mfa_required", ["totp"]])
        );
        assert!(half.get("session").is_none() && half.get("account").is_none(), "{half}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(event["event_type"], "user.login.initiated");
        assert_eq!(realm.list("/v2/sessions").await.len(), usize::from(!by_link));
        let code = json!({"token": half["token"], "code": authenticator.code(&app)});
        let full = realm.post("/v2/login/verify", code).await.expect(200);
        assert_eq!(
            json!([full["result"], full["account"]]),
            json!(["full_login", two["id"]])
        );
        app.clock.advance_ms(30_000);
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_caller_s_language() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "both"})).await;
    realm.verified("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    for body in [json!({}), json!({"email": " "}), json!({"email": null})] {
        let reply = realm.post("/v2/login/email", body).await;
        assert_eq!(reply.errors(422), ["Email is required"]);
    }
    for body in [json!({}), json!({"token": ""}), json!({"token": null, "code": "1"})] {
        assert_eq!(realm.enter(body).await.errors(422), ["Token is required"]);
    }
    for code in [json!(null), json!(" ")] {
        let reply = realm.enter(json!({"token": mail.handle, "code": code})).await;
        assert_eq!(reply.errors(422), ["Code is required"]);
    }
    let said = realm.enter(mail.by_wrong_code()).await.expect(422);
    assert_eq!(
        json!([said["result"], said["error"], said["errors"]]),
        json!(["error", "Verification failed", ["Verification failed"]])
    );
    let request = realm.anyone(reqwest::Method::POST, "/v2/login/email/verify");
    let request = request.header(ACCEPT_LANGUAGE, "de").json(&json!({"token": "tml:x"}));
    let said = app.send(request).await.errors(422);
    assert!(
        said[0].contains("Token") && said[0] != "The token is not valid or has expired",
        "{said:?}"
    );
    for strange in [json!({"email": {"$ne": ""}}), json!({"email": ["ana@example.com"]})] {
        realm.post("/v2/login/email", strange).await.errors(400);
    }
    for strange in [
        json!({"token": [mail.link]}),
        json!({"token": mail.handle, "code": [mail.code]}),
    ] {
        realm.enter(strange).await.errors(400);
    }
    // None of that has used anything up.
    realm.enter(mail.by_code()).await.expect(200);
}
