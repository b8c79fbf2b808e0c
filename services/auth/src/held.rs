//! The session that a caller of LoginRocket holds; Session says which it is.

use std::sync::Arc;

use gantry_kernel::{Problem, RealmId, Reason};
use gantry_proto::options::v1::Caller;
use gantry_proto::session::v2::FindSessionRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_rpc::{Call, from_status, internal};

use crate::carry_out::ONE_CALL;
use crate::error::Error;
use crate::rules::login;
use crate::service::Auth;
use crate::store::LoginRow;

/// A live session.
#[derive(Debug)]
pub(crate) struct Held {
    /// The part of its key that names it.
    pub(crate) session_id: String,
    pub(crate) user_id: String,
}

impl Held {
    /// Asks Session for the session of a realm that a key opens.
    pub(crate) async fn find(auth: &Auth, key: &str, realm_id: &str) -> Result<Self, Problem> {
        let mut call = Call::default();
        call.caller = Caller {
            realm_id: realm_id.to_owned(),
            ..Caller::default()
        };
        let asked = FindSessionRequest {
            realm_id: realm_id.to_owned(),
            session: key.to_owned(),
        };
        let mut request = internal(asked, &call);
        request.set_timeout(ONE_CALL);
        let found = SessionClient::new(auth.session.clone()).find_session(request).await;
        let found = found.map_err(|status| from_status(&status))?.into_inner();
        if found.user_id.is_empty() {
            return Err(Reason::SessionInvalid.into());
        }
        Ok(Self {
            session_id: found.session_id,
            user_id: found.user_id,
        })
    }

    /// The session that the guard has checked, with its user as a login needs them. Whoever may not log in any more has none.
    pub(crate) async fn of(auth: &Auth, call: &Call, realm: &RealmId) -> Result<(Arc<Self>, LoginRow), Error> {
        let checked = call.session.clone();
        let held = checked.and_then(|checked| Arc::downcast::<Self>(checked).ok());
        let held = held.ok_or(Reason::SessionInvalid)?;
        let found = login::find(auth, realm, &held.user_id).await?;
        let active = found.filter(|row| row.user.state == "active");
        let active = active.ok_or(Reason::SessionInvalid)?;
        call.read_by(active.user.locale.as_deref());
        Ok((held, active))
    }
}
