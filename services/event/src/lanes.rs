//! Whose deliveries are meant when some are listed or told once more: what the API and the command line share.

use gantry_db::StoreError;
use gantry_kernel::Problem;

use crate::error::Error;
use crate::store::Store;

/// Why a hook's deliveries are not begun anew.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// The realm has no such hook.
    Missing,
    /// It is switched off: what nobody listens for would be called off at once.
    Inactive,
    /// The rows could not be had.
    Store(StoreError),
}

impl From<StoreError> for Unfit {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Missing => Problem::field("hook_id", "not_found").into(),
            Unfit::Inactive => Problem::field("hook_id", "hook_inactive").into(),
            Unfit::Store(error) => error.into(),
        }
    }
}

/// Checks that a hook is there and switched on.
pub(crate) async fn is_active(store: &Store, realm: &str, hook: &str) -> Result<(), Unfit> {
    match store.find_hook(realm.to_owned(), hook.to_owned()).await? {
        Some(row) if row.state == "active" => Ok(()),
        Some(_) => Err(Unfit::Inactive),
        None => Err(Unfit::Missing),
    }
}

/// The lanes on which deliveries are begun anew: the hook's, or else all of the realm's whose hooks are switched on.
pub(crate) async fn replayed(store: &Store, realm: &str, hook: Option<String>) -> Result<Vec<String>, Unfit> {
    match hook {
        Some(hook) => {
            is_active(store, realm, &hook).await?;
            Ok(vec![hook])
        }
        None => Ok(store.list_lanes(realm.to_owned()).await?),
    }
}

/// The lanes whose deliveries are listed: the hook's, even if that is switched off, or else all of the realm's.
pub(crate) async fn listed(store: &Store, realm: &str, hook: Option<String>) -> Result<Vec<String>, Unfit> {
    match hook {
        Some(hook) => {
            let found = store.find_hook(realm.to_owned(), hook).await?;
            Ok(vec![found.ok_or(Unfit::Missing)?.id])
        }
        None => Ok(store.list_lanes(realm.to_owned()).await?),
    }
}
