//! Events divided by months, where the database can.

mod needs_postgres {
    use std::path::Path;
    use std::sync::Arc;

    use diesel::sql_types::Text;
    use diesel::{QueryableByName, sql_query};
    use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
    use gantry_db::{Config, Db, JsonText, PgPool, StoreError};
    use gantry_kernel::{Direction, EventId, HookId, Id, IdSource, ManualClock, Page, RealmId, SeededRng, base62};
    use gantry_testkit::db::{Backend, TestDb};
    use tokio::sync::oneshot;

    use crate::rules::event::Event;
    use crate::rules::filter::Filter;
    use crate::rules::list::EventQuery;
    use crate::rules::partition::{Partition, ahead};
    use crate::store::{HookRow, Store};

    /// The first of January 2100, behind all that the first partition holds.
    const BEGIN: i64 = 4_102_444_800_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    struct Place {
        database: TestDb,
        store: Store,
    }

    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        text: String,
    }

    impl Place {
        async fn new() -> Self {
            let database = TestDb::from_template_on(Backend::Postgres, "gantry-event", async |url: String| {
                Db::open(&Config::new(url))?.migrate().await.map(drop)
            })
            .await;
            let store = opened(&database);
            Self { database, store }
        }

        /// What a statement finds, as text, one after the other.
        async fn ask(&self, sql: &str) -> Vec<String> {
            let sql = format!("SELECT found::text AS text FROM ({sql}) AS rows (found)");
            let found = pool(&self.store).read("ask", move |conn| {
                Box::pin(async move { Ok(sql_query(sql).load::<Found>(conn).await?) })
            });
            found.await.unwrap().into_iter().map(|found| found.text).collect()
        }

        /// The partition that an event lies in.
        async fn home(&self, event: &Event) -> Vec<String> {
            self.ask(&format!(
                "SELECT tableoid::regclass FROM event_events WHERE id = '{}'",
                event.id
            ))
            .await
        }

        async fn append(&self, events: &[&Event]) -> usize {
            let ids = IdSource::new(Arc::new(ManualClock::new(BEGIN)), Arc::new(SeededRng::new(1)));
            let events = events.iter().map(|event| (*event).clone()).collect();
            self.store.append_events(events, BEGIN, ids).await.unwrap().stored
        }

        async fn is_found(&self, event: &Event) -> bool {
            let found = self.store.find_event(event.realm_id.clone(), event.id.clone());
            found.await.unwrap().is_some_and(|row| row.id == event.id)
        }

        async fn make(&self, month: &Partition) -> bool {
            self.store.make_partition(month.clone()).await.unwrap()
        }

        async fn settled(&self, month: &Partition) -> Option<i64> {
            self.store.find_settled(month.clone()).await.unwrap()
        }

        async fn forget(&self, month: &Partition, limit: i64) -> bool {
            let (from, to) = (month.from.clone().unwrap(), month.to.clone());
            self.store.forget_notifications(from, to, limit).await.unwrap()
        }

        async fn hide(&self, event: &Event) {
            let hidden = self.store.expire(event.realm_id.clone(), event.id.clone());
            assert!(hidden.await.unwrap().is_some());
        }
    }

    fn opened(database: &TestDb) -> Store {
        Store::new(Db::open(&Config::new(database.url())).unwrap())
    }

    fn pool(store: &Store) -> &PgPool {
        let Db::Pg(pool) = &store.db else {
            panic!("opened as PostgreSQL")
        };
        pool
    }

    /// An event of a realm, made so many days after the beginning.
    fn event(realm: u128, days: i64) -> Event {
        let ms = u128::try_from(BEGIN + days * DAY).unwrap();
        Event {
            id: EventId::from_bits((ms << 80) + realm).into_string(),
            realm_id: RealmId::from_bits(realm).into_string(),
            event_type: "org.created".to_owned(),
            ..Event::default()
        }
    }

    fn hook(realm: u128) -> HookRow {
        HookRow {
            hook_type: "webhook".to_owned(),
            state: "active".to_owned(),
            settings: JsonText(serde_json::json!({})),
            ..HookRow::blank(HookId::from_bits(realm), RealmId::from_bits(realm), 0)
        }
    }

    async fn run(pool: &PgPool, script: String) -> Result<(), StoreError> {
        let work = pool.write("script", move |conn| {
            Box::pin(async move { Ok(conn.batch_execute(&script).await?) })
        });
        work.await
    }

    #[tokio::test]
    async fn months_are_made_once_by_however_many_processes_while_others_append() {
        let place = Place::new().await;
        let months = ahead(BEGIN);
        let processes: Vec<Store> = (0..3).map(|_| opened(&place.database)).collect();
        let making = processes.iter().map(async |store| {
            let mut made = 0;
            for month in &months {
                made += usize::from(matches!(store.make_partition(month.clone()).await, Ok(true)));
            }
            made
        });
        let events: Vec<Event> = (0..40).map(|days| event(1, days)).collect();
        let appending = async {
            for event in &events {
                assert_eq!(place.append(&[event]).await, 1);
            }
        };
        let (made, ()) = tokio::join!(futures::future::join_all(making), appending);
        let mut made: usize = made.into_iter().sum();
        // Who finds another at work leaves it to the next round.
        for month in &months {
            made += usize::from(place.make(month).await);
            assert!(!place.make(month).await);
        }
        assert_eq!(made, 4);
        let there = place.store.list_partitions().await.unwrap();
        assert_eq!((there.len(), &there[1..]), (5, &months[..]));
        assert_eq!((there[0].name.as_str(), &there[0].from), ("event_events_first", &None));
        for event in &events {
            assert!(place.is_found(event).await);
        }
        assert_eq!(place.home(&events[30]).await, ["event_events_y2100m01"]);
        assert_eq!(place.home(&events[31]).await, ["event_events_y2100m02"]);
    }

    #[tokio::test]
    async fn an_event_of_a_clock_that_jumped_is_found_and_moves_when_its_month_is_made() {
        let place = Place::new().await;
        let last = Event {
            id: EventId::from_bits(u128::MAX).into_string(),
            ..event(1, 0)
        };
        let (past, early, late) = (event(1, -40_000), event(1, 10), event(1, 40));
        assert_eq!(place.append(&[&past, &early, &late, &last]).await, 4);
        assert_eq!(place.home(&past).await, ["event_events_first"]);
        for event in [&early, &late, &last] {
            assert_eq!(place.home(event).await, ["event_events_other"]);
        }
        assert!(place.make(&ahead(BEGIN)[0]).await);
        assert_eq!(place.home(&early).await, ["event_events_y2100m01"]);
        assert_eq!(place.home(&late).await, ["event_events_other"]);
        // What is stored is known, wherever it lies.
        assert_eq!(place.append(&[&past, &early, &late, &last]).await, 0);
        let query = EventQuery {
            realm_id: RealmId::from_bits(1),
            filter: Filter::default(),
            hook_id: None,
            since: None,
            before: None,
            page: Page {
                direction: Direction::Desc,
                ..Page::default()
            },
        };
        let listed = place.store.list_events(query).await.unwrap();
        let listed: Vec<String> = listed.into_iter().map(|row| row.id).collect();
        let all = [&last, &late, &early, &past].map(|event| event.id.clone());
        assert_eq!(listed, all);
        let order = place.store.list_behind(0, 10).await.unwrap();
        let order: Vec<String> = order.into_iter().map(|row| row.id).collect();
        assert_eq!(order, [&past, &early, &late, &last].map(|event| event.id.clone()));
    }

    #[tokio::test]
    async fn a_month_goes_when_every_realm_is_done_with_it_and_takes_its_notifications_along() {
        let place = Place::new().await;
        for realm in [1, 2] {
            place.store.add_hook(hook(realm)).await.unwrap();
        }
        let [january, february] = [0, 1].map(|month| ahead(BEGIN)[month].clone());
        assert!(place.make(&january).await && place.make(&february).await);
        let (one, two, next) = (event(1, 3), event(2, 20), event(2, 33));
        assert_eq!(place.append(&[&one, &two, &next]).await, 3);
        assert_eq!(place.settled(&january).await, None);
        place.hide(&one).await;
        // One realm keeps it, and what was told of it.
        assert_eq!(place.settled(&january).await, None);
        let told = "SELECT event_id FROM event_notifications ORDER BY event_id";
        assert!(!place.forget(&january, 10).await);
        assert_eq!(place.ask(told).await, [two.id.as_str(), next.id.as_str()]);
        place.hide(&two).await;
        assert_eq!(place.settled(&january).await, Some(2));
        assert_eq!(place.settled(&february).await, None);
        // Who comes late to a month that is about to go, and keeps it for longer, is not lost.
        let late = event(3, 25);
        assert_eq!(place.append(&[&late]).await, 1);
        assert!(!place.store.drop_partition(january.clone(), 2).await.unwrap());
        assert!(place.is_found(&late).await);
        assert_eq!(place.settled(&january).await, None);
        place.hide(&late).await;
        let last = place.settled(&january).await.unwrap();
        assert!(place.forget(&january, 1).await);
        assert!(!place.forget(&january, 1).await);
        assert!(place.store.drop_partition(january.clone(), last).await.unwrap());
        assert!(!place.store.drop_partition(january.clone(), last).await.unwrap());
        assert_eq!(place.settled(&january).await, None);
        assert_eq!(place.ask(told).await, [next.id.as_str()]);
        assert_eq!(place.ask("SELECT id FROM event_events").await, [next.id.as_str()]);
        assert!(place.is_found(&next).await);
        // What is older than its realm keeps is none; another realm's is kept, though its month is gone.
        assert_eq!(place.append(&[&event(1, 2), &event(4, 2)]).await, 1);
        assert_eq!(place.home(&event(4, 2)).await, ["event_events_other"]);
    }

    #[tokio::test]
    async fn who_reads_for_long_is_not_waited_for() {
        let place = Place::new().await;
        let month = ahead(BEGIN)[0].clone();
        assert!(place.make(&month).await);
        let one = event(1, 3);
        assert_eq!(place.append(&[&one]).await, 1);
        place.hide(&one).await;
        let (tell, held) = oneshot::channel();
        let (release, released) = oneshot::channel::<()>();
        let reader = opened(&place.database);
        let reading = pool(&reader).write("reading", move |conn| {
            Box::pin(async move {
                conn.batch_execute("SELECT id FROM event_events").await?;
                tell.send(()).unwrap();
                released.await.unwrap();
                Ok(())
            })
        });
        let dropping = async {
            held.await.unwrap();
            assert!(place.store.drop_partition(month.clone(), 1).await.is_err());
            // Nor is it waited behind: appends go on, and the next round has it.
            assert_eq!(place.append(&[&event(2, 40)]).await, 1);
            release.send(()).unwrap();
        };
        let (read, ()) = tokio::join!(reading, dropping);
        read.unwrap();
        assert!(place.store.drop_partition(month, 1).await.unwrap());
        assert!(!place.is_found(&one).await);
    }

    /// The migrations in order, those before the one that divides and those from it on.
    fn migrations(file: &str) -> (Vec<String>, Vec<String>) {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
        let mut folders: Vec<_> = std::fs::read_dir(home)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        folders.sort();
        let (before, after): (Vec<_>, Vec<_>) = folders
            .into_iter()
            .partition(|folder| folder.file_name().unwrap().to_string_lossy().as_ref() < "2026-11-23-0017");
        let read = |folders: Vec<std::path::PathBuf>| {
            let read = |folder: std::path::PathBuf| std::fs::read_to_string(folder.join(file)).unwrap();
            folders.into_iter().map(read).collect()
        };
        (read(before), read(after))
    }

    #[tokio::test]
    async fn what_was_there_before_is_divided_where_it_lies_and_put_together_again() {
        let database = TestDb::on(Backend::Postgres).await;
        let store = opened(&database);
        let place = Place { database, store };
        let (before, after) = migrations("up.sql");
        for script in before {
            run(pool(&place.store), script).await.unwrap();
        }
        // One of long ago, one of now, and one of a clock that was ahead.
        let (old, future) = (event(1, -40_000), event(1, 10));
        for (seq, event) in [(1, &old), (2, &future)] {
            let (id, realm) = (&event.id, &event.realm_id);
            let script = format!(
                "INSERT INTO event_events (seq, id, realm_id, event_type, event_at) VALUES ({seq}, '{id}', '{realm}', 'org.created', 0);
                 INSERT INTO event_notifications (id, event_seq, event_id, lane_id, hook_type, state, attempts)
                     VALUES ('ent_{seq}', {seq}, '{id}', 'lane', 'webhook', 'completed', 1);
                 INSERT INTO event_attempts (notification_id, number, at, took_ms, delivered, result)
                     VALUES ('ent_{seq}', 1, 0, 5, true, '200 OK');
                 UPDATE event_sequence SET last = {seq}"
            );
            run(pool(&place.store), script).await.unwrap();
        }
        let file = "SELECT pg_relation_filenode('event_events') UNION ALL SELECT pg_relation_filenode('event_events__realm_id__id')";
        let files = place.ask(file).await;
        let (downs_before, downs) = migrations("down.sql");
        for round in 0..2 {
            for script in &after {
                run(pool(&place.store), script.clone()).await.unwrap();
            }
            // The first ends where a month begins, as this program counts them.
            let first = place.store.list_partitions().await.unwrap().remove(0);
            let bits = base62::decode(first.to.strip_prefix(EventId::PREFIX).unwrap()).unwrap();
            let next = ahead(i64::try_from(bits >> 80).unwrap()).remove(0);
            assert_eq!((first.from, Some(first.to)), (None, next.from));
            if round == 0 {
                let same = file.replace("event_events", "event_events_first");
                assert_eq!(place.ask(&same).await, files, "rows and indexes stay where they are");
            }
            let broken = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";
            assert!(place.ask(broken).await.is_empty());
            assert_eq!(place.home(&old).await, ["event_events_first"]);
            assert_eq!(place.home(&future).await, ["event_events_other"]);
            assert!(place.is_found(&old).await && place.is_found(&future).await);
            assert_eq!(place.append(&[&old, &future, &event(2, 0)]).await, 1 - round);
            for script in downs.iter().rev() {
                run(pool(&place.store), script.clone()).await.unwrap();
            }
            let order = "SELECT seq FROM event_events ORDER BY seq";
            assert_eq!(place.ask(order).await, ["1", "2", "3"]);
        }
        // Notifications hang on their events again, and go with them.
        run(pool(&place.store), "DELETE FROM event_events".to_owned())
            .await
            .unwrap();
        let left = "SELECT id FROM event_notifications UNION ALL SELECT notification_id FROM event_attempts";
        assert!(place.ask(left).await.is_empty());
        for script in downs_before.iter().rev() {
            run(pool(&place.store), script.clone()).await.unwrap();
        }
        assert!(
            place
                .ask("SELECT relname FROM pg_class WHERE relname ~ '^event_'")
                .await
                .is_empty()
        );
    }
}
