//! What one service decides and another must do is done though processes die between the two (T-21).

mod needs_postgres {
    use gantry_testkit::servers;
    use reqwest::Method;
    use serde_json::json;

    use crate::common::{Api, Cluster, Plan, Realm, Service, until};

    async fn started() -> Cluster {
        let mut plan = Plan::new().await;
        plan.set("REDIS_URL", servers::redis_url());
        plan.start(1).await
    }

    async fn logged_in(api: &Api) -> (Realm, String) {
        let realm = api.new_realm().await;
        api.new_user(&realm, "ana@example.com").await.expect(201);
        let login = api.login(&realm, "ana@example.com").await.expect(200);
        (realm, login["session"].as_str().unwrap().to_owned())
    }

    /// Waits until a session is refused by a Session that is there.
    async fn ended(api: &Api, realm: &Realm, session: &str) {
        until("the end of the session", async || {
            let status = api.session(realm, session).await.status;
            (status == 403).then_some(())
        })
        .await;
    }

    #[tokio::test]
    async fn sessions_end_though_session_was_away_when_the_password_changed() {
        let mut cluster = started().await;
        let api = cluster.api(0);
        let (realm, session) = logged_in(&api).await;
        cluster.service(Service::Session).process.kill();
        let path = format!("/v2/users/ana@example.com?realm_id={}", realm.id);
        let body = json!({"user": {"password": "another long password"}});
        let changed = api.send(api.root(Method::PUT, &path).json(&body)).await;
        changed.expect(200);
        cluster.restart(Service::Session).await;
        ended(&api, &realm, &session).await;
        let events = api.events(&realm, changed.request_id(), 3).await;
        let told = events.iter().filter(|event| event["event_type"] == "session.deleted");
        assert_eq!(told.count(), 1, "{events:#?}");
        cluster.stop().await;
    }

    #[tokio::test]
    async fn sessions_end_though_auth_died_before_it_could_say_so() {
        let mut cluster = started().await;
        let api = cluster.api(0);
        let (realm, session) = logged_in(&api).await;
        cluster.service(Service::Session).process.kill();
        let path = format!("/v2/users/ana@example.com?realm_id={}", realm.id);
        let gone = api.send(api.root(Method::DELETE, &path)).await;
        gone.expect(200);
        cluster.service(Service::Auth).process.kill();
        cluster.restart(Service::Auth).await;
        cluster.restart(Service::Session).await;
        ended(&api, &realm, &session).await;
        let events = api.events(&realm, gone.request_id(), 2).await;
        assert!(
            events.iter().any(|event| event["event_type"] == "session.deleted"),
            "{events:#?}"
        );
        cluster.stop().await;
    }
}
