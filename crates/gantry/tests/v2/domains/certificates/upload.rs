//! Certificates that a realm's manager brings.

use serde_json::json;

use super::{custom, path, prove, put, start};
use crate::common::{App, Made, NameServer};

#[tokio::test]
async fn an_automatic_host_is_served_over_https_as_soon_as_it_is_made() {
    let own = Made::new(&["*.localhost"]);
    let app = App::start_with(|config| config.http.tls.certificates = vec![own.configured()]).await;
    let realm = app.realm().await;
    assert_eq!(app.shows(&realm.host).await, (own.der(), 200));
    let domain = realm.list("/v2/domains").await.remove(0);
    assert_eq!(
        (&domain["cert_state"], &domain["flags"]),
        (&json!("unmanaged"), &json!([]))
    );
}

#[tokio::test]
async fn a_proven_domain_shows_what_was_uploaded_at_the_next_handshake() {
    let (names, own) = (NameServer::start().await, Made::new(&["api.example.com"]));
    let (first, second) = (Made::new(&["login.example.com"]), Made::new(&["*.example.com"]));
    let app = start(&names, &own).await;
    let realm = app.realm().await;
    let body = json!({"domain": {"domain_type": "custom", "domain": "login.example.com", "certificate": first.pem, "private_key": first.key}});
    let made = realm.create("/v2/domains", body).await.expect(201);
    assert_eq!(
        (&made["cert_state"], &made["cert_source"]),
        (&json!("valid"), &json!("upload"))
    );
    assert!(made["cert_expires_at"].as_f64().unwrap() > 1_767_225_600.0);
    // Nobody has shown yet that the name is theirs.
    assert_eq!(app.shows("login.example.com").await, (own.der(), 404));
    prove(&realm, &names, &made).await;
    for _ in 0..2 {
        assert_eq!(app.shows("login.example.com").await, (first.der(), 200));
        assert_eq!(app.shows("LOGIN.example.com").await, (first.der(), 200));
    }
    assert_eq!(app.shows("other.example.com").await, (own.der(), 404));
    let changed = put(
        &realm,
        &made,
        json!({"certificate": second.pem, "private_key": second.key}),
    )
    .await;
    changed.expect(200);
    assert_eq!(app.shows("login.example.com").await, (second.der(), 200));
    // What is said of other things leaves it alone.
    put(&realm, &made, json!({"state": "active"})).await.expect(200);
    assert_eq!(app.shows("login.example.com").await, (second.der(), 200));
    let gone = put(&realm, &made, json!({"certificate": null})).await.expect(200);
    assert_eq!(
        (&gone["cert_state"], &gone["cert_source"]),
        (&json!("unmanaged"), &json!(null))
    );
    assert_eq!(app.shows("login.example.com").await, (own.der(), 200));
}

#[tokio::test]
async fn another_name_needs_another_certificate() {
    let (names, own, first) = (
        NameServer::start().await,
        Made::new(&["api.example.com"]),
        Made::new(&["*.example.com"]),
    );
    let app = start(&names, &own).await;
    let realm = app.realm().await;
    let made = custom(&realm, "one.example.com").await;
    prove(&realm, &names, &made).await;
    put(
        &realm,
        &made,
        json!({"certificate": first.pem, "private_key": first.key}),
    )
    .await
    .expect(200);
    assert_eq!(app.shows("one.example.com").await, (first.der(), 200));
    let renamed = put(&realm, &made, json!({"domain": "two.example.com"}))
        .await
        .expect(200);
    assert_eq!(
        (&renamed["dns_state"], &renamed["cert_state"]),
        (&json!("pending"), &json!("unmanaged"))
    );
    prove(&realm, &names, &renamed).await;
    for name in ["one.example.com", "two.example.com"] {
        assert_eq!(app.shows(name).await.0, own.der());
    }
    // Both at once are one change, and the certificate must be for the new name.
    let wrong = json!({"domain": "a.example.org", "certificate": first.pem, "private_key": first.key});
    assert_eq!(put(&realm, &made, wrong).await.errors(422).len(), 1);
    let right = json!({"domain": "three.example.com", "certificate": first.pem, "private_key": first.key});
    prove(&realm, &names, &put(&realm, &made, right).await.expect(200)).await;
    assert_eq!(app.shows("three.example.com").await, (first.der(), 200));
    app.send(realm.core(reqwest::Method::DELETE, &path(&made)))
        .await
        .expect(200);
    assert_eq!(app.shows("three.example.com").await, (own.der(), 404));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let (names, own) = (NameServer::start().await, Made::new(&["api.example.com"]));
    let (fitting, other) = (Made::new(&["login.example.com"]), Made::new(&["other.example.com"]));
    let app = start(&names, &own).await;
    let realm = app.realm().await;
    let made = custom(&realm, "login.example.com").await;
    let before = realm.read(&path(&made)).await.text;
    for (sent, message) in [
        (json!({"certificate": fitting.pem}), "Private key is required"),
        (json!({"private_key": fitting.key}), "Certificate is required"),
        (
            json!({"certificate": "x", "private_key": fitting.key}),
            "Certificate must be one to eight certificates in PEM",
        ),
        (
            json!({"certificate": fitting.pem, "private_key": "x"}),
            "Private key must be a private key in PEM",
        ),
        (
            json!({"certificate": fitting.pem, "private_key": other.key}),
            "Private key must be the private key of the certificate",
        ),
        (
            json!({"certificate": other.pem, "private_key": other.key}),
            "Certificate must be made out for the domain",
        ),
    ] {
        assert_eq!(put(&realm, &made, sent.clone()).await.errors(422), [message]);
        let mut body = sent;
        body["domain_type"] = json!("custom");
        body["domain"] = json!("new.example.com");
        let created = realm.create("/v2/domains", json!({"domain": body})).await;
        assert_eq!(created.status, 422, "{created:?}");
    }
    assert_eq!(realm.read(&path(&made)).await.text, before);
    let automatic = realm.list("/v2/domains").await.remove(0);
    let sent = json!({"certificate": fitting.pem, "private_key": fitting.key});
    assert_eq!(
        put(&realm, &automatic, sent).await.errors(422),
        ["Certificate cannot be changed"]
    );
    app.clock.jump_to_ms(1_767_225_600_000 * 100);
    let sent = json!({"certificate": fitting.pem, "private_key": fitting.key});
    assert_eq!(
        put(&realm, &made, sent).await.errors(422),
        ["Certificate must not have expired"]
    );
}

#[tokio::test]
async fn t_33_a_private_key_is_never_shown_and_is_sealed_at_rest() {
    let (names, own, made) = (
        NameServer::start().await,
        Made::new(&["a.example.com"]),
        Made::new(&["b.example.com"]),
    );
    let app = start(&names, &own).await;
    let realm = app.realm().await;
    let domain = custom(&realm, "b.example.com").await;
    let sent = json!({"certificate": made.pem, "private_key": made.key});
    let changed = put(&realm, &domain, sent).await;
    changed.expect(200);
    let secret = made.key.lines().nth(1).unwrap();
    for reply in [
        changed,
        realm.read(&path(&domain)).await,
        realm.read("/v2/domains").await,
    ] {
        assert!(
            !reply.text.contains(secret) && !reply.text.contains("private_key"),
            "{}",
            reply.text
        );
    }
    let kept = app.kept_certificates(domain["id"].as_str().unwrap()).await;
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].contains(secret), "{kept:?}");
}

#[tokio::test]
async fn t_03_nobody_else_s_certificate_can_be_changed() {
    let (names, own, made) = (
        NameServer::start().await,
        Made::new(&["a.example.com"]),
        Made::new(&["b.example.com"]),
    );
    let app = start(&names, &own).await;
    let (realm, thief) = (app.realm().await, app.realm().await);
    let domain = custom(&realm, "b.example.com").await;
    let sent = json!({"certificate": made.pem, "private_key": made.key});
    put(&thief, &domain, sent).await.errors(404);
    assert_eq!(realm.read(&path(&domain)).await.expect(200), domain);
}
