//! The call behind what happens, as events remember it.

use serde::{Deserialize, Serialize};

/// On whose behalf, and by which request, something happens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Cause {
    /// The end user's address.
    pub(crate) ip: Option<String>,
    /// The end user's program.
    pub(crate) client: Option<String>,
    /// The X-Request-ID.
    pub(crate) request_id: Option<String>,
}
