//! T-05: a mail that signs in shows whose the address is

use serde_json::json;

use crate::common::{App, PASSWORD};

#[tokio::test]
async fn t_05_who_took_an_address_before_its_owner_came_gets_in_no_more() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "both"})).await;
    for (email, by_link) in [("ana@example.com", true), ("bob@example.com", false)] {
        // The thief signs up with the victim's address, which nobody has checked, and leaves doors open.
        let thief = realm.sign_up(email).await.expect(200);
        let session = thief["session"].as_str().unwrap();
        let asked = format!("/v2/users/{email}/generate_password_token");
        let reset = realm.create(&asked, json!({})).await.expect(201);
        let pending = json!({"user": {"email_pending": "thief@example.com"}});
        realm.change(&format!("/v2/users/{email}"), pending).await.expect(200);

        let mail = realm.mail_to(email).await;
        let reply = realm.enter(if by_link { mail.by_link() } else { mail.by_code() }).await;
        let login = reply.expect(200);
        assert_eq!(login["result"], "full_login");
        let verified = app.event_of(&realm.id, reply.request_id(), "user.email.verified").await;
        assert_eq!(verified["event_type"], "user.email.verified");
        app.event_of(&realm.id, reply.request_id(), "session.deleted").await;

        let shown = realm.shown(email).await;
        assert_eq!(
            json!([
                shown["email_verification"],
                shown["email_pending"],
                shown["credentials"]
            ]),
            json!(["verified", null, []])
        );
        realm.look(session).await.errors(403);
        assert_eq!(realm.login(email).await.errors(422), ["Login failed"]);
        let body = json!({"token": reset["token"], "password": PASSWORD, "password_confirmation": PASSWORD});
        realm.post("/v2/password/reset", body).await.errors(422);
        realm.look(login["session"].as_str().unwrap()).await.expect(200);
    }
}

#[tokio::test]
async fn t_05_a_thief_s_passkey_is_gone_too() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "link"})).await;
    realm.takes_passkeys().await;
    let (_, _, mut key) = realm.with_passkey("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    realm.enter(mail.by_link()).await.expect(200);
    let truth = gantry_testkit::passkey::Manner::at(crate::common::PAGE);
    let reply = realm.sign_in_with(&mut key, &truth).await;
    assert_eq!(reply.errors(422), ["Login failed"]);
}

#[tokio::test]
async fn whose_address_was_verified_keeps_all_of_it() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "both"})).await;
    realm.verified("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let before = realm.shown("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    let reply = realm.enter(mail.by_link()).await;
    reply.expect(200);
    realm.look(&session).await.expect(200);
    realm.login("ana@example.com").await.expect(200);
    assert_eq!(
        realm.shown("ana@example.com").await["credentials"],
        before["credentials"]
    );
    let types = realm.history_types().await;
    assert!(!types.iter().any(|name| name == "user.email.verified"), "{types:?}");
}

/// In realms that verify nothing nobody is verified: there a mailbox would do for two factors.
#[tokio::test]
async fn t_02_an_authenticator_stays_where_the_address_was_not_verified() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_login": "link"})).await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let mail = realm.mail_to("ana@example.com").await;
    let half = realm.enter(mail.by_link()).await.expect(200);
    assert_eq!(half["result"], "mfa_required");
    // The address is shown to be theirs, and the password from before opens nothing, already.
    let shown = realm.shown("ana@example.com").await;
    assert_eq!(shown["email_verification"], "verified");
    let left = shown["credentials"].as_array().unwrap();
    assert_eq!((left.len(), &left[0]["credential_type"]), (1, &json!("totp")));
    assert_eq!(realm.login("ana@example.com").await.errors(422), ["Login failed"]);
    let code = json!({"token": half["token"], "code": authenticator.code(&app)});
    realm.post("/v2/login/verify", code).await.expect(200);
}

#[tokio::test]
async fn a_condition_that_the_address_be_verified_is_met_by_it() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"email_login": "code", "email_verification": "required"}))
        .await;
    let signup = realm.sign_up("ana@example.com").await.expect(200);
    assert_eq!(signup["conditions"], json!(["must_verify_email"]));
    let mail = realm.mail_to("ana@example.com").await;
    let login = realm.enter(mail.by_code()).await.expect(200);
    assert_eq!(login["result"], "full_login");
}

mod needs_postgres {
    use diesel::prelude::*;
    use diesel::sql_types::Bool;
    use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
    use gantry_db::{Db, StoreError};
    use gantry_kernel::Secret;
    use gantry_testkit::db::{Backend, TestDb};
    use tokio::sync::oneshot;

    use super::*;
    use crate::common::migrate;

    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        waits: bool,
    }

    /// Whether anybody waits for another's lock.
    async fn anybody_waits(db: &Db) -> bool {
        const ASKED: &str = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                             AND wait_event_type = 'Lock') AS waits";
        let Db::Pg(pool) = db else {
            panic!("opened as PostgreSQL")
        };
        let answer = pool.read("waits", |conn| {
            Box::pin(async move { Ok::<_, StoreError>(diesel::sql_query(ASKED).get_result::<Answer>(conn).await?) })
        });
        answer.await.unwrap().waits
    }

    #[tokio::test]
    async fn t_05_an_address_that_changes_at_the_last_moment_is_not_taken_for_shown() {
        let place = TestDb::from_template_on(Backend::Postgres, "gantry", migrate).await;
        let app = App::start_with(|config| config.database.url = Some(Secret::new(place.url()))).await;
        let realm = app.realm_with(json!({"email_login": "link"})).await;
        let user = realm.user("ana@example.com").await;
        let id = user["id"].as_str().unwrap();
        let mail = realm.mail_to("ana@example.com").await;

        let db = Db::open(&gantry_db::Config::new(place.url())).unwrap();
        let Db::Pg(pool) = db.clone() else {
            panic!("opened as PostgreSQL")
        };
        let ((held, is_held), (go, may_go)) = (oneshot::channel(), oneshot::channel::<()>());
        let change = format!("UPDATE auth_users SET email = 'eve@example.com' WHERE id = '{id}'");
        let changing = pool.write("change", move |conn| {
            Box::pin(async move {
                conn.batch_execute(&change).await?;
                held.send(()).unwrap();
                may_go.await.unwrap();
                Ok::<_, StoreError>(())
            })
        });
        let entering = async {
            is_held.await.unwrap();
            realm.enter(mail.by_link()).await
        };
        let releasing = async {
            while !anybody_waits(&db).await {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
        };
        let (changed, entered, ()) = tokio::join!(changing, entering, releasing);
        changed.unwrap();
        entered.errors(422);
        let shown = realm.shown(id).await;
        assert_eq!(
            json!([shown["email"], shown["email_verification"]]),
            json!(["eve@example.com", "none"])
        );
    }
}
