//! Somebody signs up, all of it in one transaction.

use gantry_db::StoreError;
use gantry_kernel::IdSource;

use super::Conn;
use super::accepting::accept_invitation;
use super::orgs::insert_owned;
use super::outbox::add_events;
use super::tokens::add_token;
use super::users::add_user;
use crate::store::changes::SignUp;
use crate::store::rows::UserRow;

pub(crate) async fn sign_up(
    conn: &mut Conn,
    new: SignUp,
    ids: IdSource,
    holder: String,
) -> Result<UserRow, StoreError> {
    add_user(conn, new.user.clone(), new.credential, holder.clone(), Vec::new()).await?;
    if let Some(token) = new.token {
        add_token(conn, token, holder.clone(), Vec::new()).await?;
    }
    if let Some((org, membership)) = &new.own {
        insert_owned(conn, org, membership).await?;
    }
    add_events(conn, &holder, &new.events).await?;
    match new.accepting {
        Some(accepting) => accept_invitation(conn, accepting.joining, ids, holder, accepting.event).await,
        None => Ok(new.user),
    }
}
