//! What the queries themselves promise, whatever stands above them.

use gantry_db::Db;
use gantry_outbox::NewEvent;
use gantry_testkit::db::TestDb;

use super::{SessionRow, Store};

/// An empty store, and the database to keep alive with it.
pub(crate) async fn migrated() -> (TestDb, Store) {
    let db = TestDb::from_template("session-store", |url| async move {
        let db = Db::open(&gantry_db::Config::new(url))?;
        db.migrate().await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    })
    .await;
    let store = Store::new(Db::open(&gantry_db::Config::new(db.url())).unwrap());
    (db, store)
}

/// A session of the realm `rl_1`.
pub(crate) fn row(number: i64, expires_at: i64) -> SessionRow {
    SessionRow {
        id: format!("kss_{number:022}"),
        realm_id: "rl_1".to_owned(),
        user_id: "usr_1".to_owned(),
        client_app_id: None,
        ip: None,
        client: None,
        token_sealed: None,
        token_mark: None,
        created_at: 0,
        expires_at,
    }
}

#[tokio::test]
async fn t_03_a_session_is_found_and_ended_in_its_realm_alone() {
    let (_db, store) = migrated().await;
    let row = row(1, 5_000);
    store.add_session(row.clone()).await.unwrap();
    for (realm, there) in [("rl_2", false), ("", false), ("rl_1", true)] {
        let found = store
            .find_session(realm.to_owned(), row.id.clone(), 1_000)
            .await
            .unwrap();
        assert_eq!(found.is_some(), there, "{realm}");
        let (sealed, mark) = (format!("of {realm}"), String::new());
        store
            .set_token(realm.to_owned(), row.id.clone(), sealed.clone(), mark)
            .await
            .unwrap();
        let kept = store
            .find_session("rl_1".to_owned(), row.id.clone(), 1_000)
            .await
            .unwrap();
        assert_eq!(kept.unwrap().session.token_sealed == Some(sealed), there, "{realm}");
        let end = store.end_session(
            realm.to_owned(),
            row.id.clone(),
            1_000,
            "me".to_owned(),
            NewEvent::default(),
        );
        assert_eq!(end.await.unwrap().is_some(), there, "{realm}");
    }
    // Only what was ended is told of.
    let told = store.list_pending("me".to_owned(), 0, 9).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told.first().and_then(|event| event.session_id.as_deref()),
        Some(row.id.as_str())
    );
}
