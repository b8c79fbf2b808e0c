//! Rows with a secret in them, to what rules take and back: the one place that opens a hook's address, a password or a key.

use gantry_db::{JsonText, StoreError};
use gantry_kernel::{Reason, Secret};
use gantry_seal::Purpose;

use crate::State;
use crate::error::Error;
use crate::rules::hook::Hook;
use crate::store::HookRow;

/// The address of a webhook, in which there may be a password.
const DESTINATION: Purpose = Purpose::new("hook destination");
/// What a webhook's requests are signed with.
pub(crate) const HOOK_SECRET: Purpose = Purpose::new("hook secret");
/// The password of an SMTP provider.
pub(crate) const SMTP_PASSWORD: Purpose = Purpose::new("smtp password");
/// The key of a mailing-list provider.
pub(crate) const LIST_KEY: Purpose = Purpose::new("mailing list key");

impl State {
    /// Seals a secret to its row.
    pub(crate) fn seal(&self, purpose: Purpose, row: &str, secret: &Secret) -> Result<String, Error> {
        let sealed = self.vault.seal(purpose, row, secret.expose().as_bytes(), &*self.rng);
        sealed.ok_or_else(|| Reason::Internal.into())
    }

    /// What is kept of a secret that was sent: null and an empty text remove it, and what was not sent stays.
    pub(crate) fn reseal(
        &self,
        purpose: Purpose,
        row: &str,
        sent: Option<Option<Secret>>,
        kept: Option<String>,
    ) -> Result<Option<String>, Error> {
        match sent {
            None => Ok(kept),
            Some(sent) => {
                let given = sent.filter(|secret| !secret.is_empty());
                given.map(|secret| self.seal(purpose, row, &secret)).transpose()
            }
        }
    }

    /// A hook out of its row.
    pub(crate) fn opened(&self, row: &HookRow) -> Result<Hook, Error> {
        let broken = |column: &'static str| StoreError::Inconsistent {
            table: "event_hooks",
            column,
            row: row.id.clone(),
        };
        let destination = match &row.destination_sealed {
            None => None,
            Some(sealed) => {
                let bytes = self.vault.open(DESTINATION, &row.id, sealed);
                let text = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
                Some(Secret::new(text.ok_or_else(|| broken("destination_sealed"))?))
            }
        };
        let settings = serde_json::from_value(row.settings.0.clone()).map_err(|_unreadable| broken("settings"))?;
        Ok(Hook {
            hook_type: row.hook_type.clone(),
            state: row.state.clone(),
            event_types: row.event_types.to_strings(),
            delay: row.delay,
            destination,
            list_provider_id: row.list_provider_id.clone(),
            ordered: row.ordered,
            settings,
        })
    }

    /// What a webhook's requests are signed with at a time: one secret, or two while one takes the place of the other.
    pub(crate) fn secrets(&self, row: &HookRow, now: i64) -> Result<Vec<Secret>, Error> {
        let old = row.old_secret_until.is_some_and(|until| now < until);
        let old = row.old_secret_sealed.as_ref().filter(|_| old);
        let sealed = row.secret_sealed.iter().chain(old);
        let table = "event_hooks";
        sealed
            .map(|sealed| self.unseal(HOOK_SECRET, (table, &row.id), sealed))
            .collect()
    }

    /// Opens a secret of a table's row.
    pub(crate) fn unseal(
        &self,
        purpose: Purpose,
        (table, row): (&'static str, &str),
        sealed: &str,
    ) -> Result<Secret, Error> {
        let bytes = self.vault.open(purpose, row, sealed);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        let broken = || StoreError::Inconsistent {
            table,
            column: "a secret",
            row: row.to_owned(),
        };
        Ok(Secret::new(text.ok_or_else(broken)?))
    }

    /// A hook as a row; when it was made and last changed, and whose it is, stays as `of` has it.
    pub(crate) fn closed(&self, hook: &Hook, of: HookRow) -> Result<HookRow, Error> {
        let sealed = match &hook.destination {
            None => None,
            Some(destination) => Some(self.seal(DESTINATION, &of.id, destination)?),
        };
        let settings = serde_json::to_value(&hook.settings).map_err(|_unwritable| Reason::Internal)?;
        Ok(HookRow {
            hook_type: hook.hook_type.clone(),
            state: hook.state.clone(),
            event_types: JsonText::strings(&hook.event_types),
            delay: hook.delay,
            destination_sealed: sealed,
            list_provider_id: hook.list_provider_id.clone(),
            ordered: hook.ordered,
            settings: JsonText(settings),
            ..of
        })
    }
}
