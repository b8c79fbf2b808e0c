//! What people do at a realm's host beside signing in: sign up, change what is theirs, come back after forgetting (contract 2.4).

use std::time::Duration;

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, realm, served, shows, text, user};

/// Longer than any event takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const OTHER: &str = "another long password";

/// Every call of LoginRocket that is no login.
pub(super) async fn all(client: &Client) {
    newcomers(client).await;
    forgetful(client).await;
    invited(client).await;
    by_mail(client).await;
}

/// The token that a mail carries, as a back end that writes its own mails reads it from the event.
async fn mailed(client: &Client, event_type: &str) -> String {
    let begun = tokio::time::Instant::now();
    loop {
        let events = client.get("/v2/events", json!({ "event_type": [event_type] })).await;
        if let Some(event) = events.items().first() {
            let path = format!("/v2/events/{}", text(event, "id"));
            let event = client.get(&path, Value::Null).await.expect(200);
            return text(&event, "token").to_owned();
        }
        assert!(begun.elapsed() < PATIENCE, "no {event_type}");
        tokio::task::yield_now().await;
    }
}

async fn newcomers(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let host = served(&client).await;
    let new = json!({"email": "New@Example.com", "password": PASSWORD});
    let login = host.post("/v2/signup", new.clone()).await.expect(200);
    shows(&login, &json!({"result": "full_login"}));
    assert!(text(&login, "account").starts_with("org_"));
    host.post("/v2/signup", new).await.errors(422);
    let session = text(&login, "session");

    let change = json!({"session": session, "email": "newer@example.com", "first_name": "New"});
    let fresh = host.put("/v2/profile", change).await.expect(200);
    shows(
        &fresh,
        &json!({"result": "full_login", "session": session, "account": login["account"]}),
    );
    let seen = client.get("/v2/users/newer@example.com", Value::Null).await;
    shows(&seen.expect(200), &json!({"first_name": "New"}));
    host.put("/v2/profile", json!({"email": "x@example.com"}))
        .await
        .errors(403);

    let change = |current: &str| json!({"session": session, "current_password": current, "password": OTHER});
    let path = "/v2/profile/password";
    assert_eq!(
        host.post(path, change("not this one")).await.errors(422),
        ["Current password does not match"]
    );
    shows(
        &host.post(path, change(PASSWORD)).await.expect(200),
        &json!({"result": "okay"}),
    );
    host.get("/v2/session", json!({ "session": session })).await.expect(200);
    host.post(path, json!({"password": OTHER})).await.errors(403);
}

async fn forgetful(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let host = served(&client).await;
    for email in ["nobody@example.com", "ana@example.com"] {
        let said = host.post("/v2/password/forgot", json!({ "email": email })).await;
        assert_eq!(said.expect(200), json!({"result": "okay"}));
    }
    let token = mailed(&client, "user.password.resetting").await;
    let reset = json!({"token": token, "password": OTHER, "password_confirmation": OTHER});
    let login = host.post("/v2/password/reset", reset.clone()).await.expect(200);
    shows(&login, &json!({"result": "full_login"}));
    assert!(text(&login, "account").starts_with("org_"));
    host.post("/v2/password/reset", reset).await.errors(422);

    let asked = format!("/v2/users/{ana}/request_email_verification");
    let token = client.post(&asked, client.empty("user")).await.expect(201);
    let verify = json!({"token": token["token"]});
    let verified = host.post("/v2/email/verify", verify.clone()).await;
    assert_eq!(verified.expect(200), json!({"result": "okay"}));
    host.post("/v2/email/verify", verify).await.errors(422);
    let seen = client.get(&format!("/v2/users/{ana}"), Value::Null).await.expect(200);
    shows(&seen, &json!({"email_verification": "verified"}));
}

async fn invited(client: &Client) {
    let (_, client) = realm(client, json!({"signup": "invitation"})).await;
    let host = served(&client).await;
    let email = json!({"email": "new@example.com"});
    let said = host.post("/v2/signup/request", email).await;
    assert_eq!(said.expect(200), json!({"result": "okay"}));
    let token = mailed(&client, "invitation.request.created").await;
    host.post("/v2/signup", json!({"email": "new@example.com", "password": PASSWORD}))
        .await
        .errors(422);
    let by_token = json!({"password": PASSWORD, "invitation": token});
    let login = host.post("/v2/signup", by_token).await.expect(200);
    shows(&login, &json!({"result": "full_login"}));
}

/// Signs in by the link and by the code of a mail (ADR 13).
async fn by_mail(client: &Client) {
    for word in ["link", "code"] {
        let (_, client) = realm(client, json!({"email_login": word})).await;
        user(&client, "ana@example.com").await;
        let host = served(&client).await;
        let ask = |email: &str| host.post("/v2/login/email", json!({ "email": email }));
        let nobody = ask("nobody@example.com").await.expect(200);
        let asked = ask("ana@example.com").await.expect(200);
        for said in [&nobody, &asked] {
            shows(said, &json!({"result": "login_requested"}));
            assert_eq!(said.get("token").is_some(), word == "code", "{said}");
        }
        let mailed = mailed(&client, "user.login.requested").await;
        let body = match word {
            "link" => json!({ "token": mailed }),
            _ => json!({"token": asked["token"], "code": mailed.rsplit(':').next()}),
        };
        let wrong = json!({"token": nobody.get("token").unwrap_or(&json!("tml:x")), "code": body.get("code")});
        let said = host.post("/v2/login/email/verify", wrong).await.errors(422);
        assert_eq!(said == ["Verification failed"], word == "code", "{said:?}");
        let login = host.post("/v2/login/email/verify", body.clone()).await.expect(200);
        shows(&login, &json!({"result": "full_login"}));
        host.post("/v2/login/email/verify", body).await.errors(422);
    }
}
