//! Every query is answered from the index that was made for it, on both databases: each says how it would go about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::connection::InstrumentationEvent;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use gantry_db::{Config, Db, StoreError};
use gantry_kernel::{Direction, Page, Sort};
use gantry_testkit::db::{Backend, TestDb};
use parking_lot::Mutex;

use super::rows::{OrgFilter, UserFilter};
use super::{pg, sqlite};

/// Three realms, one of them large; portable, since both databases count by recursion.
const ROWS: &str = include_str!("plans/rows.sql");

/// What a call asked of the database: its name here, and each statement.
type Asked = Vec<(&'static str, String)>;

/// How a statement is answered.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    /// The indexes that are searched, a primary key by its table's name.
    searched: BTreeSet<String>,
    /// The indexes that are walked from one end.
    walked: BTreeSet<String>,
    /// Whether rows are sorted after they were found.
    sorts: bool,
    /// Steps that read a whole table.
    scans: Vec<String>,
}

/// Which indexes a call must use, by its name: `a b` are searched, `walk:a` is walked, `sort` may be there.
const EXPECTED: &[(&str, &str)] = &[
    ("find_realm", "auth_realms"),
    // All realms of the installation, or one: nobody else's rows are passed by.
    ("list_realms", "walk:auth_realms"),
    ("list_realms after", "auth_realms"),
    ("list_realms locked", "auth_realms"),
    ("find_provider", "auth_providers__realm_id"),
    ("find_user by id", "auth_users"),
    ("find_user by email", "auth_users__realm_id__email"),
    ("find_user by username", "auth_users__realm_id__username_key"),
    ("find_login", "auth_users__realm_id__email auth_credentials__user_id"),
    ("list_users", "auth_users__realm_id__id"),
    ("list_users after", "auth_users__realm_id__id"),
    ("list_users by state", "auth_users__realm_id__state"),
    ("list_users by email", "auth_users__realm_id__email"),
    ("list_users by username", "auth_users__realm_id__username_key"),
    ("list_users by reference", "auth_users__realm_id__reference"),
    ("list_credentials", "auth_credentials__user_id"),
    ("set_last_login", "auth_users"),
    ("find_org", "auth_orgs"),
    ("list_orgs", "auth_orgs__realm_id__id"),
    ("list_orgs after", "auth_orgs__realm_id__id"),
    ("list_orgs by state", "auth_orgs__realm_id__state__id"),
    ("list_orgs by reference", "auth_orgs__realm_id__reference__id"),
    ("list_orgs by name", "auth_orgs__realm_id__name_key"),
    ("list_orgs by name after", "auth_orgs auth_orgs__realm_id__name_key"),
    ("list_orgs by name back", "auth_orgs auth_orgs__realm_id__name_key"),
    ("list_orgs by name and state", "auth_orgs__realm_id__state__name_key"),
    (
        "list_orgs by name and reference",
        "auth_orgs__realm_id__reference__name_key",
    ),
    ("find_membership", "auth_memberships auth_orgs auth_users"),
    (
        "list_memberships of org",
        "auth_memberships__org_id__id auth_orgs auth_users",
    ),
    (
        "list_memberships of user",
        "auth_memberships__user_id__id auth_orgs auth_users",
    ),
    (
        "list_memberships of both",
        "auth_memberships__org_id__user_id auth_orgs auth_users",
    ),
    ("list_accounts", "auth_memberships__user_id__id auth_orgs"),
    ("find_account", "auth_memberships__org_id__user_id auth_orgs"),
    ("find_client_app", "auth_client_apps"),
    ("list_client_apps", "auth_client_apps__realm_id__id"),
    ("find_domain", "auth_domains"),
    ("list_domains", "auth_domains__realm_id__id"),
    (
        "find_host",
        "auth_client_apps__realm_id__id auth_domains__fqdn auth_realms",
    ),
    ("find_key", "auth_api_keys__key_hash"),
    ("list_keys", "walk:auth_api_keys"),
    ("end_key", "auth_api_keys"),
    // Oldest first whoever's they are: what is passed by is another process's, and younger than a few seconds.
    ("list_pending", "walk:auth_outbox"),
    ("remove_events", "auth_outbox"),
];

/// Calls each query once and gives each call a name: the same text for both databases, as the queries are.
macro_rules! ask_everything {
    ($db:ident, $conn:expr, $name:expr) => {{
        let (conn, name) = ($conn, $name);
        let text = str::to_owned;
        let realm = || text("rl_1");
        let page = Page::default();
        let after = |id: &str| Page {
            after: Some(text(id)),
            ..Page::default()
        };
        let named = Page {
            sort: Sort::Name,
            ..Page::default()
        };

        name("find_realm");
        $db::realms::find_realm(conn, realm()).await?;
        name("list_realms");
        $db::realms::list_realms(conn, None, Some(text("active")), page.clone()).await?;
        name("list_realms after");
        $db::realms::list_realms(conn, None, None, after("rl_1")).await?;
        name("list_realms locked");
        $db::realms::list_realms(conn, Some(realm()), None, page.clone()).await?;
        name("find_provider");
        $db::realms::find_provider(conn, realm(), text("password")).await?;

        name("find_user by id");
        $db::users::find_user(conn, realm(), text("usr_7"), text("usr_7")).await?;
        name("find_user by email");
        $db::users::find_user(conn, realm(), text("7@b.example"), text("7@b.example")).await?;
        name("find_user by username");
        $db::users::find_user(conn, realm(), text("user7"), text("user7")).await?;
        name("find_login");
        let found = $db::users::find_login(conn, realm(), text("7@b.example"), text("7@b.example")).await?;
        assert!(found.is_some());
        let mut list = async |as_name, filter: UserFilter, page: &Page| {
            name(as_name);
            $db::users::list_users(conn, realm(), filter, page.clone()).await
        };
        let filter = UserFilter::default;
        list("list_users", filter(), &page).await?;
        list("list_users after", filter(), &after("usr_7")).await?;
        let by = UserFilter {
            state: Some(text("inactive")),
            ..filter()
        };
        list("list_users by state", by, &after("usr_7")).await?;
        let by = UserFilter {
            email: Some(text("7@b.example")),
            ..filter()
        };
        list("list_users by email", by, &page).await?;
        let by = UserFilter {
            username_key: Some(text("user7")),
            ..filter()
        };
        list("list_users by username", by, &page).await?;
        let by = UserFilter {
            reference: Some(text("their-7")),
            ..filter()
        };
        list("list_users by reference", by, &page).await?;
        name("list_credentials");
        $db::users::list_credentials(conn, text("usr_7")).await?;
        name("set_last_login");
        $db::users::set_last_login(conn, text("usr_7"), 1, text("x"), Vec::new()).await?;

        name("find_org");
        $db::orgs::find_org(conn, realm(), text("org_7")).await?;
        let mut list = async |as_name, filter: OrgFilter, page: &Page| {
            name(as_name);
            $db::orgs::list_orgs(conn, realm(), filter, page.clone()).await
        };
        let by_state = || OrgFilter {
            state: Some(text("closed")),
            reference: None,
        };
        let by_reference = || OrgFilter {
            state: None,
            reference: Some(text("their-7")),
        };
        list("list_orgs", OrgFilter::default(), &page).await?;
        list("list_orgs after", OrgFilter::default(), &after("org_7")).await?;
        list("list_orgs by state", by_state(), &page).await?;
        list("list_orgs by reference", by_reference(), &page).await?;
        list("list_orgs by name", OrgFilter::default(), &named).await?;
        let next = Page {
            after: Some(text("org_7")),
            ..named.clone()
        };
        list("list_orgs by name after", OrgFilter::default(), &next).await?;
        let back = Page {
            direction: Direction::Desc,
            ..next
        };
        list("list_orgs by name back", OrgFilter::default(), &back).await?;
        list("list_orgs by name and state", by_state(), &named).await?;
        list("list_orgs by name and reference", by_reference(), &named).await?;

        name("find_membership");
        $db::memberships::find_membership(conn, realm(), text("mb_7")).await?;
        let mut list = async |as_name, org: Option<&str>, user: Option<&str>| {
            name(as_name);
            $db::memberships::list_memberships(conn, realm(), org.map(text), user.map(text), 1, after("mb_1")).await
        };
        list("list_memberships of org", Some("org_7"), None).await?;
        list("list_memberships of user", None, Some("usr_7")).await?;
        list("list_memberships of both", Some("org_7"), Some("usr_7")).await?;
        name("list_accounts");
        $db::memberships::list_accounts(conn, realm(), text("usr_7"), 1, 2).await?;
        name("find_account");
        $db::memberships::find_account(conn, realm(), text("usr_7"), text("org_7"), 1).await?;

        name("find_client_app");
        $db::apps::find_client_app(conn, realm(), text("app_1")).await?;
        name("list_client_apps");
        $db::apps::list_client_apps(conn, realm(), page.clone()).await?;
        name("find_domain");
        $db::apps::find_domain(conn, realm(), text("dom_1")).await?;
        name("list_domains");
        $db::apps::list_domains(conn, realm(), page.clone()).await?;
        name("find_host");
        $db::apps::find_host(conn, text("1.localhost")).await?;

        name("find_key");
        $db::keys::find_key(conn, text("hash")).await?;
        name("list_keys");
        $db::keys::list_keys(conn, 1000).await?;
        name("end_key");
        $db::keys::end_key(conn, text("ks_1"), 1).await?;
        name("list_pending");
        $db::outbox::list_pending(conn, text("x"), 1, 500).await?;
        name("remove_events");
        $db::outbox::remove_events(conn, vec![text("ev_1"), text("ev_2")]).await?;
        Ok::<(), StoreError>(())
    }};
}

/// Writes down what is asked of a connection, each statement under the name of its call.
macro_rules! listen {
    ($db:ident, $conn:expr) => {{
        let asked = Arc::new(Mutex::new((None, Asked::new())));
        let (heard, named) = (Arc::clone(&asked), Arc::clone(&asked));
        $conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let sql = text.split(" -- binds").next().unwrap_or_default().to_owned();
                let (name, asked) = &mut *heard.lock();
                asked.extend(name.map(|name| (name, sql)));
            }
        });
        let name = move |name| named.lock().0 = Some(name);
        ask_everything!($db, &mut *$conn, &name)?;
        let mut asked = asked.lock();
        asked.0 = None;
        std::mem::take(&mut asked.1)
    }};
}

/// Compares what was found with what is expected of each call.
fn compare(found: Vec<(&'static str, Plan, String)>) {
    let mut wrong = Vec::new();
    let mut calls: Vec<(&str, Plan)> = Vec::new();
    let mut texts = Vec::new();
    for (name, plan, text) in found {
        texts.push(format!("{name}: {text}"));
        match calls.last_mut().filter(|(last, _)| *last == name) {
            Some((_, all)) => {
                all.searched.extend(plan.searched);
                all.walked.extend(plan.walked);
                all.sorts |= plan.sorts;
                all.scans.extend(plan.scans);
            }
            None => calls.push((name, plan)),
        }
    }
    for (name, plan) in &calls {
        let walked = plan.walked.iter().map(|index| format!("walk:{index}"));
        let mut used: Vec<String> = plan.searched.iter().cloned().chain(walked).collect();
        used.extend(plan.sorts.then(|| "sort".to_owned()));
        used.extend(plan.scans.iter().cloned());
        let expected = EXPECTED.iter().find(|(call, _)| call == name);
        let mut expected: Vec<&str> = expected
            .map(|(_, words)| words.split(' ').collect())
            .unwrap_or_default();
        used.sort();
        expected.sort_unstable();
        if used != expected {
            wrong.push(format!("{name} uses {used:?}, not {expected:?}"));
        }
    }
    let names: Vec<_> = calls.iter().map(|(name, _)| *name).collect();
    let expected: Vec<_> = EXPECTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, expected, "every call has its line, in order");
    assert!(wrong.is_empty(), "\n{}\n\n{}\n", wrong.join("\n"), texts.join("\n"));
}

async fn opened(backend: Backend) -> (Db, TestDb) {
    let place = TestDb::on(backend).await;
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    (db, place)
}

#[derive(diesel::QueryableByName)]
struct LiteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn lite_plan(steps: &[LiteStep]) -> Plan {
    let mut plan = Plan::default();
    for LiteStep { detail } in steps {
        let index = detail.split("INDEX ").nth(1).and_then(|rest| rest.split(' ').next());
        // SQLite numbers the index of a primary key.
        let index = index.map(|name| {
            let key = name
                .strip_prefix("sqlite_autoindex_")
                .and_then(|name| name.strip_suffix("_1"));
            key.unwrap_or(name).to_owned()
        });
        match index {
            Some(index) if detail.starts_with("SEARCH ") => drop(plan.searched.insert(index)),
            Some(index) if detail.starts_with("SCAN ") => drop(plan.walked.insert(index)),
            _ if detail.starts_with("USE TEMP B-TREE") => plan.sorts = true,
            _ if detail.starts_with("SEARCH ") || detail.starts_with("SCAN ") => plan.scans.push(detail.clone()),
            _ => {}
        }
    }
    plan
}

async fn lite(conn: &mut sqlite::Conn) -> Result<Vec<(&'static str, Plan, String)>, StoreError> {
    conn.batch_execute(ROWS).await?;
    let asked = listen!(sqlite, conn);
    let mut found = Vec::new();
    for (name, sql) in asked {
        let steps: Vec<LiteStep> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(conn)
            .await?;
        let text: Vec<_> = steps.iter().map(|step| step.detail.as_str()).collect();
        found.push((name, lite_plan(&steps), text.join("; ")));
    }
    Ok(found)
}

#[tokio::test]
async fn sqlite_finds_everything_by_index() {
    let (db, _place) = opened(Backend::Sqlite).await;
    let Db::Lite(pool) = &db else {
        panic!("opened as SQLite")
    };
    compare(pool.write("plans", |conn| Box::pin(lite(conn))).await.unwrap());
}

mod needs_postgres {
    use super::*;

    #[derive(diesel::QueryableByName)]
    struct PgStep {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }

    /// A scan of an index with a condition searches it; one without walks it.
    fn pg_plan(steps: &[PgStep]) -> Plan {
        let mut plan = Plan::default();
        for (number, PgStep { line }) in steps.iter().enumerate() {
            let step = line.trim_start_matches([' ', '-', '>']);
            if step.starts_with("Seq Scan") {
                plan.scans.push(step.to_owned());
            }
            plan.sorts |= step.starts_with("Sort") || step.starts_with("Incremental Sort");
            let used = step
                .split("Scan using ")
                .nth(1)
                .or_else(|| step.strip_prefix("Bitmap Index Scan on "));
            let Some(name) = used.and_then(|rest| rest.split(' ').next()) else {
                continue;
            };
            let index = name.strip_suffix("_pkey").unwrap_or(name).to_owned();
            let details = steps.iter().skip(number + 1).map(|step| step.line.trim_start());
            let searched = details
                .take_while(|line| !line.starts_with("->"))
                .any(|line| line.starts_with("Index Cond"));
            if searched {
                plan.searched.insert(index);
            } else {
                plan.walked.insert(index);
            }
        }
        plan
    }

    async fn pg(conn: &mut pg::Conn) -> Result<Vec<(&'static str, Plan, String)>, StoreError> {
        conn.batch_execute(ROWS).await?;
        // As the server plans a statement that it has seen often: without looking at the values.
        conn.batch_execute("ANALYZE; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off")
            .await?;
        let asked = listen!(pg, conn);
        let mut found = Vec::new();
        for (number, (name, sql)) in asked.into_iter().enumerate() {
            let values = (1..).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL");
            let values: Vec<_> = values.collect();
            conn.batch_execute(&format!("PREPARE p{number} AS {sql}")).await?;
            let explain = format!("EXPLAIN (COSTS OFF) EXECUTE p{number} ({})", values.join(", "));
            let steps: Vec<PgStep> = diesel::sql_query(explain).load(conn).await?;
            let text: Vec<_> = steps.iter().map(|step| step.line.as_str()).collect();
            found.push((name, pg_plan(&steps), text.join("\n    ")));
        }
        Ok(found)
    }

    #[tokio::test]
    async fn postgres_finds_everything_by_index() {
        let (db, _place) = opened(Backend::Postgres).await;
        let Db::Pg(pool) = &db else {
            panic!("opened as PostgreSQL")
        };
        compare(pool.write("plans", |conn| Box::pin(pg(conn))).await.unwrap());
    }
}
