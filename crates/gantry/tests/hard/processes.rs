//! The same Gantry in several processes: the story of issue 2 over two gateways and three services, on PostgreSQL and Redis.

mod needs_postgres {
    use std::os::unix::fs::PermissionsExt;

    use gantry_proto::auth::v2::auth_client::AuthClient;
    use gantry_proto::auth::v2::{AuthenticateInput, AuthenticateUserRequest};
    use gantry_testkit::servers;
    use reqwest::Method;
    use serde_json::json;

    use crate::common::{
        Api, Cluster, PASSWORD, Plan, ROOT_KEY, Realm, Server, Service, channel, gantry, story, with_key,
    };

    /// Auth, session, event and two gateways.
    async fn started(change: impl FnOnce(&mut Plan)) -> Cluster {
        let mut plan = Plan::new().await;
        plan.set("REDIS_URL", servers::redis_url());
        change(&mut plan);
        plan.start(2).await
    }

    #[tokio::test]
    async fn the_story_over_two_gateways_and_three_services() {
        let mut cluster = started(|_| {}).await;
        story(&cluster.api(0), &cluster.api(1)).await;
        cluster.stop().await;
    }

    #[tokio::test]
    async fn the_story_over_unix_sockets() {
        let sockets = tempfile::tempdir().unwrap();
        let mut plan = Plan::new().await;
        plan.at_sockets_in(sockets.path());
        let mut cluster = plan.start(1).await;
        story(&cluster.api(0), &cluster.api(0)).await;
        for service in Service::ALL {
            let file = std::fs::metadata(sockets.path().join(service.name())).unwrap();
            // Whoever reaches the socket reaches the service without TLS: that is for its owner alone.
            assert_eq!(file.permissions().mode() & 0o077, 0);
        }
        // Killed, it leaves its file behind; that must not keep it from starting again.
        cluster.service(Service::Session).process.kill();
        cluster.restart(Service::Session).await;
        story(&cluster.api(0), &cluster.api(0)).await;
        cluster.stop().await;
    }

    /// What a gateway remembers is worth nothing once another changed what it depends on.
    #[tokio::test]
    async fn what_one_gateway_changes_the_other_does_not_remember() {
        let mut cluster = started(|_| {}).await;
        let (here, there) = (cluster.api(0), cluster.api(1));
        let realm = here.new_realm().await;
        let user = here.new_user(&realm, "ana@example.com").await.expect(201);
        let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
        let login = here.login(&realm, "ana@example.com").await.expect(200);
        let session = login["session"].as_str().unwrap();
        let (mut last, names) = (login["token"].clone(), ["Ana", "Bea", "Cleo", "Dora"]);
        for name in names {
            for _ in 0..3 {
                here.session(&realm, session).await.expect(200);
            }
            let body = json!({"realm_id": realm.id, "user": {"first_name": name}});
            there.send(there.root(Method::PUT, &path).json(&body)).await.expect(200);
            let token = here.session(&realm, session).await.expect(200)["token"].clone();
            assert_ne!(token, last, "{name} is not in it");
            last = token;
        }
        for _ in 0..3 {
            here.session(&realm, session).await.expect(200);
        }
        there.logout(&realm, session).await.expect(200);
        assert_eq!(here.session(&realm, session).await.status, 403);
        cluster.stop().await;
    }

    #[tokio::test]
    async fn the_story_in_one_process_on_the_same_servers() {
        let dir = tempfile::tempdir().unwrap();
        let plan = Plan::new().await;
        let mut command = gantry(dir.path(), &["serve"]);
        command
            .env("DATABASE_URL", &plan.database_url)
            .env("REDIS_URL", servers::redis_url())
            .env("GANTRY_ROOT_API_KEY", ROOT_KEY);
        let mut server = Server::start(&command).await;
        let api = Api::at(&server.http);
        story(&api, &api).await;
        server.stop().await;
    }

    /// Sends logins to both gateways at once, and tells how many were let in and how many were limited.
    async fn flood(apis: [&Api; 2], realm: &Realm, password: &str, count: usize) -> (usize, usize) {
        let sent = (0..count).map(|i| {
            let api = apis[i % 2];
            async move { api.send(api.logging_in(realm, "ana@example.com", password)).await }
        });
        let replies = futures::future::join_all(sent).await;
        let limited = replies.iter().filter(|reply| reply.status == 429).count();
        for reply in replies.iter().filter(|reply| reply.status == 429) {
            let wait: u64 = reply.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&wait), "{reply:?}");
            assert_eq!(reply.header("ratelimit-remaining"), "0");
        }
        let in_time = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(in_time + limited, count, "{replies:#?}");
        (in_time, limited)
    }

    #[tokio::test]
    async fn two_gateways_enforce_one_limit() {
        let cluster = started(|plan| {
            plan.set("GANTRY_LIMITS__LOGIN__MAX", "12");
            // While a password is looked at it counts as a guess: twelve at once are more than an account's ten.
            plan.set("GANTRY_LIMITS__PASSWORD__MAX", "100");
        })
        .await;
        let (one, two) = (cluster.api(0), cluster.api(1));
        let realm = one.new_realm().await;
        one.new_user(&realm, "ana@example.com").await.expect(201);
        assert_eq!(flood([&one, &two], &realm, PASSWORD, 30).await, (12, 18));
        // Another realm's visitors are not counted with these.
        let other = one.new_realm().await;
        two.new_user(&other, "ana@example.com").await.expect(201);
        two.login(&other, "ana@example.com").await.expect(200);
    }

    #[tokio::test]
    async fn t_11_guesses_at_two_gateways_are_counted_together() {
        let mut cluster = started(|plan| {
            plan.set("GANTRY_LIMITS__LOGIN__MAX", "1000");
            plan.set("GANTRY_LIMITS__PASSWORD__MAX", "5");
        })
        .await;
        let (one, two) = (cluster.api(0), cluster.api(1));
        let realm = one.new_realm().await;
        one.new_user(&realm, "ana@example.com").await.expect(201);
        let guesses = (0..60).map(|i| {
            let api = [&one, &two][i % 2];
            let guess = format!("guess {i}");
            let realm = &realm;
            async move { api.send(api.logging_in(realm, "ana@example.com", &guess)).await }
        });
        let replies = futures::future::join_all(guesses).await;
        // Each is refused with a 422; only those within the limit were looked at. One more may be busy (429), never checked.
        let looked_at = replies
            .iter()
            .filter(|reply| reply.status == 422 && reply.errors(422) == ["Login failed"])
            .count();
        assert_eq!(looked_at, 5, "{replies:#?}");
        // The lock holds at both gateways, even for the right password, and a restart does not open it.
        let locked = async |cluster: &Cluster| {
            for gateway in 0..2 {
                let api = cluster.api(gateway);
                api.until_ready().await;
                assert_ne!(api.login(&realm, "ana@example.com").await.errors(422), ["Login failed"]);
            }
            // Nor is there a side door for programs.
            let mut auth = AuthClient::new(channel(&cluster.plan.url(Service::Auth)));
            let guess = AuthenticateUserRequest {
                id: "ana@example.com".to_owned(),
                user: Some(AuthenticateInput {
                    password: Some(PASSWORD.to_owned()),
                }),
                ..AuthenticateUserRequest::default()
            };
            let refused = auth.authenticate_user(with_key(guess, &realm)).await.unwrap_err();
            assert_eq!(refused.message(), "too_many_attempts");
        };
        locked(&cluster).await;
        cluster.service(Service::Auth).process.kill();
        cluster.restart(Service::Auth).await;
        locked(&cluster).await;
    }
}
