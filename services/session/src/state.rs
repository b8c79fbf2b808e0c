//! What every rpc of this service works with.

use std::sync::Arc;

use gantry_kernel::{Clock, IdSource, Rng, SessionId};
use gantry_outbox::Relay;
use gantry_proto::Permission;
use gantry_rpc::{Call, Wire};
use gantry_seal::Vault;
use tokio::sync::Notify;

use crate::keys::KeyCache;
use crate::rules::SessionKeys;
use crate::store::Store;

/// The service, cheap to clone.
#[derive(Clone)]
pub(crate) struct State(Arc<Parts>);

/// What the service is made of.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) ids: IdSource,
    pub(crate) auth: Wire,
    pub(crate) session_keys: SessionKeys,
    pub(crate) vault: Vault,
    pub(crate) key_cache: KeyCache,
    pub(crate) relay: Relay,
    /// Says that a key was taken from the stock.
    pub(crate) refill: Notify,
    pub(crate) issuer: String,
}

impl State {
    /// Puts the parts together.
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The time.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A session's id as this caller may see it: the key that opens it, or, for a key that may only read, the record's name.
    pub(crate) fn shown(&self, call: &Call, record: &SessionId) -> String {
        if call.may(Permission::Write) {
            self.session_keys.full(record)
        } else {
            record.as_str().to_owned()
        }
    }
}

impl std::ops::Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
