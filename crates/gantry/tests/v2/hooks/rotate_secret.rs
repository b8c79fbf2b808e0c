//! `POST /v2/hooks/:id/rotate_secret`: T-28.

use serde_json::json;

use crate::common::{App, Receiver};

#[tokio::test]
async fn t_28_for_a_day_the_old_secret_signs_too() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    let fields = json!({"destination": receiver.url, "event_type": ["org.closed"]});
    let hook = realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(201);
    let path = format!("/v2/hooks/{}", hook["id"].as_str().unwrap());
    let turned = realm
        .create(&format!("{path}/rotate_secret"), json!({}))
        .await
        .expect(200);
    let (old, new) = (&hook["signing_secret"], &turned["signing_secret"]);
    assert_ne!(old, new);
    assert!(realm.read(&path).await.expect(200).get("signing_secret").is_none());
    for (wait, by_old) in [(0, Some(1)), (24 * 3600 * 1000 - 1, Some(1)), (1, None)] {
        app.clock.advance_ms(wait);
        realm.create(&format!("{path}/ping"), json!({})).await.expect(200);
        let came = receiver.next().await;
        assert_eq!((came.signed_by(new), came.signed_by(old)), (Some(0), by_old));
    }
}
