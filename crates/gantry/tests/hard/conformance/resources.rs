//! What is made, read, listed, changed and deleted (contract 3.0), a row for each resource: every library's way of the five verbs.

use serde_json::{Value, json};

use super::client::{Client, Library};
use super::parts::{PASSWORD, org, over, realm, shows, text, user};
use crate::common::until;

/// A resource, and how it is handled.
struct Resource {
    path: &'static str,
    prefix: &'static str,
    /// What it is made with.
    made: Value,
    /// What is sent and never shown.
    hidden: &'static [&'static str],
    changed: Value,
    /// What an update is answered that sends nothing.
    nothing: u16,
    /// What it cannot be made with.
    wrong: Value,
    /// What its list is asked with; `None` where there is no list.
    listed: Option<Value>,
    /// What goes with DELETE.
    gone: Value,
}

fn row(path: &'static str, prefix: &'static str, made: Value, changed: Value, wrong: Value) -> Resource {
    Resource {
        path,
        prefix,
        made,
        hidden: &[],
        changed,
        nothing: 200,
        wrong,
        listed: Some(json!({})),
        gone: Value::Null,
    }
}

/// Core resources (contract 3.2 to 3.4, 3.7, 3.11).
async fn people(client: &Client) -> Vec<Resource> {
    let (ana, _) = user(client, "ana@example.com").await;
    let bare = json!({"user": {"email": "bare@example.com"}});
    let (bare, _) = client.post("/v2/users", bare).await.made();
    let crew = org(client, "Crew").await;
    vec![
        Resource {
            hidden: &["password", "password_confirmation"],
            ..row(
                "users",
                "usr_",
                json!({"email": "row@example.com", "password": PASSWORD, "password_confirmation": PASSWORD, "username": "row.1",
                    "first_name": "Ro & Ñ", "last_name": "W", "locale": "es", "reference": "r/1", "custom": {"a": 1, "b": ["x", true]}}),
                json!({"last_name": null, "locale": "ja", "custom": {"c": 0.5}}),
                json!({"email": "nonsense"}),
            )
        },
        Resource {
            gone: json!({"force": true}),
            ..row(
                "orgs",
                "org_",
                json!({"name": "Row", "reference": "r/1", "custom": {"a": "b"}}),
                json!({"name": "Row + 1", "state": "inactive", "reference": null}),
                json!({"name": null}),
            )
        },
        Resource {
            listed: Some(json!({"org_id": crew})),
            ..row(
                "memberships",
                "mb_",
                json!({"user_id": ana, "org_id": crew, "permissions": ["b:x", "a.y"], "expires_at": 4_000_000_000.0}),
                json!({"permissions": ["z", "ar:admin", "b:x"]}),
                json!({"permissions": ["not one!"]}),
            )
        },
        Resource {
            listed: Some(json!({"invitation_type": "referral"})),
            ..row(
                "invitations",
                "nvt_",
                json!({"invitation_type": "referral", "email": "new@example.com", "inviting_user_id": ana, "locale": "ja"}),
                json!({"email": "newer@example.com"}),
                json!({"invitation_type": "sideways"}),
            )
        },
        Resource {
            hidden: &["password", "password_confirmation"],
            nothing: 422,
            listed: None,
            ..row(
                "credentials",
                "crd_",
                json!({"user_id": bare, "credential_type": "password", "password": PASSWORD, "password_confirmation": PASSWORD}),
                json!({"password": "another long password"}),
                json!({"credential_type": "pigeon"}),
            )
        },
    ]
}

/// What configures logins (contract 3.8 to 3.10, 3.13).
fn settings(unique: &str) -> Vec<Resource> {
    let uris = json!(["https://my.app/start?a=b", "http://localhost:4000/"]);
    vec![
        Resource {
            hidden: &["client_secret"],
            ..row(
                "auth_providers",
                "ap_",
                json!({"provider_type": "google", "name": "G", "client_id": "id-1", "client_secret": "s3cret", "scopes": "openid email"}),
                json!({"state": "inactive", "name": "Google"}),
                json!({"provider_type": "pigeon"}),
            )
        },
        row(
            "client_apps",
            "app_",
            json!({"client_type": "standard", "name": "App", "redirect_uris": uris}),
            json!({"state": "inactive", "redirect_uris": ["https://my.app/"]}),
            json!({"client_type": "saml"}),
        ),
        row(
            "client_apps",
            "app_",
            json!({"client_type": "oauth2", "app_type": "native", "name": "Phone", "redirect_uris": uris,
                "allowed_scopes": ["openid", "email"], "trusted": true, "logo": "https://my.app/l.png"}),
            json!({"trusted": false, "logo": null, "allowed_scopes": ["openid"]}),
            json!({"app_type": "sideways"}),
        ),
        row(
            "domains",
            "dom_",
            json!({"domain_type": "custom", "domain": format!("row-{unique}.example.com")}),
            json!({"domain": format!("other-{unique}.example.com"), "state": "inactive"}),
            json!({"domain_type": "sideways"}),
        ),
        Resource {
            listed: None,
            ..row(
                "named_permissions",
                "np_",
                json!({"name": "Edit", "permission": "docs:edit", "auto_grant": true}),
                json!({"auto_grant": false, "name": "Change"}),
                json!({"permission": "not one!"}),
            )
        },
        Resource {
            listed: None,
            ..row(
                "resource_links",
                "rln_",
                json!({"title": "Help", "link_url": "https://help.example/?a=b", "resource_type": "support"}),
                json!({"title": "More", "resource_type": null}),
                json!({"link_url": "nowhere"}),
            )
        },
    ]
}

/// What is told to whom (contract 3.13 and 5.4).
async fn messages(client: &Client) -> Vec<Resource> {
    let (bea, _) = user(client, "bea@example.com").await;
    let provider = json!({"mailing_list_provider": {"provider_name": "News", "provider_type": "mailchimp"}});
    let (provider, _) = client.post("/v2/mailing_list_providers", provider).await.made();
    let hook = json!({"hook_type": "mailing_list", "mailing_list_provider_id": provider, "list_id": "a"});
    let (hook, _) = client.post("/v2/hooks", json!({ "hook": hook })).await.made();
    tried(client).await;
    vec![
        row(
            "hooks",
            "hk_",
            json!({"hook_type": "webhook", "event_type": ["user.created", "session.deleted"], "delay": 5,
                "destination": "https://a.example/hook?x=1"}),
            json!({"event_type": [], "state": "inactive", "delay": 0}),
            json!({"event_type": ["user.exploded"]}),
        ),
        row(
            "hooks",
            "hk_",
            json!({"hook_type": "email", "event_type": ["user.created"], "email_to": "ops@a.example",
                "email_subjects": {"en": "Hi", "ja": "再設定"}, "email_templates": {"en": "Hello **you**"},
                "email_renderers": {"en": "html+text"}}),
            json!({"email_to": null, "email_subjects": {"en": "Ho"}}),
            json!({"email_renderers": {"en": "pdf"}}),
        ),
        Resource {
            hidden: &["smtp_password"],
            ..row(
                "smtp_providers",
                "smtp_",
                json!({"provider_name": "Mail", "provider_type": "smtp", "email_from": "no-reply@a.example", "email_from_name": "Ñ",
                    "smtp_host": "mail.a.example", "smtp_port": 465, "smtp_user": "acme", "smtp_password": "s3cret"}),
                json!({"smtp_port": 25, "state": "inactive", "smtp_user": null}),
                json!({"smtp_port": 70_000}),
            )
        },
        row(
            "mailing_list_providers",
            "mlp_",
            json!({"provider_name": "News", "provider_type": "mailchimp", "api_endpoint": "https://api.example/3.0",
                "provider_account": "acme", "valid_list_ids": ["a", "b"]}),
            json!({"valid_list_ids": [], "state": "inactive"}),
            json!({"state": "asleep"}),
        ),
        Resource {
            listed: Some(json!({"hook_id": hook, "user_id": bea})),
            ..row(
                "mailing_list_subscriptions",
                "mls_",
                json!({"hook_id": hook, "user_id": bea, "list_state": "pending"}),
                json!({"list_state": "unsubscribed"}),
                json!({"list_state": "sideways"}),
            )
        },
    ]
}

/// A webhook is tried, where nobody listens, and gets another secret.
async fn tried(client: &Client) {
    let hook = json!({"hook": {"destination": "http://127.0.0.1:9/", "event_type": ["org.closed"]}});
    let (hook, made) = client.post("/v2/hooks", hook).await.made();
    let path = format!("/v2/hooks/{hook}");
    let told = client.post(&format!("{path}/ping"), client.empty("hook")).await;
    shows(
        &told.expect(200),
        &json!({"object": "notification", "hook_id": hook, "hook_type": "webhook", "state": "failed", "attempts": 1}),
    );
    let turned = client
        .post(&format!("{path}/rotate_secret"), client.empty("hook"))
        .await;
    assert_ne!(turned.expect(200)["signing_secret"], made["signing_secret"]);
    told_again(client, &hook).await;
}

/// What a webhook was told is looked up, and told once more.
async fn told_again(client: &Client, hook: &str) {
    let org = client.post("/v2/orgs", json!({"org": {"name": "Told"}})).await.made().0;
    client
        .put(&format!("/v2/orgs/{org}"), json!({"org": {"state": "closed"}}))
        .await
        .expect(200);
    let list = format!("/v2/notifications?hook_id={hook}");
    let one = until("the hook is told", async || {
        let shown = client.get(&list, json!({})).await.expect(200);
        shown["collection"][0]["id"].as_str().map(str::to_owned)
    })
    .await;
    let path = format!("/v2/notifications/{one}");
    let expected = json!({"object": "notification", "hook_id": hook, "event_type": "org.closed"});
    shows(&client.get(&path, json!({})).await.expect(200), &expected);
    let again = client
        .post(&format!("{path}/replay"), client.empty("notification"))
        .await;
    shows(&again.expect(200), &expected);
    let all = client.post("/v2/replays", json!({"replay": {"hook_id": hook}})).await;
    shows(&all.expect(201), &json!({"object": "replay", "more_results": false}));
}

/// Realms themselves (contract 3.1).
fn realms() -> Resource {
    row(
        "realms",
        "rl_",
        json!({"name": "Row", "public_name": "R & W", "environment": "staging", "org_mode": "multi_user", "signup": "invitation",
            "allowed_origins": ["https://my.app", "http://localhost:4000"], "jwt_scopes": "openid ar.orgs", "custom": {"a": [1, 2]},
            "session_minutes": 60}),
        json!({"allowed_origins": [], "signup": "open", "public_name": null, "session_minutes": 90}),
        json!({"org_mode": "sideways"}),
    )
}

/// Each resource, all its verbs.
pub(super) async fn all(client: &Client) {
    let (id, inside) = realm(client, json!({})).await;
    let mut rows = people(&inside).await;
    rows.extend(settings(&format!("{:?}", client.library).to_lowercase()));
    rows.extend(messages(&inside).await);
    rows.push(realms());
    for row in &rows {
        let case = Case {
            row,
            root: row.path.strip_suffix('s').unwrap(),
            realm: &id,
            client: &inside,
        };
        case.run().await;
    }
}

/// A resource in a realm.
struct Case<'a> {
    row: &'a Resource,
    /// What its fields are wrapped in, which is also its `object`.
    root: &'a str,
    realm: &'a str,
    client: &'a Client,
}

impl Case<'_> {
    async fn run(&self) {
        let wrong = json!({self.root: over(self.row.made.clone(), &self.row.wrong)});
        let refused = self.client.post(&self.list_path(), wrong).await.errors(422);
        assert!(!refused.is_empty(), "{}", self.row.path);
        let (path, made) = self.make().await;
        self.read(&path, &made).await;
        self.change(&path, made).await;
        self.end(&path).await;
    }

    fn list_path(&self) -> String {
        format!("/v2/{}", self.row.path)
    }

    /// Fields as they are shown.
    fn shown(&self, fields: &Value) -> Value {
        let mut shown = fields.clone();
        let shown_fields = shown.as_object_mut().unwrap();
        shown_fields.retain(|name, _| !self.row.hidden.contains(&name.as_str()));
        shown
    }

    fn is_right(&self, seen: &Value, fields: &Value) {
        shows(seen, &self.shown(fields));
        assert_eq!(seen["object"], self.root, "{seen}");
        for name in self.row.hidden {
            assert!(seen.get(name).is_none(), "{name} of {seen}");
        }
    }

    async fn make(&self) -> (String, Value) {
        // Ruby makes children through their parent, whose id then stands among their fields.
        let (client, fields) = match self.client.library {
            Library::Ruby => (self.client.without_realm(), json!({"realm_id": self.realm})),
            Library::Node | Library::Php => (self.client.clone(), Value::Null),
        };
        let fields = over(self.row.made.clone(), &fields);
        let body = json!({self.root: fields, "request": {"ip": "203.0.113.7", "client": "Tests/1"}});
        let (id, made) = client.post(&self.list_path(), body).await.made();
        assert!(id.starts_with(self.row.prefix), "{id}");
        self.is_right(&made, &self.row.made);
        (format!("{}/{}", self.list_path(), self.client.escaped(&id)), made)
    }

    async fn read(&self, path: &str, made: &Value) {
        let id = text(made, "id");
        // The realm may be told by header or by parameter.
        let seen = self.client.get(path, Value::Null).await.expect(200);
        self.is_right(&seen, &self.row.made);
        let told = self.client.without_realm();
        let realm = json!({"realm_id": self.realm});
        assert_eq!(told.get(path, realm.clone()).await.expect(200), seen);
        let Some(filter) = &self.row.listed else { return };
        let whole = self.list(over(filter.clone(), &json!({"max_results": 1000}))).await;
        assert!(whole.iter().any(|item| item["id"] == id), "{}", self.row.path);
        let first = self.list(over(filter.clone(), &json!({"max_results": 1}))).await;
        assert_eq!(first.len(), 1, "{}", self.row.path);
        let after = self.list(over(filter.clone(), &json!({"after": id}))).await;
        assert!(after.iter().all(|item| item["id"] != id), "{}", self.row.path);
        let told = told.get(&self.list_path(), over(realm, filter)).await.items();
        assert!(told.iter().any(|item| item["id"] == id), "{}", self.row.path);
    }

    async fn list(&self, params: Value) -> Vec<Value> {
        self.client.get(&self.list_path(), params).await.items()
    }

    /// What is sent changes, the rest stays; nothing sent changes nothing.
    async fn change(&self, path: &str, made: Value) {
        let changed = json!({self.root: self.row.changed});
        let seen = self.client.put(path, changed).await.expect(200);
        assert_eq!(seen["id"], made["id"]);
        let expected = over(self.row.made.clone(), &self.row.changed);
        self.is_right(&seen, &expected);
        let idle = self.client.put(path, self.client.empty(self.root)).await;
        let idle = idle.expect(self.row.nothing);
        let now = self.client.get(path, Value::Null).await.expect(200);
        self.is_right(&now, &expected);
        assert!(self.row.nothing != 200 || idle == now, "{idle}");
        // So does an empty hash, which PHP writes as a list, alone and in the root.
        for empty in [json!({}), json!({self.root: {}})] {
            let idle = self.client.put(path, self.client.as_hash(empty)).await;
            let idle = idle.expect(self.row.nothing);
            assert!(self.row.nothing != 200 || idle == now, "{idle}");
        }
    }

    async fn end(&self, path: &str) {
        let told = self.client.without_realm();
        let params = over(json!({"realm_id": self.realm}), &self.row.gone);
        let last = told.delete(path, params).await.expect(200);
        assert_eq!(last["object"], self.root, "{last}");
        self.client.get(path, Value::Null).await.errors(404);
        self.client.delete(path, Value::Null).await.errors(404);
        self.client
            .put(path, json!({self.root: self.row.changed}))
            .await
            .errors(404);
        if let Some(filter) = &self.row.listed {
            let left = self.list(over(filter.clone(), &json!({"max_results": 1000}))).await;
            assert!(left.iter().all(|item| item["id"] != last["id"]), "{}", self.row.path);
        }
    }
}
