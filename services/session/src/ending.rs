//! Ends sessions before their time, and says so (contract 5.1).

use gantry_kernel::{EventId, RealmId, SessionId};
use gantry_outbox::NewEvent;
use gantry_rpc::{Call, Origin};

use crate::error::Result;
use crate::state::State;
use crate::store::SessionRow;

impl State {
    /// Ends a session of a realm; `None` when there is none that lives, and then there is no event.
    pub(crate) async fn end(
        &self,
        call: &Call,
        realm: &RealmId,
        record: &SessionId,
        origin: Origin,
    ) -> Result<Option<SessionRow>> {
        let now = self.now();
        let event = NewEvent {
            ip: origin.ip,
            client: origin.client,
            request_id: call.request_id.clone(),
            ..NewEvent::new(self.ids.id::<EventId>(), realm, "session.deleted", now)
        };
        let (realm_id, id) = (realm.as_str().to_owned(), record.as_str().to_owned());
        let holder = self.relay.holder().to_owned();
        let ended = self.store.end_session(realm_id, id, now, holder, event).await?;
        if ended.is_some() {
            self.relay.wake();
        }
        Ok(ended)
    }
}
