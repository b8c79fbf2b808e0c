//! What webhooks were told after all, held against the events: all of it, at least once, and each user's in order where that was asked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::common::{Api, Realm, Receiver};

/// Two webhooks that listen to everything: one that is told in order, and one that is not.
pub(crate) struct Told {
    ordered: Receiver,
    plain: Receiver,
}

impl Told {
    /// Has a realm tell them.
    pub(crate) async fn begin(api: &Api, realm: &Realm) -> Self {
        let told = Self {
            ordered: Receiver::start().await,
            plain: Receiver::start().await,
        };
        for (receiver, ordered) in [(&told.ordered, true), (&told.plain, false)] {
            let hook = json!({"destination": receiver.url, "ordered": ordered});
            let body = json!({"realm_id": realm.id, "hook": hook});
            api.post("/v2/hooks", body).await.expect(201);
        }
        told
    }

    /// Waits until every event of the realm has arrived at both, and looks whether each user's came in order.
    pub(crate) async fn is_complete(&self, api: &Api, realm: &Realm) {
        let query = format!("realm_id={}&created_at_after=", realm.id);
        let events = ids(&api.all("/v2/events", &query).await);
        let since = tokio::time::Instant::now();
        for (name, receiver) in [("in order", &self.ordered), ("in any order", &self.plain)] {
            receiver.until_told(events.clone()).await;
            let told = receiver.told();
            let twice = told.len() - ids(&told).len();
            let took = since.elapsed().as_secs_f64();
            println!(
                "told {name}: {} events, {twice} of them more than once, {took:.1} s after the last crash",
                events.len()
            );
        }
        for (user, came) in first_arrivals(&self.ordered.told()) {
            assert!(came.is_sorted(), "{user} was told about as {came:?}");
        }
    }
}

fn ids(events: &[Value]) -> BTreeSet<String> {
    events
        .iter()
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The events of each user, in the order in which they came first.
fn first_arrivals(told: &[Value]) -> BTreeMap<String, Vec<String>> {
    let (mut seen, mut came) = (BTreeSet::new(), BTreeMap::<String, Vec<String>>::new());
    for event in told {
        let id = event["id"].as_str().unwrap().to_owned();
        if let Some(user) = event["user_id"].as_str()
            && seen.insert(id.clone())
        {
            came.entry(user.to_owned()).or_default().push(id);
        }
    }
    came
}

#[test]
fn an_event_counts_when_it_first_came() {
    let event = |id: &str, user: &str| json!({"id": id, "user_id": user});
    let told = [
        event("ev_2", "a"),
        event("ev_1", "b"),
        event("ev_3", "a"),
        event("ev_2", "a"),
        json!({"id": "ev_0"}),
    ];
    let came = first_arrivals(&told);
    assert_eq!(came["a"], ["ev_2", "ev_3"]);
    assert_eq!(came["b"], ["ev_1"]);
}
