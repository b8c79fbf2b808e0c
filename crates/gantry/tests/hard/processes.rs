//! The same Gantry in several processes: the story of issue 2 over two gateways and three services, on PostgreSQL and Redis.

mod needs_postgres {
    use gantry_testkit::servers;
    use serde_json::{Value, json};

    use crate::common::{Api, Cluster, PASSWORD, Plan, ROOT_KEY, Realm, Server, gantry};

    /// Auth, session, event and two gateways.
    async fn started(change: impl FnOnce(&mut Plan)) -> Cluster {
        let mut plan = Plan::new().await;
        plan.set("REDIS_URL", servers::redis_url());
        change(&mut plan);
        plan.start(2).await
    }

    fn types(events: &[Value]) -> Vec<&str> {
        events
            .iter()
            .map(|event| event["event_type"].as_str().unwrap())
            .collect()
    }

    /// Made at one gateway, used at the other, ended at the first: no process keeps anything of its own.
    async fn story(one: &Api, two: &Api) {
        let realm = one.new_realm().await;
        let created = one.new_user(&realm, "ana@example.com").await;
        let user = created.expect(201);
        let org = json!({"realm_id": realm.id, "org": {"name": "Crew"}});
        let org = two.post("/v2/orgs", org).await.expect(201);
        let membership = json!({"user_id": user["id"], "org_id": org["id"]});
        let membership = json!({"realm_id": realm.id, "membership": membership});
        one.post("/v2/memberships", membership).await.expect(201);

        let login = two.login(&realm, "ana@example.com").await;
        let signed_in = login.expect(200);
        assert_eq!(
            (&signed_in["result"], &signed_in["account"]),
            (&json!("full_login"), &org["id"])
        );
        let session = signed_in["session"].as_str().unwrap();
        let seen = one.session(&realm, session).await.expect(200);
        assert_eq!(
            (&seen["session"], &seen["account"]),
            (&json!(session), &org["id"]),
            "{seen}"
        );
        let keys = one
            .send(one.visitor(&realm, reqwest::Method::GET, "/connect/jwks"))
            .await;
        assert_eq!(keys.expect(200)["keys"].as_array().unwrap().len(), 1);

        let logout = two.logout(&realm, session).await;
        logout.expect(200);
        one.session(&realm, session).await.errors(403);
        let refused = one.send(one.logging_in(&realm, "ana@example.com", "wrong")).await;
        refused.errors(422);

        // What each call caused carries the id that its caller was told, whichever gateway and service it went through.
        let of = async |id: &str, count| one.events(&realm, id, count).await;
        assert_eq!(types(&of(created.request_id(), 1).await), ["user.created"]);
        let login = of(login.request_id(), 1).await;
        assert_eq!(types(&login), ["user.login.succeeded"]);
        assert!(session.starts_with(login[0]["session_id"].as_str().unwrap()));
        assert_eq!(types(&of(logout.request_id(), 1).await), ["session.deleted"]);
        assert_eq!(types(&of(refused.request_id(), 1).await), ["user.login.failed"]);
    }

    #[tokio::test]
    async fn the_story_over_two_gateways_and_three_services() {
        let mut cluster = started(|_| {}).await;
        story(&cluster.api(0), &cluster.api(1)).await;
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
        let cluster = started(|plan| plan.set("GANTRY_LIMITS__LOGIN__MAX", "12")).await;
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
        let cluster = started(|plan| {
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
        // The lock holds on every path and at both gateways, even for the right password.
        for api in [&one, &two] {
            assert_ne!(api.login(&realm, "ana@example.com").await.errors(422), ["Login failed"]);
        }
    }
}
