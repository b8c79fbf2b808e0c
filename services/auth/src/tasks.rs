//! What Auth does without being asked: finishes what a crash or an outage left undone, forgets what has expired, renews certificates.

use std::time::Duration;

use gantry_telemetry::{keep_at, part_by_part};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::carry_out::carry_out;
use crate::certificates;
use crate::error::Error;
use crate::rules::task::REST_MS;
use crate::service::Auth;

/// How often left-over tasks are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often expired rows are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(30);
/// Tasks to a look.
const TASKS: i64 = 20;
/// Rows that one transaction forgets: little enough that nobody waits for it.
const BATCH: i64 = 500;

/// Begins all of it; a defect met by one piece of work must not end what comes after it.
pub(crate) fn start(auth: &Auth, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let mine = || (auth.clone(), stop.clone());
    let (finishing, pruning, renewing) = (mine(), mine(), mine());
    vec![
        keep_at("tasks for others", stop.clone(), move || {
            finish(finishing.0.clone(), finishing.1.clone())
        }),
        keep_at("expired rows", stop.clone(), move || {
            prune(pruning.0.clone(), pruning.1.clone())
        }),
        keep_at("certificates", stop.clone(), move || {
            certificates::keep(renewing.0.clone(), renewing.1.clone())
        }),
    ]
}

/// Carries out tasks that are due, until told to stop.
async fn finish(auth: Auth, stop: CancellationToken) {
    let one_look = || async {
        finish_now(&auth)
            .await
            .unwrap_or_else(|error| waits(&error, "tasks wait"))
    };
    part_by_part(LOOK_EVERY, &auth.tasks, &stop, one_look).await;
}

/// What failed is tried again later.
fn waits(error: &Error, what: &'static str) -> bool {
    tracing::warn!(error = ?error, "{what}");
    false
}

/// Carries out what is due, and tells whether there may be more.
async fn finish_now(auth: &Auth) -> Result<bool, Error> {
    let now = auth.clock.now_ms();
    let due = auth.store.list_due_tasks(now, TASKS).await?;
    let mut more = i64::try_from(due.len()).is_ok_and(|found| found >= TASKS);
    for task in due {
        let mut row = task.clone();
        row.due_at = now.saturating_add(REST_MS);
        if !auth.store.take_up_task(task, row.due_at).await? {
            continue;
        }
        // One that fails must not hold up the others.
        match carry_out(auth, &row).await {
            Ok(true) => {}
            // There is more to do: next round, whoever takes it.
            Ok(false) => {
                auth.store.take_up_task(row, now).await?;
                more = true;
            }
            Err(error) => tracing::warn!(task = row.id, error = ?error, "a task waits for another try"),
        }
    }
    Ok(more)
}

/// Forgets what has expired, a batch at a time, until told to stop.
async fn prune(auth: Auth, stop: CancellationToken) {
    let one_batch = || async {
        prune_now(&auth)
            .await
            .unwrap_or_else(|error| waits(&error, "expired rows wait"))
    };
    part_by_part(PRUNE_EVERY, &Notify::new(), &stop, one_batch).await;
}

/// Forgets one batch of each kind, and tells whether there may be more.
async fn prune_now(auth: &Auth) -> Result<bool, Error> {
    let (store, now) = (&auth.store, auth.clock.now_ms());
    let tokens = store.prune_tokens(now, BATCH).await?;
    let mails = store.prune_email_logins(now, BATCH).await?;
    let memberships = store
        .prune_memberships(now, BATCH, auth.ids.clone(), store.holder())
        .await?;
    let invitations = store
        .prune_invitations(now, BATCH, auth.ids.clone(), store.holder())
        .await?;
    if memberships + invitations > 0 {
        auth.relay.wake();
    }
    let full = |gone: usize| i64::try_from(gone).is_ok_and(|gone| gone >= BATCH);
    Ok(full(tokens) || full(mails) || full(memberships) || full(invitations))
}

#[cfg(test)]
mod tests {
    use gantry_kernel::InvitationId;

    use super::*;
    use crate::rules::cause::Cause;
    use crate::rules::invitation::{self, Tokens};
    use crate::rules::task::{Task, Work};
    use crate::stage::{NOW, Stage};

    async fn invite(stage: &Stage, expires_at: i64) {
        let auth = &stage.auth;
        let realm = auth
            .store
            .find_realm(stage.realm.as_str().to_owned())
            .await
            .unwrap()
            .unwrap();
        let input = invitation::Input {
            invitation_type: Some(Some("referral".to_owned())),
            email: Some(Some("new@b.example".to_owned())),
            expires_at: Some(Some(expires_at)),
            ..invitation::Input::default()
        };
        let tokens = Tokens {
            vault: &auth.vault,
            rng: &*auth.rng,
        };
        let row = invitation::new(input, &auth.ids.id::<InvitationId>(), &realm, &tokens, NOW).unwrap();
        auth.store
            .add_invitation(row, "test".to_owned(), Vec::new())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn what_is_over_goes_and_is_told_of_once() {
        let stage = Stage::new().await;
        let ana = stage.user("ana@b.example", None).await;
        stage.org_of(&ana, "active", None).await;
        stage.org_of(&ana, "active", Some(NOW + 10)).await;
        let last = stage.org_of(&ana, "active", Some(NOW + 11)).await;
        invite(&stage, NOW + 10).await;
        invite(&stage, NOW + 11).await;
        stage.clock.jump_to_ms(NOW + 10);
        for _ in 0..2 {
            assert!(!prune_now(&stage.auth).await.unwrap());
            let events = stage.events().await;
            let types: Vec<_> = events.iter().map(|event| event.event_type.as_str()).collect();
            assert_eq!(types, ["membership.deleted", "invitation.referral.expired"]);
            assert_eq!(
                (&events[0].user_id, events[0].event_at),
                (&Some(ana.id.clone()), NOW + 10)
            );
            assert!(events[0].org_id.is_some() && events[0].membership_id.is_some());
            assert!(events[1].invitation_id.is_some());
        }
        stage.clock.jump_to_ms(NOW + 11);
        prune_now(&stage.auth).await.unwrap();
        let events = stage.events().await;
        assert_eq!(events.len(), 4);
        assert_eq!(events[2].org_id.as_ref(), Some(&last.id));
    }

    mod needs_postgres {
        use diesel::QueryableByName;
        use diesel::sql_types::Bool;
        use diesel_async::RunQueryDsl;
        use gantry_db::{Db, StoreError};
        use gantry_kernel::Page;
        use gantry_testkit::db::Backend;
        use tokio::sync::oneshot;

        use super::*;
        use crate::store::InvitationFilter;

        #[derive(QueryableByName)]
        struct Answer {
            #[diesel(sql_type = Bool)]
            waits: bool,
        }

        /// Whether anybody waits for another's lock in this database.
        async fn anybody_waits(db: &Db) -> bool {
            let Db::Pg(pool) = db else {
                panic!("opened as PostgreSQL")
            };
            let asked = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                         AND wait_event_type = 'Lock') AS waits";
            let answer = pool.read("waits", move |conn| {
                Box::pin(async move { Ok::<_, StoreError>(diesel::sql_query(asked).get_result::<Answer>(conn).await?) })
            });
            answer.await.unwrap().waits
        }

        #[tokio::test]
        async fn what_is_prolonged_at_the_last_moment_stays() {
            let stage = Stage::on(Backend::Postgres).await;
            invite(&stage, NOW + 10).await;
            stage.clock.jump_to_ms(NOW + 10);
            let ((held, is_held), (go, may_go)) = (oneshot::channel(), oneshot::channel::<()>());
            let other = stage.other_db();
            let Db::Pg(pool) = other.clone() else {
                panic!("opened as PostgreSQL")
            };
            let prolonging = gantry_telemetry::spawn(async move {
                let prolong = format!("UPDATE auth_invitations SET expires_at = {}", NOW + 20);
                let work = pool.write("prolong", move |conn| {
                    Box::pin(async move {
                        diesel::sql_query(prolong).execute(conn).await?;
                        held.send(()).unwrap();
                        may_go.await.unwrap();
                        Ok::<_, StoreError>(())
                    })
                });
                work.await.unwrap();
            });
            is_held.await.unwrap();
            let auth = stage.auth.clone();
            let pruning = gantry_telemetry::spawn(async move { prune_now(&auth).await.unwrap() });
            // It has found the invitation, and waits for who holds it.
            while !anybody_waits(&other).await {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
            prolonging.await.unwrap();
            assert!(!pruning.await.unwrap());
            let (realm, now) = (stage.realm.as_str().to_owned(), NOW + 10);
            let left = stage
                .auth
                .store
                .list_invitations(realm, InvitationFilter::default(), now, Page::default());
            assert_eq!(left.await.unwrap().len(), 1);
            assert_eq!(stage.events().await, []);
        }
    }

    #[tokio::test]
    async fn more_than_a_batch_goes_batch_by_batch() {
        let stage = Stage::new().await;
        for _ in 0..=BATCH {
            invite(&stage, NOW + 1).await;
        }
        stage.clock.jump_to_ms(NOW + 1);
        assert!(prune_now(&stage.auth).await.unwrap());
        assert!(!prune_now(&stage.auth).await.unwrap());
    }

    #[tokio::test]
    async fn a_task_rests_after_a_try_that_failed_and_is_not_lost() {
        let stage = Stage::new().await;
        let auth = &stage.auth;
        let user = stage.user("ana@b.example", None).await;
        let task = Task {
            work: Work::EndSessions {
                realm_id: stage.realm.as_str().to_owned(),
                user_id: Some(user.id.clone()),
                keep: None,
                opened_by_ms: None,
            },
            cause: Cause::default(),
        };
        let row = task.row(&auth.ids, NOW).unwrap();
        let realm = stage.realm.as_str().to_owned();
        let gone = auth
            .store
            .remove_user(realm, user.id, row.clone(), "test".to_owned(), Vec::new());
        assert!(gone.await.unwrap().is_some());
        // The call that wrote it has some seconds to do it itself.
        assert_eq!(auth.store.list_due_tasks(NOW, 10).await.unwrap(), []);
        stage.clock.jump_to_ms(row.due_at);
        // Session is not there.
        assert!(!finish_now(auth).await.unwrap());
        assert_eq!(
            auth.store.list_due_tasks(row.due_at + REST_MS - 1, 10).await.unwrap(),
            []
        );
        let due = auth.store.list_due_tasks(row.due_at + REST_MS, 10).await.unwrap();
        assert_eq!(due.len(), 1);
        // Of two processes that see it, one takes it up.
        let (one, two) = (due[0].clone(), due[0].clone());
        assert!(auth.store.take_up_task(one, NOW * 2).await.unwrap());
        assert!(!auth.store.take_up_task(two, NOW * 2).await.unwrap());
    }
}
