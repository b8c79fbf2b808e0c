//! A service's store, as far as the outbox goes: Auth's table with the queries that the macro makes.

use std::sync::Arc;

use gantry_db::{Config, Db, StoreError};
use gantry_kernel::{Clock, EventId, IdSource, ManualClock, RealmId, Reason, SeededRng, UserId};
use gantry_outbox::{NewEvent, Outbox};
use gantry_testkit::db::TestDb;

/// The time at which the clock starts, in milliseconds.
pub(crate) const NOW: i64 = 1_700_000_000_000;

macro_rules! queries {
    () => {
        pub(crate) mod outbox {
            use diesel::prelude::*;
            use diesel_async::RunQueryDsl;

            use super::Conn;

            diesel::table! {
                auth_outbox (id) {
                    id -> Text,
                    holder -> Text,
                    created_at -> BigInt,
                    body -> Text,
                }
            }

            gantry_outbox::outbox!(auth_outbox);

            pub(crate) async fn change(
                conn: &mut Conn,
                holder: String,
                events: Vec<gantry_outbox::NewEvent>,
                refuse: bool,
            ) -> Result<(), gantry_db::StoreError> {
                add_events(conn, &holder, &events).await?;
                if refuse {
                    return Err(gantry_kernel::Problem::from(gantry_kernel::Reason::Conflict).into());
                }
                Ok(())
            }

            pub(crate) async fn spoil(conn: &mut Conn, id: String) -> Result<usize, gantry_db::StoreError> {
                let row = auth_outbox::table.find(id);
                Ok(diesel::update(row)
                    .set(auth_outbox::body.eq("not JSON"))
                    .execute(conn)
                    .await?)
            }

            pub(crate) async fn list_ids(conn: &mut Conn) -> Result<Vec<String>, gantry_db::StoreError> {
                let ids = auth_outbox::table.order(auth_outbox::id).select(auth_outbox::id);
                Ok(ids.load(conn).await?)
            }
        }
    };
}

mod pg {
    type Conn = gantry_db::PgConn;
    queries!();
}

mod sqlite {
    type Conn = gantry_db::LiteConn;
    queries!();
}

#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
    pub(crate) clock: Arc<ManualClock>,
    ids: IdSource,
    realm: RealmId,
    _place: Arc<TestDb>,
}

gantry_db::store!(Store {
    write outbox::change(holder: String, events: Vec<NewEvent>, refuse: bool) -> ();
    write outbox::spoil(id: String) -> usize;
    read outbox::list_ids() -> Vec<String>;
    read outbox::list_pending(holder: String, before: i64, limit: i64) -> Vec<NewEvent>;
    write outbox::remove_events(ids: Vec<String>) -> ();
});

impl Outbox for Store {
    async fn list_pending(&self, holder: String, before: i64, limit: i64) -> Result<Vec<NewEvent>, StoreError> {
        Self::list_pending(self, holder, before, limit).await
    }

    async fn remove_events(&self, ids: Vec<String>) -> Result<(), StoreError> {
        Self::remove_events(self, ids).await
    }
}

impl Store {
    pub(crate) async fn new() -> Self {
        let migrate = async |url: String| Db::open(&Config::new(url))?.migrate().await.map(drop);
        let place = TestDb::from_template("gantry-outbox", migrate).await;
        let clock = Arc::new(ManualClock::new(NOW));
        let ids = IdSource::new(clock.clone(), Arc::new(SeededRng::new(3)));
        Self {
            db: Db::open(&Config::new(place.url())).unwrap(),
            realm: ids.id(),
            clock,
            ids,
            _place: Arc::new(place),
        }
    }

    /// So many events of one user, made now.
    pub(crate) fn events(&self, count: usize) -> Vec<NewEvent> {
        let user = self.ids.id::<UserId>().into_string();
        let event = || NewEvent {
            user_id: Some(user.clone()),
            ..NewEvent::new(
                self.ids.id::<EventId>(),
                &self.realm,
                "user.updated",
                self.clock.now_ms(),
            )
        };
        (0..count).map(|_| event()).collect()
    }

    /// Makes a change with its events, and names them.
    pub(crate) async fn note(&self, holder: &str, count: usize) -> Vec<String> {
        let events = self.events(count);
        let ids = events.iter().map(|event| event.id.clone()).collect();
        self.change(holder.to_owned(), events, false).await.unwrap();
        ids
    }

    /// A change that a rule refuses when its events are noted already.
    pub(crate) async fn note_refused(&self, holder: &str) {
        let refused = self.change(holder.to_owned(), self.events(1), true).await.unwrap_err();
        assert_eq!(refused.problem().reason, Reason::Conflict);
    }
}
