//! Questions to the database that many ask at the same time, asked together.

use std::collections::HashMap;
use std::hash::Hash;

use gantry_together::Fault;
use tracing::Instrument;

use crate::{Db, StoreError};

/// One question to the database, by its key: asked with [`Db::ask_together`].
pub type Together<K, V> = gantry_together::Together<K, V, StoreError>;

impl Fault for StoreError {
    fn lost() -> Self {
        Self::Unavailable("the question was lost".to_owned())
    }

    fn is_of_a_key(&self) -> bool {
        !matches!(self, Self::Unavailable(_))
    }
}

impl Db {
    /// Asks for a key; `None` when there is nothing. `many` asks `store` for several keys in one statement (named `name` in the
    /// trace), and leaves out those for which there is nothing.
    ///
    /// # Errors
    /// What the statement says. One that fails for several keys, though the database is there, is tried for each alone.
    pub async fn ask_together<K, V, S, F, W>(
        &self,
        name: &'static str,
        question: &Together<K, V>,
        store: &S,
        key: K,
        many: F,
    ) -> Result<Option<V>, StoreError>
    where
        K: Eq + Hash + Clone + Send + 'static,
        V: Clone + Send + 'static,
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Vec<K>) -> W + Send + Sync + 'static,
        W: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let span = gantry_telemetry::db_span(self.system(), name);
        question.ask(store, key, many).instrument(span).await
    }
}
