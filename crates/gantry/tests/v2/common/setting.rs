//! What holds for every kind of thing that a realm's manager sets up: its life, its list, its refusals, and whose it is.

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use super::{App, Reply, TestRealm, field, pages_are_right};

/// A kind of things.
pub(crate) struct Setting {
    /// Its list, such as `/v2/hooks`.
    pub(crate) path: &'static str,
    /// The name of its fields' wrapping (contract 1.3).
    pub(crate) root: &'static str,
    /// An id of the kind that nothing has.
    pub(crate) unknown: &'static str,
    /// Whether a text is an id of the kind.
    pub(crate) is_id: fn(&str) -> bool,
    /// The fields of a new one, by a number of its own.
    pub(crate) fresh: for<'a> fn(&'a TestRealm<'a>, usize) -> BoxFuture<'a, Value>,
}

/// Without what is shown when it is made, and never again.
fn kept(mut made: Value) -> Value {
    if let Some(fields) = made.as_object_mut() {
        fields.remove("signing_secret");
    }
    made
}

impl Setting {
    pub(crate) async fn make(&self, realm: &TestRealm<'_>, fields: Value) -> Reply {
        realm.create(self.path, json!({ self.root: fields })).await
    }

    pub(crate) async fn send(&self, realm: &TestRealm<'_>, method: Method, path: &str, fields: Value) -> Reply {
        let request = realm.core(method, path).json(&json!({ self.root: fields }));
        realm.app.send(request).await
    }

    pub(crate) fn path_of(&self, made: &Value) -> String {
        format!("{}/{}", self.path, made["id"].as_str().unwrap())
    }

    /// It is made, read, changed field by field, listed and deleted. `shown` is what it shows of what was `sent`, and beside.
    pub(crate) async fn lives(&self, realm: &TestRealm<'_>, sent: Value, shown: Value, changes: &[(&str, Value)]) {
        let made = kept(self.make(realm, sent).await.expect(201));
        assert!((self.is_id)(made["id"].as_str().unwrap()));
        let mut expected = shown;
        expected["id"] = made["id"].clone();
        expected["object"] = json!(self.root);
        expected["realm_id"] = json!(realm.id);
        expected["created_at"] = json!(1_767_225_600.0);
        assert_eq!(made, expected);
        let path = self.path_of(&made);
        let put = async |fields: Value| self.send(realm, Method::PUT, &path, fields).await;
        assert_eq!(realm.read(&path).await.expect(200), made);
        for (name, value) in changes {
            expected[*name] = value.clone();
            assert_eq!(put(json!({ *name: value })).await.expect(200), expected, "{name}");
            assert_eq!(realm.read(&path).await.expect(200), expected, "{name}");
        }
        for nothing in [json!({}), json!(null), json!({"unheard_of": 1})] {
            assert_eq!(put(nothing).await.expect(200), expected);
        }
        assert_eq!(realm.list(self.path).await, std::slice::from_ref(&expected));
        let delete = async || self.send(realm, Method::DELETE, &path, json!(null)).await;
        assert_eq!(delete().await.expect(200), expected);
        realm.read(&path).await.errors(404);
        delete().await.errors(404);
        put(json!({})).await.errors(404);
        assert_eq!(realm.list(self.path).await, [json!(null); 0]);
    }

    /// A realm's are listed in the order of their making, and no other's.
    pub(crate) async fn is_listed_in_order(&self, app: &App) {
        let (realm, other) = (app.realm().await, app.realm().await);
        let mut ids = Vec::new();
        for number in 0..5 {
            let made = self.make(&realm, (self.fresh)(&realm, number).await).await.expect(201);
            ids.push(made["id"].as_str().unwrap().to_owned());
            self.make(&other, (self.fresh)(&other, number).await).await.expect(201);
        }
        let ask = |query: &str| realm.core(Method::GET, &format!("{}?{query}", self.path));
        pages_are_right(app, &ids, "asc", ask).await;
        assert_eq!(
            field(&other.list(self.path).await, "realm_id"),
            vec![other.id.clone(); 5]
        );
    }

    /// Each of these is refused with so many messages, when one is made and when one is changed, and leaves nothing.
    pub(crate) async fn refuses(&self, app: &App, wrong: &[(Value, usize)]) {
        let realm = app.realm().await;
        let made = kept(self.make(&realm, (self.fresh)(&realm, 0).await).await.expect(201));
        for (wrong, count) in wrong {
            let mut sent = (self.fresh)(&realm, 0).await;
            sent.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            assert_eq!(self.make(&realm, sent).await.errors(422).len(), *count, "{wrong}");
            let changed = self
                .send(&realm, Method::PUT, &self.path_of(&made), wrong.clone())
                .await;
            assert_eq!(changed.errors(422).len(), *count, "{wrong}");
        }
        self.make(&realm, json!("x")).await.errors(400);
        let nowhere = format!("{}?realm_id=rl_0000000000000000000000", self.path);
        app.post(&nowhere, (self.fresh)(&realm, 0).await).await.errors(404);
        assert_eq!(realm.list(self.path).await, [made]);
    }

    /// T-03, T-01: another realm's is like what is not there, and only who may manage sees it.
    pub(crate) async fn is_its_realm_s_own(&self, app: &App) {
        let (own, other) = (app.realm().await, app.realm().await);
        let theirs = kept(self.make(&other, (self.fresh)(&other, 0).await).await.expect(201));
        let path_of_theirs = self.path_of(&theirs);
        let key = app.key("manage", Some(&own.id)).await;
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let send = |path: String| app.send(app.holder(&key, method.clone(), &path));
            let unknown = send(format!("{}/{}", self.path, self.unknown)).await;
            unknown.errors(404);
            for path in [
                path_of_theirs.clone(),
                format!("{path_of_theirs}?realm_id={}", other.id),
                format!("{}/nonsense", self.path),
            ] {
                let reply = send(path).await;
                assert_eq!((reply.status, &reply.text), (404, &unknown.text));
            }
            for permission in ["read", "write"] {
                let key = app.key(permission, Some(&other.id)).await;
                for path in [self.path, &path_of_theirs] {
                    if path != self.path || method == Method::GET {
                        app.send(app.holder(&key, method.clone(), path)).await.errors(403);
                    }
                }
            }
        }
        let body = json!({"realm_id": other.id, self.root: (self.fresh)(&other, 0).await});
        let request = app.holder(&key, Method::POST, self.path).json(&body);
        app.send(request).await.errors(404);
        assert_eq!(other.list(self.path).await, [theirs]);
    }
}
