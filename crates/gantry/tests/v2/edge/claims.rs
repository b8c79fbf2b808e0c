//! What a caller says of themselves, of others and of things, beside what they have shown: it counts for nothing.

use reqwest::Method;
use reqwest::header::HOST;
use serde_json::{Value, json};

use crate::common::external::{BACK, with_idp};
use crate::common::{App, PASSWORD, Raw, Reply, TestRealm, claims};

/// What a realm's host has handed out: nobody is signed in there.
async fn nobody_is_in(realm: &TestRealm<'_>) {
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
}

#[tokio::test]
async fn t_02_no_way_in_goes_round_the_second_factor() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let user = json!({"email": "ana@example.com", "password": PASSWORD, "email_verification": "verified"});
    let user = realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    let authenticator = realm.authenticator(&user).await;
    let provider = realm.oidc(&idp).await;
    // Each way in, and what some put into it to be taken for somebody who is through.
    let more = json!({
        "code": [], "mfa": true, "mfa_types": [], "skip_mfa": true, "second_factor": "", "result": "full_login",
        "session": "x", "token": null, "aal": 2, "user_id": user["id"],
    });
    let with = |mut fields: Value| {
        for (name, value) in more.as_object().unwrap() {
            fields.as_object_mut().unwrap().entry(name).or_insert(value.clone());
        }
        fields
    };
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    for body in [login.clone(), with(login)] {
        let half = realm.post("/v2/login", body).await.expect(200);
        assert_eq!((&half["result"], half.get("session")), (&json!("mfa_required"), None));
    }
    let half = |reply: &Reply| {
        let half = reply.expect(201);
        assert_eq!(half["object"], "token", "{half}");
        half["token"].clone()
    };
    let password = with(json!({ "password": PASSWORD }));
    half(
        &realm
            .create("/v2/users/ana@example.com/authenticate", json!({ "user": password }))
            .await,
    );
    let token = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await
        .expect(201);
    let reset = json!({"token": token["token"], "password": PASSWORD, "password_confirmation": PASSWORD});
    half(
        &realm
            .create("/v2/users/reset_password_with_token", json!({ "user": reset }))
            .await,
    );
    half(&realm.sign_in_at(&provider).await);
    let path = format!("/v2/auth_providers/{}/authorize", provider["id"].as_str().unwrap());
    let token = half(
        &realm
            .create(&path, with(json!({"access_token": "canary-access-token"})))
            .await,
    );
    let path = format!("/v2/realms/{}", realm.id);
    realm
        .change(&path, json!({"realm": {"email_login": "both"}}))
        .await
        .expect(200);
    for by_link in [true, false] {
        let mail = realm.mail_to("ana@example.com").await;
        let mut body = if by_link { mail.by_link() } else { mail.by_code() };
        if by_link {
            body["code"] = json!("");
        }
        let half = realm.enter(with(body)).await.expect(200);
        assert_eq!((&half["result"], half.get("session")), (&json!("mfa_required"), None));
    }
    // The second step, without its half or with the other half alone. Each with a good token is a guess, of which there are ten.
    let code = authenticator.code(&app);
    for user in [
        json!({ "token": token }),
        json!({"token": token, "code": null, "mfa": true}),
        json!({"token": token, "code": ""}),
        json!({"token": token, "code": false}),
        json!([]),
        json!({ "code": code }),
        json!({"token": null, "code": code}),
        json!({"token": "", "code": code}),
        json!({"user_id": user["id"], "code": code}),
    ] {
        let reply = realm
            .create("/v2/users/authenticate_token", json!({ "user": user }))
            .await;
        assert_eq!(reply.errors(422).len(), 1, "{user}");
        realm.post("/v2/login/verify", user).await.errors(422);
    }
    nobody_is_in(&realm).await;
    realm.finish(token.as_str().unwrap(), &code).await.expect(201);
}

#[tokio::test]
async fn t_04_who_is_meant_is_who_has_shown_it() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let (ana, eve) = (realm.user("ana@example.com").await, realm.user("eve@example.com").await);
    let theirs = other.user("theirs@example.com").await;
    let claimed = [&ana, &theirs].map(|user| {
        json!({
            "id": user["id"], "user_id": user["id"], "sub": user["id"], "uid": user["id"], "username": "ana", "realm_id": other.id,
            "user": {"id": user["id"], "email": user["email"]}, "request": {"user_id": user["id"]},
        })
    });
    for claim in claimed {
        // Eve signs in, and says that she is somebody else.
        let mut body = claim.clone();
        body["email"] = json!("eve@example.com");
        body["password"] = json!(PASSWORD);
        let full = realm.post("/v2/login", body).await.expect(200);
        let said = claims(full["token"].as_str().unwrap());
        assert_eq!((&said["sub"], &said["rid"]), (&eve["id"], &json!(realm.id)));
        // Her session stays hers, whatever stands beside it.
        let query = ["id", "user_id", "sub", "realm_id"].map(|name| (name, claim[name].as_str().unwrap().to_owned()));
        let request = realm
            .anyone(Method::GET, "/v2/session")
            .query(&[("session", &full["session"])])
            .query(&query);
        let again = app.send(request).await.expect(200);
        assert_eq!(claims(again["token"].as_str().unwrap())["sub"], eve["id"]);
        // A back end checks the password of whom the path names.
        let mut user = claim.clone();
        user["password"] = json!(PASSWORD);
        user["email"] = json!("ana@example.com");
        let path = "/v2/users/eve@example.com/authenticate";
        let mut body = json!({ "user": user });
        body["id"] = claim["id"].clone();
        let session = realm.create(path, body).await.expect(201);
        assert_eq!(session["user_id"], eve["id"]);
        // And signs out whom it names: the session, not its user.
        let request = realm.anyone(Method::DELETE, "/v2/session").json(&json!({
            "session": full["session"], "user_id": claim["user_id"], "id": claim["id"],
        }));
        app.send(request).await.expect(200);
    }
    let left = realm
        .list(&format!("/v2/sessions?user_id={}", ana["id"].as_str().unwrap()))
        .await;
    assert_eq!(left, Vec::<Value>::new());
    nobody_is_in(&other).await;
}

#[tokio::test]
async fn t_07_known_and_unknown_accounts_get_the_same_headers() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let off = json!({"user": {"email": "off@example.com", "password": PASSWORD, "state": "inactive"}});
    realm.create("/v2/users", off).await.expect(201);
    let mut seen = Vec::new();
    for email in ["ana@example.com", "off@example.com", "nobody@example.com"] {
        let reply = realm
            .post("/v2/login", json!({"email": email, "password": "not this one"}))
            .await;
        assert_eq!(reply.errors(422), ["Login failed"]);
        let mut headers = reply.headers.clone();
        for changes in [
            "x-request-id",
            "date",
            "ratelimit",
            "ratelimit-remaining",
            "ratelimit-reset",
        ] {
            headers.remove(changes);
        }
        seen.push((headers, reply.text));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn t_15_no_header_moves_a_request_to_another_host_or_into_an_address() {
    let (app, idp) = with_idp().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let ana = other.user("ana@example.com").await;
    let provider = realm.oidc(&idp).await;
    let evil = other.host.as_str();
    let forwarded = format!("host={evil};proto=https");
    let moved = [
        ("X-Forwarded-Host", evil),
        ("X-Forwarded-Server", evil),
        ("X-Original-Host", evil),
        ("X-Host", evil),
        ("Forwarded", forwarded.as_str()),
        ("X-Original-URL", "/connect/jwks"),
        ("X-Rewrite-URL", "/connect/jwks"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-HTTP-Method-Override", "DELETE"),
    ];
    let with = |mut request: reqwest::RequestBuilder| {
        for (name, value) in moved {
            request = request.header(name, value);
        }
        request
    };
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    let full = app
        .send(with(realm.anyone(Method::POST, "/v2/login")).json(&login))
        .await;
    let said = claims(full.expect(200)["token"].as_str().unwrap());
    assert_eq!(said["rid"], json!(realm.id));
    // Addresses that are made come from what is configured.
    let path = format!("/v2/auth_providers/{}/authorize", provider["id"].as_str().unwrap());
    let query = [("redirect_uri", BACK), ("nonce", "n")];
    let url = app.send(with(realm.core(Method::GET, &path)).query(&query)).await;
    url.expect(200);
    let token = with(realm.core(Method::POST, "/v2/users/ana@example.com/generate_password_token")).json(&json!({}));
    let token = app.send(token).await;
    token.expect(201);
    let domains = app.send(with(realm.core(Method::GET, "/v2/domains"))).await;
    for reply in [&full, &url, &token, &domains] {
        assert!(!reply.text.contains(evil), "{}", reply.text);
    }
    // One that names two hosts is neither's; a target that names one counts before the header (RFC 9112, 3.2).
    let body = login.to_string();
    let head = format!(
        "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let twice = raw
        .ask(format!(
            "POST /v2/login HTTP/1.1\r\nhost: {}\r\nhost: {evil}\r\n{head}",
            realm.host
        ))
        .await;
    twice.errors(400);
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let absolute = format!("POST http://{evil}/v2/login HTTP/1.1\r\nhost: {}\r\n{head}", realm.host);
    let said = claims(raw.ask(absolute).await.expect(200)["token"].as_str().unwrap());
    assert_eq!((&said["rid"], &said["sub"]), (&json!(other.id), &ana["id"]));
    // A host that is nobody's serves nobody, whatever is forwarded.
    let request = with(app.anyone(Method::POST, "/v2/login").header(HOST, "evil.example")).json(&login);
    app.send(request).await.errors(404);
}

#[tokio::test]
async fn t_22_nobody_chooses_a_session_s_name() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let chosen = format!("kss_{}", "7".repeat(44));
    let mut seen = vec![chosen.clone()];
    let body =
        json!({"email": "ana@example.com", "password": PASSWORD, "session": chosen, "sid": chosen, "id": chosen});
    for _ in 0..2 {
        let request = realm
            .anyone(Method::POST, "/v2/login")
            .query(&[("session", &chosen)])
            .json(&body);
        let request = request.header("Cookie", format!("session={chosen}"));
        let full = app.send(request).await.expect(200);
        seen.push(full["session"].as_str().unwrap().to_owned());
        // One who is in gets another when they come in again.
        let mut again = body.clone();
        again["session"] = full["session"].clone();
        let again = realm.post("/v2/login", again).await.expect(200);
        seen.push(again["session"].as_str().unwrap().to_owned());
    }
    let fields = json!({"user_id": user["id"], "id": chosen, "session": chosen, "sid": chosen, "token": chosen});
    let opened = realm
        .create("/v2/sessions", json!({ "session": fields }))
        .await
        .expect(201);
    seen.push(opened["id"].as_str().unwrap().to_owned());
    assert_eq!(realm.get(&format!("/v2/session?session={chosen}")).await.status, 403);
    // A second factor makes a new one too: what stood for the first is no part of it.
    let authenticator = realm.authenticator(&user).await;
    let half = realm.login("ana@example.com").await.expect(200)["token"].clone();
    let body = json!({"token": half, "code": authenticator.code(&app), "session": chosen});
    let full = realm.post("/v2/login/verify", body).await.expect(200);
    let session = full["session"].as_str().unwrap();
    assert!(!session.contains(half.as_str().unwrap().trim_start_matches("tmf:")));
    seen.push(session.to_owned());
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[tokio::test]
async fn t_34_what_is_ours_to_say_of_a_thing_nobody_else_says() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    let org = realm.org("One").await;
    realm.join(&user, &org).await;
    let make = async |path: &str, root: &str, fields: Value| {
        realm
            .create(&format!("/v2/{path}"), json!({ root: fields }))
            .await
            .expect(201);
    };
    make(
        "invitations",
        "invitation",
        json!({"invitation_type": "referral", "email": "b@example.com"}),
    )
    .await;
    // It is told nothing of what happens here: that it fails would show.
    let hook = json!({"destination": "https://a.example", "event_type": ["invitation.org.expired"]});
    make("hooks", "hook", hook).await;
    let smtp = json!({"provider_name": "x", "email_from": "a@a.example", "smtp_host": "mail.a.example"});
    make("smtp_providers", "smtp_provider", smtp).await;
    let lists = json!({"provider_name": "x", "provider_type": "mailchimp"});
    make("mailing_list_providers", "mailing_list_provider", lists).await;
    make(
        "domains",
        "domain",
        json!({"domain_type": "custom", "domain": "login.a.example"}),
    )
    .await;
    let ours = json!({
        "id": "x_0000000000000000000000", "object": "key", "realm_id": other.id, "created_at": 1, "updated_at": 1, "last_login_at": 1,
        "closed_at": 1, "invited_at": 1, "expired": true, "token": "x", "present": ["name"], "flags": ["verified"],
        "dns_state": "verified", "cert_state": "active", "verification_value": "x", "verified": true, "jwt_key": "x", "short_key": "x",
        "current_locales": ["en"], "credentials": [{"credential_type": "password"}], "memberships": [{"permissions": ["ar:owner"]}],
    });
    for (path, root) in [
        ("users", "user"),
        ("orgs", "org"),
        ("memberships", "membership"),
        ("invitations", "invitation"),
        ("client_apps", "client_app"),
        ("domains", "domain"),
        ("auth_providers", "auth_provider"),
        ("hooks", "hook"),
        ("smtp_providers", "smtp_provider"),
        ("mailing_list_providers", "mailing_list_provider"),
    ] {
        let filter = if path == "memberships" {
            format!("?org_id={}", org["id"].as_str().unwrap())
        } else {
            String::new()
        };
        for thing in realm.list(&format!("/v2/{path}{filter}")).await {
            let one = format!("/v2/{path}/{}", thing["id"].as_str().unwrap());
            let before = realm.read(&one).await.expect(200);
            let changed = realm.change(&one, json!({ root: ours })).await;
            assert_eq!(changed.expect(200), before, "{path}");
            assert_eq!(realm.read(&one).await.expect(200), before, "{path}");
        }
    }
    let path = format!("/v2/realms/{}", realm.id);
    let before = realm.read(&path).await.expect(200);
    assert_eq!(realm.change(&path, json!({ "realm": ours })).await.expect(200), before);
}
