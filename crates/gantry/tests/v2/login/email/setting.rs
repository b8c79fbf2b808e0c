//! `email_login`: whether a realm's mails sign in, and by what

use serde_json::{Value, json};

use crate::common::{App, TestRealm};

const OFF: &str = "This way to sign in is switched off";

async fn set(realm: &TestRealm<'_>, word: Value) -> Value {
    let path = format!("/v2/realms/{}", realm.id);
    let changed = realm.change(&path, json!({"realm": {"email_login": word}})).await;
    changed.expect(200)["email_login"].clone()
}

#[tokio::test]
async fn a_realm_s_mails_sign_nobody_in_unless_it_says_so() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.verified("ana@example.com").await;
    for _ in 0..2 {
        for email in ["ana@example.com", "nobody@example.com"] {
            assert_eq!(realm.ask_for_mail(email).await.errors(422), [OFF]);
        }
        assert_eq!(realm.enter(json!({"token": "tml:x"})).await.errors(422), [OFF]);
        assert_eq!(realm.history_types().await, ["user.created"]);
        // Null is the default again.
        set(&realm, json!("both")).await;
        assert_eq!(set(&realm, json!(null)).await, "off");
    }
    let path = format!("/v2/realms/{}", realm.id);
    let bad = realm.change(&path, json!({"realm": {"email_login": "sms"}})).await;
    assert_eq!(bad.errors(422), ["Email sign-in must be one of: off, link, code, both"]);
}

#[tokio::test]
async fn mails_bring_what_the_realm_says() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.verified("ana@example.com").await;
    for (word, link, code) in [("link", true, false), ("code", false, true), ("both", true, true)] {
        assert_eq!(set(&realm, json!(word)).await, word);
        let mail = realm.mail_to("ana@example.com").await;
        assert_eq!(
            (mail.link.is_some(), mail.code.is_some(), mail.handle.is_string()),
            (link, code, code),
            "{word}"
        );
    }
}

#[tokio::test]
async fn what_is_switched_off_stops_at_once() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "both"})).await;
    realm.verified("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    set(&realm, json!("off")).await;
    for body in [mail.by_link(), mail.by_code()] {
        assert_eq!(realm.enter(body).await.errors(422), [OFF]);
    }
    set(&realm, json!("code")).await;
    realm.enter(mail.by_link()).await.errors(422);
    set(&realm, json!("link")).await;
    realm.enter(mail.by_code()).await.errors(422);
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
    realm.enter(mail.by_link()).await.expect(200);
}
