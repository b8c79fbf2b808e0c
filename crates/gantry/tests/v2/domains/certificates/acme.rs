//! Certificates from an authority: Pebble, an ACME server (RFC 8555) that looks at the gateway's own handshake (RFC 8737).

mod needs_pebble {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use gantry_kernel::{Clock, SystemClock};
    use gantry_testkit::port::HeldPort;
    use serde_json::{Value, json};

    use crate::common::{App, Made, NameServer, Pebble, TestRealm};
    use crate::domains::certificates::{custom, path, prove};

    const HOUR: i64 = 3_600_000;

    /// An authority at work, and a gateway that it can look at.
    struct Stage {
        app: App,
        names: NameServer,
        own: Made,
        _authority: Pebble,
        _papers: Made,
    }

    async fn start() -> Stage {
        let (names, own) = (NameServer::start().await, Made::new(&["*.localhost"]));
        let (papers, gateway) = (Made::new(&["localhost"]), HeldPort::new());
        let files = papers.configured();
        let authority = Pebble::start(&names, (&files.cert, &files.key), &gateway).await;
        let app = App::start_with(|config| {
            config.http.addr = gateway.addr();
            config.http.tls.certificates = vec![own.configured()];
            config.dns_server = Some(names.address);
            config.acme.directory = Some(authority.directory.clone());
            config.acme.terms_agreed = true;
            config.acme.contact = Some("operator@example.com".to_owned());
            config.acme.ca = Some(files.cert);
        })
        .await;
        // The authority lives by the machine's time.
        app.clock.jump_to_ms(SystemClock::new().now_ms());
        Stage {
            app,
            names,
            own,
            _authority: authority,
            _papers: papers,
        }
    }

    /// Waits until a domain is as it should be.
    async fn until(realm: &TestRealm<'_>, domain: &Value, ready: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let shown = realm.read(&path(domain)).await.expect(200);
            if ready(&shown) {
                return shown;
            }
            assert!(tokio::time::Instant::now() < deadline, "{shown}");
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_proven_domain_gets_its_certificate_and_a_new_one_before_it_ends() {
        let stage = start().await;
        let app = &stage.app;
        let realm = app.realm().await;
        let made = custom(&realm, "login.example.com").await;
        assert_eq!(
            (&made["cert_state"], &made["cert_expires_at"]),
            (&json!("pending"), &json!(null))
        );
        stage.names.set_address("login.example.com", &[Ipv4Addr::LOCALHOST]);
        let proven = prove(&realm, &stage.names, &made).await;
        assert_eq!(proven["dns_state"], "verified");
        let valid = until(&realm, &made, |domain| domain["cert_state"] == "valid").await;
        assert_eq!(
            (&valid["cert_source"], &valid["flags"], &valid["cert_error"]),
            (&json!("acme"), &json!([]), &json!(null))
        );
        let (first, status) = app.shows("login.example.com").await;
        assert!(status == 200 && first != stage.own.der());
        assert_eq!(app.shows("login.example.com").await.0, first);
        // What the authority looked at is there no longer.
        let kept = app.kept_certificates(made["id"].as_str().unwrap()).await;
        assert!(kept.len() == 1 && kept[0].starts_with("served "), "{kept:?}");

        let ends = (valid["cert_expires_at"].as_f64().unwrap() * 1000.0) as i64;
        let now = app.clock.now_ms();
        app.clock.jump_to_ms(now + (ends - now) / 10 * 7);
        let renewed = until(&realm, &made, |domain| {
            domain["cert_expires_at"] != valid["cert_expires_at"]
        })
        .await;
        assert_eq!(renewed["cert_state"], "valid");
        assert_ne!(app.shows("login.example.com").await.0, first);
    }

    #[tokio::test]
    async fn what_the_authority_refuses_is_told_in_its_words_and_tried_again_later() {
        let stage = start().await;
        let app = &stage.app;
        let realm = app.realm().await;
        let made = custom(&realm, "away.example.com").await;
        prove(&realm, &stage.names, &made).await;
        let failed = until(&realm, &made, |domain| domain["cert_state"] == "failed").await;
        assert_eq!(failed["flags"], json!(["cert_failed"]));
        assert!(!failed["cert_error"].as_str().unwrap().is_empty());
        // It is served all the same, with the certificate of the gateway's own names.
        assert_eq!(app.shows("away.example.com").await, (stage.own.der(), 200));
        stage.names.set_address("away.example.com", &[Ipv4Addr::LOCALHOST]);
        app.clock.jump_to_ms(app.clock.now_ms() + HOUR);
        let valid = until(&realm, &made, |domain| domain["cert_state"] == "valid").await;
        assert_eq!((&valid["flags"], &valid["cert_error"]), (&json!([]), &json!(null)));
    }

    #[tokio::test]
    async fn who_no_longer_proves_a_name_gets_no_certificate_for_it() {
        let stage = start().await;
        let app = &stage.app;
        let realm = app.realm().await;
        let made = custom(&realm, "login.example.com").await;
        stage.names.set_address("login.example.com", &[Ipv4Addr::LOCALHOST]);
        prove(&realm, &stage.names, &made).await;
        let valid = until(&realm, &made, |domain| domain["cert_state"] == "valid").await;
        stage.names.set("_gantry.login.example.com", &[]);
        let verify = format!("{}/verify", path(&made));
        realm.create(&verify, json!({"domain": {}})).await.expect(200);
        assert_eq!(app.shows("login.example.com").await, (stage.own.der(), 404));
        app.clock
            .jump_to_ms((valid["cert_expires_at"].as_f64().unwrap() * 1000.0) as i64);
        let expired = realm.read(&path(&made)).await.expect(200);
        assert_eq!(
            (&expired["cert_state"], &expired["dns_state"]),
            (&json!("expired"), &json!("failed"))
        );
        // Proven again, it gets another.
        prove(&realm, &stage.names, &made).await;
        until(&realm, &made, |domain| {
            domain["cert_expires_at"] != valid["cert_expires_at"]
        })
        .await;
        assert_eq!(app.shows("login.example.com").await.1, 200);
    }
}
