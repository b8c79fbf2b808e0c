//! `GET /v2/passkeys`

use serde_json::json;

use crate::common::{App, field};

#[tokio::test]
async fn each_sees_their_own() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let (_, ana, _) = realm.with_passkey("ana@example.com").await;
    let (_, second) = realm.add_passkey(&ana).await;
    let (_, bob, _) = realm.with_passkey("bob@example.com").await;
    let list = async |session: &str| realm.get(&format!("/v2/passkeys?session={session}")).await.expect(200);
    let seen = list(&ana).await;
    assert_eq!(
        (&seen["result"], &seen["more_results"]),
        (&json!("okay"), &json!(false))
    );
    let items = seen["collection"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1], second);
    let others = list(&bob).await["collection"].as_array().unwrap().clone();
    assert_eq!(others.len(), 1);
    let id = others[0]["id"].as_str().unwrap();
    assert!(!field(items, "id").iter().any(|own| own == id));
}
