//! Every list is answered from an index: SQLite says how it would go about it.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_async::RunQueryDsl;
use gantry_db::{Config, Db, StoreError};
use gantry_kernel::{
    Direction, EventId, Id, InvitationId, MembershipId, OrgId, Page, ProviderId, RealmId, RequestId, UserId,
};
use gantry_testkit::db::{Backend, TestDb};

use super::schema::event_events as events;
use super::sqlite;
use crate::rules::filter::Filter;
use crate::rules::list::EventQuery;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

async fn plan(conn: &mut sqlite::Conn, sql: String) -> Result<String, StoreError> {
    let steps: Vec<Step> = diesel::sql_query(sql).load(conn).await?;
    Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; "))
}

async fn explain(db: &Db, query: events::BoxedQuery<'static, Sqlite>) -> String {
    let Db::Lite(pool) = db else { panic!("opened as SQLite") };
    let text = diesel::debug_query::<Sqlite, _>(&query).to_string();
    let sql = text.split(" -- binds").next().unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    pool.read("plan", move |conn| Box::pin(plan(conn, sql))).await.unwrap()
}

#[tokio::test]
async fn every_filter_is_served_in_order_by_an_index() {
    let place = TestDb::on(Backend::Sqlite).await;
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    let bare = |filter: Filter| EventQuery {
        realm_id: RealmId::from_bits(1),
        filter,
        hook_id: None,
        since: Some(EventId::from_bits(1)),
        before: Some(EventId::from_bits(3)),
        page: Page {
            after: Some(EventId::from_bits(2).into_string()),
            direction: Direction::Desc,
            ..Page::default()
        },
    };
    macro_rules! only {
        ($column:ident, $id:ident) => {{
            let mut filter = Filter::default();
            filter.$column = Some($id::from_bits(1).into_string());
            bare(filter)
        }};
    }
    let user = only!(user_id, UserId);
    let of_type =
        |query: &EventQuery| sqlite::events::matching(query, None).filter(events::event_type.eq("user.created"));
    let of = |query: &EventQuery| sqlite::events::matching(query, None);
    for (query, index, column) in [
        (of(&bare(Filter::default())), "realm_id__id", ""),
        (of_type(&bare(Filter::default())), "realm_id__event_type", "event_type"),
        (of(&user), "realm_id__user_id", "user_id"),
        (of(&only!(org_id, OrgId)), "realm_id__org_id", "org_id"),
        (
            of(&only!(membership_id, MembershipId)),
            "realm_id__membership_id",
            "membership_id",
        ),
        (
            of(&only!(auth_provider_id, ProviderId)),
            "realm_id__auth_provider_id",
            "auth_provider_id",
        ),
        (
            of(&only!(invitation_id, InvitationId)),
            "realm_id__invitation_id",
            "invitation_id",
        ),
        (of(&only!(request_id, RequestId)), "realm_id__request_id", "request_id"),
    ] {
        let plan = explain(&db, query).await;
        // One step, so nothing is sorted; both bounds of the id are found in the index, not filtered afterwards: a page costs the same
        // however deep it lies.
        let column = if column.is_empty() {
            String::new()
        } else {
            format!("{column}=? AND ")
        };
        let bounds = format!("(realm_id=? AND {column}id>? AND id<?)");
        assert_eq!(
            plan,
            format!("SEARCH event_events USING INDEX event_events__{index} {bounds}")
        );
    }
    let both = bare(Filter {
        org_id: Some(OrgId::from_bits(1).into_string()),
        ..user.filter.clone()
    });
    let types = ["user.created", "user.updated"];
    for query in [
        of(&user).filter(events::event_type.eq_any(types)),
        of(&both),
        of(&both).filter(events::event_type.eq_any(types)),
    ] {
        let plan = explain(&db, query).await;
        let narrow = plan.contains("realm_id__user_id (") || plan.contains("realm_id__org_id (");
        assert!(
            narrow && plan.contains("id>? AND id<?)") && !plan.contains(';'),
            "{plan}"
        );
    }
}
