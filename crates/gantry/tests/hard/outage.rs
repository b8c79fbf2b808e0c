//! What others stand on goes away and comes back: Redis, PostgreSQL, and each of our own services.

use std::net::SocketAddr;

use gantry_testkit::outage::OutageProxy;

/// A proxy before the server of a URL, and the URL through it.
fn through_proxy(url: &str) -> (OutageProxy, String) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, place) = rest.rsplit_once('@').map_or(("", rest), |(user, place)| (user, place));
    let (addr, path) = place.split_once('/').map_or((place, ""), |(addr, path)| (addr, path));
    let addr: SocketAddr = addr.replace("localhost", "127.0.0.1").parse().unwrap();
    let proxy = OutageProxy::start(addr);
    let user = if user.is_empty() {
        String::new()
    } else {
        format!("{user}@")
    };
    let url = format!("{scheme}://{user}{}/{path}", proxy.addr());
    (proxy, url)
}

mod needs_redis {
    use std::time::Duration;

    use gantry_testkit::outage::OutageProxy;
    use gantry_testkit::servers;

    use super::through_proxy;
    use crate::common::{Api, ROOT_KEY, Realm, RedisCluster, Server, gantry, until};

    /// One process on SQLite whose limits are in Redis, five logins a minute.
    async fn limited(dir: &std::path::Path) -> (OutageProxy, Server, Api, Realm) {
        let (proxy, url) = through_proxy(&servers::redis_url());
        let mut command = gantry(dir, &["serve"]);
        command
            .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
            .env("REDIS_URL", url)
            .env("GANTRY_LIMITS__LOGIN__MAX", "5")
            .env("GANTRY_LIMITS__LOGIN__PER_SECONDS", "600");
        let server = Server::start(&command).await;
        let api = Api::at(&server.http);
        let realm = api.new_realm().await;
        api.new_user(&realm, "ana@example.com").await.expect(201);
        (proxy, server, api, realm)
    }

    /// Signs in until it is limited, and tells how often it was let in.
    async fn logins_until_limited(api: &Api, realm: &Realm) -> usize {
        for count in 0..20 {
            let reply = api.login(realm, "ana@example.com").await;
            if reply.status == 429 {
                assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0, "{reply:?}");
                return count;
            }
            reply.expect(200);
        }
        panic!("nobody is limited");
    }

    async fn until_back(server: &Server, api: &Api) {
        until("redis is back", async || {
            // Somebody must ask, and after a cool-down somebody's request is the one that looks.
            api.get("/v2/realms").await.expect(200);
            server.process.log().contains("redis is back").then_some(())
        })
        .await;
    }

    #[tokio::test]
    async fn logins_are_limited_while_redis_is_away_and_counted_there_again() {
        let dir = tempfile::tempdir().unwrap();
        let (proxy, mut server, api, realm) = limited(dir.path()).await;
        for _ in 0..2 {
            api.login(&realm, "ana@example.com").await.expect(200);
        }
        proxy.cut();
        // In memory the count begins anew, and holds: nobody is locked out, nobody is let loose.
        assert_eq!(logins_until_limited(&api, &realm).await, 5);
        assert!(api.is_ready().await, "without Redis it still serves");
        proxy.restore();
        until_back(&server, &api).await;
        // Redis remembers the two from before.
        assert_eq!(logins_until_limited(&api, &realm).await, 3);
        server.stop().await;
        let said = server.process.log();
        assert!(said.contains("redis is away") && !said.contains("ERROR"), "{said}");
    }

    #[tokio::test]
    async fn a_redis_that_hangs_holds_nobody_up() {
        let dir = tempfile::tempdir().unwrap();
        let (proxy, mut server, api, realm) = limited(dir.path()).await;
        proxy.stall();
        // loginrocket-js waits four seconds.
        let first = tokio::time::timeout(Duration::from_secs(4), api.login(&realm, "ana@example.com")).await;
        first.expect("an answer in time").expect(200);
        assert_eq!(logins_until_limited(&api, &realm).await, 4);
        proxy.restore();
        until_back(&server, &api).await;
        server.stop().await;
    }

    #[tokio::test]
    async fn a_process_starts_without_redis_unless_it_is_told_not_to() {
        let dir = tempfile::tempdir().unwrap();
        let (proxy, url) = through_proxy(&servers::redis_url());
        proxy.cut();
        let mut command = gantry(dir.path(), &["serve"]);
        command.env("REDIS_URL", url);
        let mut server = Server::start(&command).await;
        server.stop().await;
        let refused = crate::common::output(command.env("GANTRY_REDIS__ON_START", "refuse"));
        assert_eq!((refused.0, refused.1.as_str()), (1, ""));
        assert!(refused.2.contains("REDIS_URL"), "{}", refused.2);
        // Whoever counts nothing does not ask for it.
        let mut server = Server::start(command.env("GANTRY_LIMITS_ENABLED", "false")).await;
        server.stop().await;
    }

    #[tokio::test]
    async fn a_gateway_that_requires_redis_is_ready_while_redis_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let (proxy, url) = through_proxy(&servers::redis_url());
        let mut command = gantry(dir.path(), &["serve"]);
        command.env("REDIS_URL", url).env("GANTRY_REDIS__ON_START", "refuse");
        let mut server = Server::start(&command).await;
        let api = Api::at(&server.http);
        for _ in 0..2 {
            // Nobody else asks Redis for anything: that it went, and that it came back, readiness finds out by itself.
            api.until_ready().await;
            proxy.cut();
            api.until_not_ready().await;
            let said = api.send(api.anyone(reqwest::Method::GET, "/health/ready")).await;
            assert!(said.status == 503 && said.text.contains("redis"), "{said:?}");
            proxy.restore();
        }
        api.until_ready().await;
        server.stop().await;
    }

    #[tokio::test]
    async fn a_redis_cluster_is_one_when_it_is_said_to_be() {
        let dir = tempfile::tempdir().unwrap();
        let single = servers::redis_url();
        let mut command = gantry(dir.path(), &["serve"]);
        command
            .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
            .env("GANTRY_LIMITS__LOGIN__MAX", "5")
            .env("GANTRY_REDIS__ON_START", "refuse")
            .env("GANTRY_REDIS__CLUSTER", "true");
        // What is no cluster does not know its nodes.
        let (code, _, said) = crate::common::output(command.env("REDIS_URL", &single));
        assert!(code == 1 && said.contains("redis.cluster"), "{said}");

        let cluster = RedisCluster::start().await;
        let mut server = Server::start(command.env("REDIS_URL", cluster.url())).await;
        let api = Api::at(&server.http);
        let realm = api.new_realm().await;
        api.new_user(&realm, "ana@example.com").await.expect(201);
        assert_eq!(logins_until_limited(&api, &realm).await, 5);
        assert!(cluster.holds("gantry:limit:login:").await, "the cluster counts");
        server.stop().await;
        let said = server.process.log();
        assert!(!said.contains("redis is away"), "{said}");
    }
}

mod needs_postgres {
    use gantry_testkit::outage::OutageProxy;
    use serde_json::Value;

    use super::through_proxy;
    use crate::common::{Api, Cluster, Plan, Realm, Reply, Service, until};

    /// Four processes with a realm and a user who has signed in.
    struct Installation {
        cluster: Cluster,
        database: OutageProxy,
        api: Api,
        realm: Realm,
        session: String,
    }

    async fn installation() -> Installation {
        let mut plan = Plan::new().await;
        let (database, url) = through_proxy(&plan.database_url);
        plan.database_url = url;
        plan.set("GANTRY_LIMITS__LOGIN__MAX", "1000");
        let cluster = plan.start(1).await;
        let api = cluster.api(0);
        let realm = api.new_realm().await;
        api.new_user(&realm, "ana@example.com").await.expect(201);
        let login = api.login(&realm, "ana@example.com").await.expect(200);
        Installation {
            session: login["session"].as_str().unwrap().to_owned(),
            cluster,
            database,
            api,
            realm,
        }
    }

    /// The answer while something is away: its id, when to come back, and nothing from inside.
    #[track_caller]
    fn is_away(reply: &Reply) {
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1, "{reply:?}");
        let errors = reply.errors(503);
        assert_eq!(errors.len(), 1);
        for inside in ["127.0.0.1", "postgres", "tcp", "os error", "transport", "connect"] {
            assert!(!errors[0].to_lowercase().contains(inside), "{errors:?}");
        }
    }

    impl Installation {
        async fn login(&self) -> Reply {
            self.api.login(&self.realm, "ana@example.com").await
        }

        /// Everything works again, without anybody's help.
        async fn recovers(&self) {
            self.api.until_ready().await;
            until("logins work", async || (self.login().await.status == 200).then_some(())).await;
            until("the session is good", async || {
                let reply = self.api.session(&self.realm, &self.session).await;
                assert_ne!(reply.status, 403, "it was never ended");
                (reply.status == 200).then_some(())
            })
            .await;
            self.lists_events_again().await;
        }

        async fn lists_events_again(&self) {
            until("events are listed", async || {
                let path = format!("/v2/events?realm_id={}", self.realm.id);
                (self.api.get(&path).await.status == 200).then_some(())
            })
            .await;
        }

        /// Each request has exactly one `user.login.succeeded`, and there are no others.
        async fn every_login_is_told_once(&self, logins: &[String]) {
            for id in logins {
                self.api.events(&self.realm, id, 1).await;
            }
            let query = format!(
                "realm_id={}&event_type=user.login.succeeded&created_at_after=&direction=asc",
                self.realm.id
            );
            let events = self.api.all("/v2/events", &query).await;
            let id_of = |event: &Value| event["request_id"].as_str().unwrap().to_owned();
            let mut told: Vec<String> = events.iter().map(id_of).collect();
            told.sort();
            let mut expected = logins.to_vec();
            expected.sort();
            assert_eq!(told, expected);
        }
    }

    #[tokio::test]
    async fn without_its_database_it_says_so_and_recovers_by_itself() {
        let mut all = installation().await;
        for round in 0..2 {
            all.database.cut();
            is_away(&all.login().await);
            is_away(&all.api.get(&format!("/v2/users?realm_id={}", all.realm.id)).await);
            is_away(&all.api.get(&format!("/v2/events?realm_id={}", all.realm.id)).await);
            is_away(&all.api.session(&all.realm, &all.session).await);
            is_away(&all.api.new_user(&all.realm, "late@example.com").await);
            let ready = all
                .api
                .send(all.api.anyone(reqwest::Method::GET, "/health/ready"))
                .await;
            assert_eq!(
                (ready.status, ready.json()["missing"].as_str()),
                (503, Some("auth")),
                "round {round}"
            );
            // Alive it is: a restart would help nobody.
            all.api
                .send(all.api.anyone(reqwest::Method::GET, "/health/live"))
                .await
                .expect(200);
            all.database.restore();
            all.recovers().await;
        }
        // What was refused was not done.
        let users = all.api.all("/v2/users", &format!("realm_id={}", all.realm.id)).await;
        assert_eq!(users.len(), 1);
        all.cluster.stop().await;
    }

    #[tokio::test]
    async fn t_42_a_killed_event_service_loses_nothing_and_stops_nobody() {
        let mut all = installation().await;
        let query = format!(
            "realm_id={}&event_type=user.login.succeeded&created_at_after=",
            all.realm.id
        );
        let first = until("the first login's event", async || {
            all.api
                .all("/v2/events", &query)
                .await
                .first()
                .map(|event| event["request_id"].as_str().unwrap().to_owned())
        })
        .await;
        let mut logins = vec![first];
        for round in 0..3 {
            for _ in 0..3 {
                let login = all.login().await;
                login.expect(200);
                logins.push(login.request_id().to_owned());
            }
            // In the middle of the hand-over, as it happens.
            all.cluster.service(Service::Event).process.kill();
            for _ in 0..3 {
                let login = all.login().await;
                assert_eq!(login.status, 200, "round {round}: {login:?}");
                logins.push(login.request_id().to_owned());
            }
            is_away(&all.api.get(&format!("/v2/events?realm_id={}", all.realm.id)).await);
            assert!(all.api.is_ready().await, "people can sign in");
            all.cluster.restart(Service::Event).await;
            all.lists_events_again().await;
        }
        all.every_login_is_told_once(&logins).await;
        all.cluster.stop().await;
    }

    #[tokio::test]
    async fn a_killed_auth_is_said_and_found_again() {
        let mut all = installation().await;
        // Requests under way when it dies are answered like those that come later: never with a defect of ours.
        let (api, realm) = (all.api.clone(), all.realm.clone());
        let under_way = async {
            let many = (0..8).map(|_| api.login(&realm, "ana@example.com"));
            futures::future::join_all(many).await
        };
        let auth = all.cluster.service(Service::Auth);
        let kill = async {
            tokio::task::yield_now().await;
            auth.process.kill();
        };
        let (answers, ()) = tokio::join!(under_way, kill);
        for reply in answers {
            assert!([200, 503].contains(&reply.status), "{reply:?}");
        }
        is_away(&all.login().await);
        is_away(&all.api.get("/v2/realms").await);
        is_away(&all.api.session(&all.realm, &all.session).await);
        let ready = all
            .api
            .send(all.api.anyone(reqwest::Method::GET, "/health/ready"))
            .await;
        assert_eq!((ready.status, ready.json()["missing"].as_str()), (503, Some("auth")));
        all.cluster.restart(Service::Auth).await;
        all.recovers().await;
        all.cluster.stop().await;
    }

    #[tokio::test]
    async fn a_restarted_session_service_knows_every_session() {
        let mut all = installation().await;
        let keys = async |api: &Api, realm: &Realm| {
            let asked = api.visitor(realm, reqwest::Method::GET, "/connect/jwks");
            api.send(asked).await.expect(200)
        };
        let before = keys(&all.api, &all.realm).await;
        all.cluster.service(Service::Session).process.kill();
        is_away(&all.api.session(&all.realm, &all.session).await);
        is_away(&all.login().await);
        all.cluster.restart(Service::Session).await;
        all.recovers().await;
        assert_eq!(
            keys(&all.api, &all.realm).await,
            before,
            "tokens that are out there stay good"
        );
        all.api.logout(&all.realm, &all.session).await.expect(200);
        all.api.session(&all.realm, &all.session).await.errors(403);
        all.cluster.stop().await;
    }
}
