//! What this service does without being asked: fills its stock of keys, forgets sessions that ended.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::state::State;

/// How often the stock is counted when nothing else makes it worth it: other processes take from it too.
const COUNT_EVERY: Duration = Duration::from_secs(30);
/// How often ended sessions are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// How many are removed in one transaction: little enough that nobody waits for it.
const PRUNE_BATCH: i64 = 500;

/// Keeps `wanted` keys in stock.
pub(crate) async fn refill(state: State, wanted: usize, stop: CancellationToken) {
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    loop {
        if let Err(failure) = fill(&state, wanted, &stop).await {
            failure.report();
        }
        tokio::select! {
            () = state.refill.notified() => {}
            () = tokio::time::sleep(COUNT_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// One key at a time, counted anew each time: several processes fill the same stock.
async fn fill(state: &State, wanted: i64, stop: &CancellationToken) -> crate::error::Result<()> {
    while !stop.is_cancelled() && state.store.count_stock().await? < wanted {
        state.add_to_stock().await?;
    }
    Ok(())
}

/// Removes ended sessions, a batch at a time.
pub(crate) async fn prune(state: State, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let more = prune_now(&state).await.unwrap_or_else(|failure| {
            failure.report();
            false
        });
        if more {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(PRUNE_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Removes one batch, and tells whether there may be more.
async fn prune_now(state: &State) -> crate::error::Result<bool> {
    let gone = state.store.prune_sessions(state.now(), PRUNE_BATCH).await?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= PRUNE_BATCH))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gantry_db::Db;
    use gantry_kernel::{IdSource, ManualClock, SeededRng};
    use gantry_outbox::Relay;
    use gantry_rpc::Wire;
    use gantry_testkit::db::TestDb;

    use super::*;
    use crate::keys::KeyCache;
    use crate::rules::SessionKeys;
    use crate::state::Parts;
    use crate::store::{SessionRow, Store};
    use gantry_seal::Vault;

    fn state(url: &str, clock: &Arc<ManualClock>) -> State {
        let rng = Arc::new(SeededRng::new(1));
        State::new(Parts {
            store: Store::new(Db::open(&gantry_db::Config::new(url)).unwrap()),
            clock: clock.clone(),
            ids: IdSource::new(clock.clone(), rng.clone()),
            rng,
            auth: Wire::later().0,
            session_keys: SessionKeys::new(&[1; 32]),
            vault: Vault::new(&[1; 32], crate::LABEL),
            key_cache: KeyCache::default(),
            relay: Relay::new("test"),
            refill: tokio::sync::Notify::new(),
            issuer: String::new(),
        })
    }

    async fn migrated() -> TestDb {
        TestDb::from_template("session-tasks", |url| async move {
            let db = Db::open(&gantry_db::Config::new(url))?;
            db.migrate().await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
        .await
    }

    fn session(number: i64, expires_at: i64) -> SessionRow {
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
    async fn prune_removes_what_has_ended_batch_by_batch_and_no_more() {
        let db = migrated().await;
        let clock = Arc::new(ManualClock::new(5_000));
        let state = state(db.url(), &clock);
        for number in 0..=PRUNE_BATCH {
            state.store.add_session(session(number, 5_000)).await.unwrap();
        }
        state.store.add_session(session(9_999, 5_001)).await.unwrap();
        assert!(prune_now(&state).await.unwrap(), "a full batch, so there may be more");
        assert!(!prune_now(&state).await.unwrap());
        let page = gantry_kernel::Page::default();
        let left = state
            .store
            .list_sessions("rl_1".to_owned(), None, 0, page)
            .await
            .unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left.first().map(|row| row.expires_at), Some(5_001));
    }

    #[tokio::test]
    async fn t_03_a_session_is_found_and_ended_in_its_realm_alone() {
        let db = migrated().await;
        let state = state(db.url(), &Arc::new(ManualClock::new(1_000)));
        let row = session(1, 5_000);
        state.store.add_session(row.clone()).await.unwrap();
        for (realm, there) in [("rl_2", false), ("", false), ("rl_1", true)] {
            let found = state
                .store
                .find_session(realm.to_owned(), row.id.clone(), 1_000)
                .await
                .unwrap();
            assert_eq!(found.is_some(), there, "{realm}");
            let event = gantry_outbox::NewEvent::default();
            let end = state
                .store
                .end_session(realm.to_owned(), row.id.clone(), 1_000, String::new(), event);
            assert_eq!(end.await.unwrap().is_some(), there, "{realm}");
        }
        assert_eq!(state.store.list_pending(String::new(), 0, 9).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn fill_stops_at_what_is_wanted() {
        let db = migrated().await;
        let state = state(db.url(), &Arc::new(ManualClock::new(5_000)));
        let stop = CancellationToken::new();
        for wanted in [2, 1, 0] {
            fill(&state, wanted, &stop).await.unwrap();
            assert_eq!(state.store.count_stock().await.unwrap(), 2);
        }
        stop.cancel();
        fill(&state, 9, &stop).await.unwrap();
        assert_eq!(state.store.count_stock().await.unwrap(), 2);
    }
}
