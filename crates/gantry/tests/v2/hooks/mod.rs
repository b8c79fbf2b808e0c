//! `/v2/hooks` (contract 5.4)

use gantry_kernel::{HookId, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, pages_are_right};

const PATH: &str = "/v2/hooks";

async fn make(realm: &TestRealm<'_>, fields: Value) -> Reply {
    realm.create(PATH, json!({ "hook": fields })).await
}

async fn send(realm: &TestRealm<'_>, method: Method, path: &str, fields: Value) -> Reply {
    let request = realm.core(method, path).json(&json!({ "hook": fields }));
    realm.app.send(request).await
}

fn path_of(made: &Value) -> String {
    format!("{PATH}/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn it_is_made_read_changed_listed_and_deleted() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "hook_type": "webhook", "state": "active", "event_type": ["user.created", "session.deleted"], "delay": 5,
        "accumulate": "daily", "destination": "https://a.example/hook?x=1", "email_to": null, "locales": [],
        "email_subjects": null, "email_templates": null, "email_renderers": null, "mailing_list_provider_id": null,
        "list_id": null, "name": null, "description": null, "on_create": null, "visibility": null,
    });
    let made = make(&realm, sent.clone()).await.expect(201);
    assert!(HookId::parse(made["id"].as_str().unwrap()).is_ok());
    let mut expected = sent;
    expected["current_locales"] = json!([]);
    expected["id"] = made["id"].clone();
    expected["object"] = json!("hook");
    expected["realm_id"] = json!(realm.id);
    expected["created_at"] = json!(1_767_225_600.0);
    assert_eq!(made, expected);
    let path = path_of(&made);
    assert_eq!(realm.read(&path).await.expect(200), made);
    for (name, value) in [
        ("state", json!("inactive")),
        ("event_type", json!([])),
        ("delay", json!(0)),
        ("accumulate", json!(null)),
        ("destination", json!("http://127.0.0.1:9/x")),
    ] {
        expected[name] = value.clone();
        assert_eq!(
            send(&realm, Method::PUT, &path, json!({name: value})).await.expect(200),
            expected,
            "{name}"
        );
        assert_eq!(realm.read(&path).await.expect(200), expected, "{name}");
    }
    for nothing in [json!({}), json!(null), json!({"unheard_of": 1})] {
        assert_eq!(send(&realm, Method::PUT, &path, nothing).await.expect(200), expected);
    }
    assert_eq!(realm.list(PATH).await, std::slice::from_ref(&expected));
    assert_eq!(
        send(&realm, Method::DELETE, &path, json!(null)).await.expect(200),
        expected
    );
    realm.read(&path).await.errors(404);
    send(&realm, Method::DELETE, &path, json!(null)).await.errors(404);
    send(&realm, Method::PUT, &path, json!({})).await.errors(404);
    assert_eq!(realm.list(PATH).await, [json!(null); 0]);
}

#[tokio::test]
async fn they_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let mut ids = Vec::new();
    for number in 0..5 {
        let made = make(&realm, json!({"destination": format!("https://a.example/{number}")}))
            .await
            .expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
        make(&other, json!({"destination": format!("https://a.example/{number}")}))
            .await
            .expect(201);
    }
    let ask = |query: &str| realm.core(Method::GET, &format!("{PATH}?{query}"));
    pages_are_right(&app, &ids, "asc", ask).await;
    assert_eq!(field(&other.list(PATH).await, "realm_id"), vec![other.id.clone(); 5]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let number = 0;
    let made = make(&realm, json!({"destination": format!("https://a.example/{number}")}))
        .await
        .expect(201);
    for (wrong, count) in [
        (json!({"hook_type": "pigeon"}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"event_type": ["user.created", "user.exploded"]}), 1),
        (json!({"event_type": "ping"}), 1),
        (json!({"delay": -1}), 1),
        (json!({"delay": 604_801}), 1),
        (json!({"accumulate": "x".repeat(256)}), 1),
        (json!({"destination": null}), 1),
        (json!({"destination": "ftp://a.example"}), 1),
        (json!({"destination": "/relative"}), 1),
        (json!({"email_to": "a@b.example", "list_id": "x", "name": "y"}), 3),
    ] {
        let mut sent = json!({"destination": format!("https://a.example/{number}")});
        sent.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(make(&realm, sent).await.errors(422).len(), count, "{wrong}");
        let changed = send(&realm, Method::PUT, &path_of(&made), wrong.clone()).await;
        assert_eq!(changed.errors(422).len(), count, "{wrong}");
    }
    make(&realm, json!("x")).await.errors(400);
    app.post(
        &format!("{PATH}?realm_id=rl_0000000000000000000000"),
        json!({"destination": format!("https://a.example/{number}")}),
    )
    .await
    .errors(404);
    assert_eq!(realm.list(PATH).await, [made]);
}

#[tokio::test]
async fn t_03_what_is_another_realm_s_is_like_what_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let number = 0;
    let theirs = {
        make(&other, json!({"destination": format!("https://a.example/{number}")}))
            .await
            .expect(201)
    };
    let key = app.key("manage", Some(&own.id)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let send = |path: String| app.send(app.holder(&key, method.clone(), &path));
        let unknown = send(format!("{PATH}/hk_0000000000000000000000")).await;
        unknown.errors(404);
        for path in [
            path_of(&theirs),
            format!("{}?realm_id={}", path_of(&theirs), other.id),
            format!("{PATH}/nonsense"),
        ] {
            let reply = send(path).await;
            assert_eq!((reply.status, &reply.text), (404, &unknown.text));
        }
        for permission in ["read", "write"] {
            let key = app.key(permission, Some(&other.id)).await;
            for path in [PATH, &path_of(&theirs)] {
                if path != PATH || method == Method::GET {
                    app.send(app.holder(&key, method.clone(), path)).await.errors(403);
                }
            }
        }
    }
    let body = json!({"realm_id": other.id, "hook": json!({"destination": format!("https://a.example/{number}")})});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(404);
    assert_eq!(other.list(PATH).await, [theirs]);
}

#[tokio::test]
async fn t_33_a_password_in_an_address_is_hidden_and_kept() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = make(&realm, json!({"destination": "https://user:s3cret-canary@a.example/x"})).await;
    let hook = made.expect(201);
    assert_eq!(hook["destination"], "https://user:***@a.example/x");
    // Who sends back what was shown changes nothing.
    let same = send(
        &realm,
        Method::PUT,
        &path_of(&hook),
        json!({"destination": hook["destination"], "delay": 1}),
    )
    .await;
    same.expect(200);
    for reply in [
        &made,
        &same,
        &realm.read(&path_of(&hook)).await,
        &realm.read(PATH).await,
    ] {
        assert!(!reply.text.contains("canary"));
    }
}

#[tokio::test]
async fn mail_has_texts_by_language() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = make(
        &realm,
        json!({
            "hook_type": "email", "event_type": "user.password.resetting", "email_to": "Ops@A.example", "locales": ["en", "ja"],
            "email_subjects": {"en": "Reset", "ja": "再設定"}, "email_templates": {"en": "Hello **you**", "ja": "こんにちは\n{{x}}"},
            "email_renderers": {"en": "html+text"},
        }),
    )
    .await
    .expect(201);
    let shown = json!([
        made["email_to"],
        made["current_locales"],
        made["email_subjects"],
        made["email_renderers"]
    ]);
    assert_eq!(
        shown,
        json!(["ops@a.example", ["en", "ja"], {"en": "Reset", "ja": "再設定"}, {"en": "html+text"}])
    );
    let cleared = send(
        &realm,
        Method::PUT,
        &path_of(&made),
        json!({"email_to": null, "email_templates": null}),
    )
    .await;
    let cleared = cleared.expect(200);
    assert_eq!(
        json!([
            cleared["email_to"],
            cleared["current_locales"],
            cleared["email_subjects"]
        ]),
        json!([null, [], made["email_subjects"]])
    );
    for wrong in [
        json!({"event_type": []}),
        json!({"event_type": ["user.created", "user.updated"]}),
        json!({"event_type": "org.created"}),
        json!({"hook_type": "webhook"}),
        json!({"destination": "https://a.example"}),
        json!({"email_to": "nobody"}),
        json!({"locales": ["fr"]}),
        json!({"email_subjects": {"en": "a\r\nBcc: b@c.example"}}),
        json!({"email_subjects": {"fr": "x"}}),
        json!({"email_templates": {"en": 1}}),
        json!({"email_templates": ["x"]}),
        json!({"email_renderers": {"en": "pdf"}}),
    ] {
        let reply = send(&realm, Method::PUT, &path_of(&made), wrong.clone()).await;
        assert_eq!(reply.errors(422).len(), 1, "{wrong}");
    }
    assert_eq!(realm.read(&path_of(&made)).await.expect(200), cleared);
}

#[tokio::test]
async fn a_mailing_list_is_one_of_its_provider_s() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let provider = json!({"provider_name": "News", "provider_type": "mailchimp", "valid_list_ids": ["a", "b"]});
    let body = json!({ "mailing_list_provider": provider });
    let own = realm
        .create("/v2/mailing_list_providers", body.clone())
        .await
        .expect(201);
    let theirs = other.create("/v2/mailing_list_providers", body).await.expect(201);
    let fields = |list: &str, provider: &Value| {
        json!({
            "hook_type": "mailing_list", "list_id": list, "mailing_list_provider_id": provider, "name": "News",
            "description": "All of it", "on_create": "subscribe", "visibility": "public",
        })
    };
    let made = make(&realm, fields("a", &own["id"])).await.expect(201);
    assert_eq!(
        json!([made["list_id"], made["visibility"], made["destination"]]),
        json!(["a", "public", null])
    );
    for wrong in [
        fields("c", &own["id"]),
        fields("a", &theirs["id"]),
        fields("a", &json!("mlp_0000000000000000000000")),
        fields("a", &json!("nonsense")),
        fields("a", &json!(null)),
        fields("", &own["id"]),
    ] {
        assert_eq!(make(&realm, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    let moved = send(&realm, Method::PUT, &path_of(&made), json!({"list_id": "b"})).await;
    assert_eq!(moved.expect(200)["list_id"], "b");
    send(&realm, Method::PUT, &path_of(&made), json!({"list_id": "c"}))
        .await
        .errors(422);
}
