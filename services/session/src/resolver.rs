//! What the guard asks before it lets a call through.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_kernel::{Problem, Reason};
use gantry_proto::options::v1::Caller;
use gantry_rpc::{Resolver, SessionState};

use crate::error::Failure;
use crate::state::State;

impl Resolver for State {
    fn key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        gantry_rpc::resolve_key(&self.auth, key).boxed()
    }

    /// Finds the session with the keys of its realm: all that the rpc needs of this database.
    fn session<'a>(&'a self, session: &'a str, realm_id: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>> {
        async move {
            let record = self.session_keys.open(session).ok_or(Reason::SessionInvalid)?;
            let found = self
                .store
                .find_session(realm_id.to_owned(), record.into_string(), self.now());
            let seen = found.await.map_err(|error| Failure::from(error).report())?;
            let seen = seen.ok_or(Reason::SessionInvalid)?;
            Ok(Arc::new(seen) as SessionState)
        }
        .boxed()
    }
}
