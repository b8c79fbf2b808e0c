//! `GET /v2/client_apps/:id` (contract 3.9)

use reqwest::Method;

use crate::common::{App, field};

#[tokio::test]
async fn t_03_an_app_of_another_realm_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (mine, theirs) = (own.list("/v2/client_apps").await, other.list("/v2/client_apps").await);
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: String| app.send(app.holder(&key, Method::GET, &path));
    let path = |items: &[serde_json::Value]| format!("/v2/client_apps/{}", field(items, "id")[0]);
    assert_eq!(read(path(&mine)).await.expect(200), mine[0]);
    let unknown = read("/v2/client_apps/app_0000000000000000000000".to_owned()).await;
    unknown.errors(404);
    for foreign in [
        path(&theirs),
        format!("{}?realm_id={}", path(&theirs), other.id),
        "/v2/client_apps/nonsense".to_owned(),
    ] {
        let reply = read(foreign).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    own.read(&path(&theirs)).await.errors(404);
}
