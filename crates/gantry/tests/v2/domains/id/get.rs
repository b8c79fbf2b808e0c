//! `GET /v2/domains/:id` (contract 3.10)

use reqwest::Method;

use crate::common::{App, field};

#[tokio::test]
async fn t_03_a_domain_of_another_realm_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (mine, theirs) = (own.list("/v2/domains").await, other.list("/v2/domains").await);
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: String| app.send(app.holder(&key, Method::GET, &path));
    let path = |items: &[serde_json::Value]| format!("/v2/domains/{}", field(items, "id")[0]);
    assert_eq!(read(path(&mine)).await.expect(200), mine[0]);
    let unknown = read("/v2/domains/dom_0000000000000000000000".to_owned()).await;
    unknown.errors(404);
    for foreign in [
        path(&theirs),
        format!("{}?realm_id={}", path(&theirs), other.id),
        format!("/v2/domains/{}", other.host),
    ] {
        let reply = read(foreign).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    own.read(&path(&theirs)).await.errors(404);
}
