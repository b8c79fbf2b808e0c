//! Questions to the database that many ask at the same time, asked together.

use std::collections::HashMap;
use std::hash::Hash;

use gantry_together::Fault;
use tracing::Instrument;

use crate::{Db, StoreError};

impl Fault for StoreError {
    fn lost() -> Self {
        Self::Unavailable("the question was lost".to_owned())
    }

    fn is_of_a_key(&self) -> bool {
        !matches!(self, Self::Unavailable(_))
    }
}

/// One question to the database, by its key: see [`gantry_together::Together`].
#[derive(Debug)]
pub struct Together<K, V>(gantry_together::Together<K, V, StoreError>);

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Default for Together<K, V> {
    fn default() -> Self {
        Self(gantry_together::Together::default())
    }
}

impl<K, V> Together<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    /// Asks for a key; `None` when there is nothing. `many` asks `store` for several keys in one statement (named `name` in the
    /// trace), and leaves out those for which there is nothing.
    ///
    /// # Errors
    /// What the statement says. One that fails for several keys, though the database is there, is tried for each alone.
    pub async fn ask<S, F, W>(
        &self,
        (db, name): (&Db, &'static str),
        store: &S,
        key: K,
        many: F,
    ) -> Result<Option<V>, StoreError>
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Vec<K>) -> W + Send + Sync + 'static,
        W: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let span = gantry_telemetry::db_span(db.system(), name);
        self.0.ask(store, key, many).instrument(span).await
    }
}
