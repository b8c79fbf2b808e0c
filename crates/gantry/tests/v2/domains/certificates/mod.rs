//! The certificates of custom domains: uploaded, or got from an authority; what handshakes show (contract 3.10).

mod acme;
mod upload;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Made, NameServer, Reply, TestRealm};

/// A custom domain, before anybody looked at its records.
async fn custom(realm: &TestRealm<'_>, name: &str) -> Value {
    let body = json!({"domain": {"domain_type": "custom", "domain": name}});
    realm.create("/v2/domains", body).await.expect(201)
}

fn path(domain: &Value) -> String {
    format!("/v2/domains/{}", domain["id"].as_str().unwrap())
}

async fn put(realm: &TestRealm<'_>, domain: &Value, fields: Value) -> Reply {
    let request = realm.core(Method::PUT, &path(domain)).json(&json!({"domain": fields}));
    realm.app.send(request).await
}

/// Lets the records prove the domain.
async fn prove(realm: &TestRealm<'_>, names: &NameServer, domain: &Value) -> Value {
    let text = |name: &str| domain[name].as_str().unwrap().to_owned();
    names.set(&text("verification_name"), &[&text("verification_value")]);
    let verify = format!("{}/verify", path(domain));
    realm.create(&verify, json!({"domain": {}})).await.expect(200)
}

/// Where names are looked up, and the certificate of the gateway's own names.
async fn start(names: &NameServer, own: &Made) -> App {
    App::start_with(|config| {
        config.http.tls.certificates = vec![own.configured()];
        config.dns_server = Some(names.address);
    })
    .await
}
