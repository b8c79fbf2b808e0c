//! Deliveries as operators see them: the log and replay by command, metrics, and several processes that share the work.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Api, REACHABLE, ROOT_KEY, Realm, Receiver, Server, gantry, output, refused, until};

async fn hook(api: &Api, realm: &Realm, fields: Value) -> String {
    let body = json!({"realm_id": realm.id, "hook": fields});
    let made = api.post("/v2/hooks", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn org(api: &Api, realm: &Realm, name: &str) {
    let body = json!({"realm_id": realm.id, "org": {"name": name}});
    api.post("/v2/orgs", body).await.expect(201);
}

/// Waits until a realm has so many notifications in a state.
async fn until_there_are(api: &Api, realm: &Realm, state: &str, count: usize) {
    let query = format!("realm_id={}&state={state}", realm.id);
    until(&format!("{count} {state}"), async || {
        (api.all("/v2/notifications", &query).await.len() == count).then_some(())
    })
    .await;
}

/// Runs `gantry notifications`, and reads what it prints.
fn notifications(dir: &Path, arguments: &[&str]) -> Value {
    let all = [&["notifications"], arguments, &["--output", "json"]].concat();
    let (code, out, err) = output(&mut gantry(dir, &all));
    assert_eq!(code, 0, "{arguments:?}: {out}{err}");
    serde_json::from_str(&out).unwrap()
}

#[tokio::test]
async fn an_operator_lists_what_was_told_and_has_it_told_once_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = gantry(dir.path(), &["serve"]);
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("GANTRY_METRICS__ADDR", "127.0.0.1:0")
        .envs(REACHABLE);
    let mut server = Server::start(&command).await;
    let (api, receiver) = (Api::at(&server.http), Receiver::start().await);
    let realm = api.new_realm().await;
    let hook = hook(
        &api,
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"]}),
    )
    .await;
    for name in ["One", "Two", "Three"] {
        org(&api, &realm, name).await;
    }
    until_there_are(&api, &realm, "completed", 3).await;

    let of_realm = ["--realm", realm.id.as_str()];
    let listed = notifications(dir.path(), &[&["list"], &of_realm[..], &["--hook", &hook]].concat());
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(
        json!([
            listed[0]["event_type"],
            listed[0]["state"],
            listed[0]["attempts"],
            listed[0]["last_result"]
        ]),
        json!(["org.created", "completed", 1, "200 OK"])
    );
    let (_, text, _) = output(&mut gantry(
        dir.path(),
        &[&["notifications", "list"], &of_realm[..]].concat(),
    ));
    assert_eq!(text.lines().count(), 3, "{text}");
    // One, and all since the beginning, beside the server at work.
    let id = listed[2]["id"].as_str().unwrap();
    assert_eq!(
        notifications(dir.path(), &[&["replay", id], &of_realm[..]].concat())["replayed"],
        1
    );
    until("it is told again", async || (receiver.told().len() == 4).then_some(())).await;
    until_there_are(&api, &realm, "completed", 3).await;
    let all = [&["replay"], &of_realm[..], &["--state", "all", "--since", "1"]].concat();
    assert_eq!(notifications(dir.path(), &all)["replayed"], 3);
    until("all are told again", async || {
        (receiver.told().len() == 7).then_some(())
    })
    .await;
    assert_eq!(
        notifications(dir.path(), &[&["replay"], &of_realm[..]].concat())["replayed"],
        0
    );

    // Numbers for Prometheus, at a port of its own.
    let text = reqwest::get(&server.metrics).await.unwrap().text().await.unwrap();
    for line in [
        "gantry_delivery_attempts_total{hook_type=\"webhook\",outcome=\"delivered\"} 7",
        "gantry_deliveries_waiting ",
        "gantry_deliveries_oldest_seconds ",
        "gantry_auth_outbox_waiting ",
        "gantry_session_outbox_oldest_seconds ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let public = api.send(api.anyone(Method::GET, "/metrics")).await;
    public.expect(404);

    let said = |arguments: &[&str]| refused(dir.path(), &[&["notifications"], arguments].concat(), &[]);
    let ghost = "hk_0000000000000000000000";
    assert!(said(&[&["list"], &of_realm[..], &["--hook", ghost]].concat()).contains("not in this realm"));
    assert!(said(&[&["replay", "ent_1"], &of_realm[..]].concat()).contains("not in this realm"));
    assert!(said(&[&["replay"], &of_realm[..], &["--state", "all"]].concat()).contains("--since"));
    assert!(said(&[&["list"], &of_realm[..], &["--state", "lost"]].concat()).contains("--state"));
    server.stop().await;
}

mod needs_postgres {
    use super::*;
    use crate::common::{Plan, Service};

    #[tokio::test]
    async fn t_42_several_processes_share_the_work_and_a_dead_one_s_is_taken_over() {
        const HOOKS: usize = 12;
        const ORGS: usize = 10;
        let mut plan = Plan::new().await;
        for (name, value) in REACHABLE {
            plan.set(name, value);
        }
        plan.set("GANTRY_LIMITS_ENABLED", "false");
        // Two more that nobody calls: they deliver all the same.
        let mut more = Vec::new();
        let mut cluster = plan.start(1).await;
        for _ in 0..2 {
            let mut command = cluster.plan.service(Service::Event);
            command.env("GANTRY_GRPC_ADDR", "127.0.0.1:0");
            more.push(Server::start(&command).await);
        }
        let api = cluster.api(0);
        let realm = api.new_realm().await;
        let mut receivers = Vec::new();
        for _ in 0..HOOKS {
            let receiver = Receiver::start().await;
            let fields = json!({"destination": receiver.url, "event_type": ["org.created"], "delay": 5});
            hook(&api, &realm, fields).await;
            receivers.push(receiver);
        }
        for n in 0..ORGS {
            org(&api, &realm, &format!("Org {n}")).await;
        }
        let query = format!("realm_id={}", realm.id);
        until("all are to be told", async || {
            (api.all("/v2/notifications", &query).await.len() == HOOKS * ORGS).then_some(())
        })
        .await;
        // The one that stored them dies before most are due; of the other two one dies in the middle of the work.
        cluster.service(Service::Event).process.kill();
        until("somebody is told", async || {
            receivers
                .iter()
                .any(|receiver| !receiver.told().is_empty())
                .then_some(())
        })
        .await;
        more.remove(0).process.kill();
        let times = |receiver: &Receiver| {
            let mut times: BTreeMap<String, usize> = BTreeMap::new();
            for event in receiver.told() {
                *times.entry(event["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            times
        };
        until("all are told", async || {
            receivers
                .iter()
                .all(|receiver| times(receiver).len() == ORGS)
                .then_some(())
        })
        .await;
        cluster.restart(Service::Event).await;
        until_there_are(&api, &realm, "completed", HOOKS * ORGS).await;
        // Twice only what a dead one had under way, eight at a time.
        let twice = receivers.iter().flat_map(|receiver| times(receiver).into_values());
        let twice = twice.filter(|times| *times > 1).count();
        assert!(twice <= 2 * HOOKS * 8, "{twice}");
        more.remove(0).stop().await;
        cluster.stop().await;
    }
}
