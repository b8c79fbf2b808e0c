//! `POST /v2/users` (contract 3.2)

use gantry_kernel::{Id, UserId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, TestRealm, field, ip_and_client};

async fn emails(realm: &TestRealm<'_>) -> Vec<String> {
    field(&realm.list("/v2/users").await, "email")
}

#[tokio::test]
async fn a_user_is_made_and_shown_with_the_password_s_credential() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {
        "email": " Ana.Ruiz@Example.COM ", "first_name": "Ana", "last_name": "Ruiz", "username": "Ana.R", "locale": "es",
        "reference": "crm-7", "custom": {"plan": "gold", "Seats": [1, 2]}, "password": PASSWORD, "password_confirmation": PASSWORD,
    }});
    let mut user = realm.create("/v2/users", body).await.expect(201);
    let id = user["id"].as_str().unwrap().to_owned();
    assert!(UserId::parse(&id).is_ok());
    assert_eq!(realm.read(&format!("/v2/users/{id}")).await.expect(200), user);
    let credential = user["credentials"][0].clone();
    assert!(credential["id"].as_str().unwrap().starts_with("crd_"));
    assert!(credential["auth_provider_id"].as_str().unwrap().starts_with("ap_"));
    assert_eq!(
        (
            &credential["object"],
            &credential["credential_type"],
            &credential["user_id"]
        ),
        (&json!("credential"), &json!("password"), &json!(id))
    );
    assert_eq!(user["credentials"].as_array().unwrap().len(), 1);
    let fields = user.as_object_mut().unwrap();
    fields.remove("credentials");
    let expected = json!({
        "object": "user", "id": id, "realm_id": realm.id, "state": "active", "email": "ana.ruiz@example.com",
        "email_pending": null, "email_verification": "none", "first_name": "Ana", "last_name": "Ruiz", "name": "Ana Ruiz",
        "username": "Ana.R", "locale": "es", "reference": "crm-7", "custom": {"plan": "gold", "Seats": [1, 2]},
        "created_at": 1_767_225_600.0, "last_login_at": null,
    });
    assert_eq!(user, expected);
}

#[tokio::test]
async fn the_least_user_is_an_address() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm
        .create("/v2/users", json!({"user": {"email": "a@b.co"}}))
        .await
        .expect(201);
    assert_eq!((&user["name"], &user["custom"]), (&json!("a@b.co"), &json!({})));
    assert_eq!(user["credentials"], json!([]));
    for (name, value) in [("first_name", "Ana"), ("last_name", "Ruiz")] {
        let body = json!({"user": {"email": format!("{name}@b.co"), name: value}});
        assert_eq!(realm.create("/v2/users", body).await.expect(201)["name"], value);
    }
}

#[tokio::test]
async fn it_takes_wrapped_unwrapped_and_form() {
    let app = App::start().await;
    let realm = app.realm().await;
    let custom = json!({"a": "1", "b": ["x", "y"]});
    let wrapped = json!({"user": {"email": "one@b.co", "custom": custom}});
    let flat = json!({"email": "two@b.co", "custom": custom, "realm_id": realm.id});
    assert_eq!(realm.create("/v2/users", wrapped).await.expect(201)["custom"], custom);
    assert_eq!(app.post("/v2/users", flat).await.expect(201)["custom"], custom);
    let form = [
        ("user[email]", "three+x@b.co"),
        ("user[custom][a]", "1"),
        ("user[custom][b][]", "x"),
        ("user[custom][b][]", "y"),
        ("user[first_name]", "José María"),
        ("realm_id", &realm.id),
    ];
    let user = app
        .send(app.root(Method::POST, "/v2/users").form(&form))
        .await
        .expect(201);
    assert_eq!(
        (&user["custom"], &user["email"], &user["name"]),
        (&custom, &json!("three+x@b.co"), &json!("José María"))
    );
    let flat = [("email", "four@b.co"), ("realm_id", &realm.id)];
    app.send(app.root(Method::POST, "/v2/users").form(&flat))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_null_root_is_an_empty_one() {
    let app = App::start().await;
    let realm = app.realm().await;
    for body in [json!({"user": null}), json!({"user": {}}), json!({}), json!(null)] {
        assert_eq!(realm.create("/v2/users", body).await.errors(422).len(), 1);
    }
    assert_eq!(
        app.send(realm.core(Method::POST, "/v2/users")).await.errors(422).len(),
        1
    );
    assert_eq!(emails(&realm).await, Vec::<String>::new());
}

#[tokio::test]
async fn t_30_an_address_or_a_name_is_taken_in_whatever_case() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "username": "Ana"}});
    realm.create("/v2/users", body).await.expect(201);
    for taken in [
        json!({"email": "ana@example.com"}),
        json!({"email": "ANA@Example.com"}),
        json!({"email": "  ana@example.COM "}),
        json!({"email": "ａｎａ@example.com"}),
        json!({"email": "b@example.com", "username": "ana"}),
        json!({"email": "b@example.com", "username": "ANA"}),
        json!({"email": "b@example.com", "username": " aNa "}),
        json!({"email": "b@example.com", "username": "Ａｎａ"}),
    ] {
        assert_eq!(
            realm
                .create("/v2/users", json!({ "user": taken }))
                .await
                .errors(422)
                .len(),
            1,
            "{taken}"
        );
    }
    assert_eq!(realm.history_types().await, ["user.created"]);
    // In another realm they are free; and nobody's lack of a name is another's.
    let other = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "username": "ana"}});
    other.create("/v2/users", body).await.expect(201);
    for email in ["c@example.com", "d@example.com"] {
        let body = json!({"user": {"email": email, "username": ""}});
        assert_eq!(
            realm.create("/v2/users", body).await.expect(201)["username"],
            Value::Null
        );
    }
}

#[tokio::test]
async fn two_at_once_with_one_address_are_one_user() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "password": PASSWORD}});
    let answers = futures::future::join_all((0..8).map(|_| realm.create("/v2/users", body.clone()))).await;
    let made = answers.iter().filter(|reply| reply.status == 201).count();
    let refused = answers.iter().filter(|reply| reply.status == 422).count();
    assert_eq!((made, refused), (1, 7));
    assert_eq!(emails(&realm).await, ["ana@example.com"]);
    assert_eq!(realm.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn passwords_follow_the_rules() {
    let app = App::start().await;
    let realm = app.realm().await;
    let long: String = (0..1024_u32)
        .map(|n| char::from_u32(97 + n * n % 23).unwrap())
        .collect();
    for (n, good) in ["q7 Zr-p2", "ñandúése", "  k 8 v ", "パスワードは長い", &long]
        .into_iter()
        .enumerate()
    {
        let email = format!("good{n}@example.com");
        let body = json!({"user": {"email": email, "password": good, "password_confirmation": good}});
        realm.create("/v2/users", body).await.expect(201);
        let body = json!({"user": {"password": good}});
        realm
            .create(&format!("/v2/users/{email}/authenticate"), body)
            .await
            .expect(201);
    }
    let before = realm.history_types().await;
    let known = emails(&realm).await;
    let too_long = "x".repeat(1025);
    for (password, confirmation, wrong) in [
        ("1234567", json!(null), 1),
        ("ñañañañ", json!(null), 1),
        (&too_long, json!(null), 1),
        (PASSWORD, json!("other"), 1),
        (PASSWORD, json!(""), 1),
        (PASSWORD, json!(PASSWORD.to_uppercase()), 1),
        ("short", json!("other"), 2),
    ] {
        let user = json!({"email": "bad@example.com", "password": password, "password_confirmation": confirmation});
        let reply = realm.create("/v2/users", json!({ "user": user })).await;
        assert_eq!(reply.errors(422).len(), wrong, "{password} {confirmation}");
        assert!(!reply.text.contains(password), "{}", reply.text);
    }
    assert_eq!(
        (realm.history_types().await, emails(&realm).await.len()),
        (before, known.len() + 1)
    );
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let long = "x".repeat(256);
    for (wrong, count) in [
        (json!({"email": ""}), 1),
        (json!({"email": "nobody"}), 1),
        (json!({"email": "a@b@c.de"}), 1),
        (json!({"email": "a b@c.de"}), 1),
        (json!({"email": "a@c.de\r\nBcc: x@y.z"}), 1),
        (json!({"email": format!("{}@c.de", "x".repeat(250))}), 1),
        (json!({"username": "a@b"}), 1),
        (json!({"username": "usr_0000000000000000000001"}), 1),
        (json!({"username": "a/b"}), 1),
        (json!({"username": "x".repeat(65)}), 1),
        (json!({"first_name": long}), 1),
        (json!({"last_name": "a\u{1}b"}), 1),
        (json!({"reference": long}), 1),
        (json!({"locale": "tlh"}), 1),
        (json!({"state": "closed"}), 1),
        (json!({"email_verification": "maybe"}), 1),
        (json!({"custom": {"a": {"b": 1}}}), 1),
        (json!({"custom": "text"}), 1),
        (json!({"email": "", "state": "x", "locale": "y"}), 3),
    ] {
        let mut user = json!({"email": "a@b.co"});
        user.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let reply = realm.create("/v2/users", json!({ "user": user })).await;
        assert_eq!(reply.errors(422).len(), count, "{wrong}: {}", reply.text);
    }
    let bad_address = json!({"user": {"email": "a@b.co"}, "request": {"ip": "nowhere"}});
    realm.create("/v2/users", bad_address).await.errors(422);
    realm
        .create("/v2/users", json!({"user": {"email": "a\u{0}@b.co"}}))
        .await
        .errors(400);
    realm.create("/v2/users", json!({"user": ["a@b.co"]})).await.errors(400);
    assert_eq!(emails(&realm).await, Vec::<String>::new());
    assert_eq!(realm.history_types().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_event_says_who_and_by_which_request() {
    let app = App::start().await;
    let realm = app.realm().await;
    app.clock.advance_ms(1_234);
    let body = json!({"user": {"email": "ana@example.com"}, "request": ip_and_client()});
    let reply = realm.create("/v2/users", body).await;
    let user = reply.expect(201);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["event_type"], "user.created");
    assert_eq!((&event["user_id"], &event["realm_id"]), (&user["id"], &json!(realm.id)));
    assert_eq!(event["request"], ip_and_client());
    assert_eq!(event["request_id"], reply.request_id());
    assert_eq!(event["event_at"], json!(1_767_225_601.234));
    // A back end's own connection is not its user's.
    let reply = realm
        .create("/v2/users", json!({"user": {"email": "b@example.com"}}))
        .await;
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["request"], json!({"ip": null, "client": null}));
}

#[tokio::test]
async fn t_34_a_caller_cannot_choose_what_is_ours_to_choose() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {
        "email": "ana@example.com", "id": "usr_0000000000000000000001", "object": "realm", "created_at": 1, "last_login_at": 2,
        "email_pending": "x@y.co", "name": "Other", "credentials": [{"id": "crd_1"}], "present": ["state"],
    }});
    let user = realm.create("/v2/users", body).await.expect(201);
    assert_ne!(user["id"], "usr_0000000000000000000001");
    let shown = json!([
        user["object"],
        user["created_at"],
        user["last_login_at"],
        user["email_pending"],
        user["name"],
        user["credentials"]
    ]);
    assert_eq!(
        shown,
        json!(["user", 1_767_225_600.0, null, null, "ana@example.com", []])
    );
}

#[tokio::test]
async fn t_03_the_realm_is_the_one_that_the_key_and_the_request_name() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("write", Some(&own.id)).await;
    let make = |realm: Option<&str>, email: &str| {
        let mut body = json!({"user": {"email": email}});
        if let Some(realm) = realm {
            body["realm_id"] = json!(realm);
        }
        app.send(app.holder(&key, Method::POST, "/v2/users").json(&body))
    };
    assert_eq!(make(None, "a@b.co").await.expect(201)["realm_id"], own.id.as_str());
    assert_eq!(
        make(Some(&own.id), "b@b.co").await.expect(201)["realm_id"],
        own.id.as_str()
    );
    let foreign = make(Some(&other.id), "c@b.co").await;
    let unknown = make(Some("rl_0000000000000000000000"), "c@b.co").await;
    foreign.errors(404);
    assert_eq!(foreign.text, unknown.text);
    // Without any word about the realm an account-wide key has none.
    app.post("/v2/users", json!({"user": {"email": "c@b.co"}}))
        .await
        .errors(400);
    app.post(
        "/v2/users?realm_id=rl_0000000000000000000000",
        json!({"user": {"email": "c@b.co"}}),
    )
    .await
    .errors(404);
    assert_eq!(emails(&own).await, ["a@b.co", "b@b.co"]);
    assert_eq!(emails(&other).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_realm_is_found_in_the_order_of_the_contract() {
    let app = App::start().await;
    let (one, two, three) = (app.realm().await, app.realm().await, app.realm().await);
    let key = app.key("write", None).await;
    let bearer = format!("Bearer {key},{}", three.id);
    let made = async |request: reqwest::RequestBuilder, n: u8| {
        let body = json!({"user": {"email": format!("u{n}@b.co")}});
        app.send(request.json(&body)).await.expect(201)["realm_id"].clone()
    };
    let base = |path: &str| app.anyone(Method::POST, path).header("Authorization", &bearer);
    assert_eq!(made(base("/v2/users"), 1).await, three.id.as_str());
    let with_header = base("/v2/users").header("Authrocket-Realm", &two.id);
    assert_eq!(made(with_header, 2).await, two.id.as_str());
    let with_query = base(&format!("/v2/users?realm_id={}", one.id)).header("Authrocket-Realm", &two.id);
    assert_eq!(made(with_query, 3).await, one.id.as_str());
}
