//! The operator's hand in deliveries, beside a running server: lists them, and has them told once more.

use gantry_db::{Db, StoreError};
use gantry_kernel::{Direction, Problem};

use crate::lanes::{self, Unfit};
use crate::rules::replay::{AT_ONCE, Range, listed, replayed};
use crate::store::Store;

/// Which deliveries are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// The realm.
    pub realm: String,
    /// The hook; absent for all that are active, and the mails that are built in.
    pub hook: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// From this time on, in Unix seconds.
    pub since: Option<f64>,
    /// Before this time, in Unix seconds.
    pub until: Option<f64>,
}

/// A delivery as operators see it.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The notification's id.
    pub id: String,
    /// The hook; absent for a mail that is built in.
    pub hook_id: Option<String>,
    /// The event.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// in_progress, completed, failed or canceled.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Where it went last.
    pub destination: Option<String>,
    /// What came of it last.
    pub result: Option<String>,
}

/// A part of what was begun anew.
#[derive(Debug, Clone)]
pub struct Part {
    /// How many.
    pub count: usize,
    /// The last: the next part is behind it.
    pub last: Option<String>,
    /// Whether there may be more.
    pub more: bool,
}

/// Why nothing was done.
#[derive(Debug)]
pub enum Refused {
    /// The realm has no such hook or notification.
    NotFound,
    /// The hook is switched off.
    Inactive,
    /// These fields are not as they must be.
    Wrong(Vec<String>),
    /// The rows could not be had.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Unfit> for Refused {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Missing => Self::NotFound,
            Unfit::Inactive => Self::Inactive,
            Unfit::Store(error) => Self::Store(error),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Wrong(
            problem
                .violations
                .into_iter()
                .map(|violation| violation.field)
                .collect(),
        )
    }
}

/// The deliveries of a database.
pub struct Deliveries(Store);

impl Deliveries {
    /// Those of an open database, migrated.
    pub fn of_database(db: Db) -> Self {
        Self(Store::new(db))
    }

    /// Lists deliveries, the latest first, `max` of them at the most.
    ///
    /// # Errors
    /// When the realm has no such hook, or a field is not as it must be.
    pub async fn list(&self, which: &Which, max: i64) -> Result<Vec<Delivery>, Refused> {
        let range = listed(which.state.as_deref(), (which.since, which.until))?;
        let lanes = lanes::listed(&self.0, &which.realm, which.hook.clone()).await?;
        let found = self.0.list_history(lanes, range, (None, Direction::Desc, max)).await?;
        let shown = found.into_iter().filter_map(|(row, event)| {
            let event = event?;
            Some(Delivery {
                id: row.id,
                hook_id: row.hook_id,
                event_id: event.id,
                event_type: event.event_type,
                state: row.state,
                attempts: row.attempts,
                destination: row.last_destination,
                result: row.last_result,
            })
        });
        Ok(shown.collect())
    }

    /// Has one told once more, at `now` in Unix milliseconds: whoever delivers finds it within a second.
    ///
    /// # Errors
    /// When the realm has no such notification, or its hook is switched off.
    pub async fn replay_one(&self, realm: &str, id: &str, now: i64) -> Result<(), Refused> {
        let found = self.0.find_notification(realm.to_owned(), id.to_owned()).await?;
        let (row, _) = found.ok_or(Refused::NotFound)?;
        if let Some(hook) = &row.hook_id {
            lanes::is_active(&self.0, realm, hook).await?;
        }
        Ok(self.0.replay_one(realm.to_owned(), row, now).await?)
    }

    /// Has a part of them told once more, those behind `after`, at `now` in Unix milliseconds.
    ///
    /// # Errors
    /// When the realm has no such hook, the hook is switched off, or a field is not as it must be.
    pub async fn replay(&self, which: &Which, after: Option<String>, now: i64) -> Result<Part, Refused> {
        let range: Range = replayed(which.state.as_deref(), (which.since, which.until))?;
        let lanes = lanes::replayed(&self.0, &which.realm, which.hook.clone()).await?;
        let begun = self
            .0
            .replay(which.realm.clone(), lanes, range, (after, AT_ONCE, now))
            .await?;
        Ok(Part {
            count: begun.len(),
            more: i64::try_from(begun.len()).is_ok_and(|count| count >= AT_ONCE),
            last: begun.into_iter().next_back(),
        })
    }
}
