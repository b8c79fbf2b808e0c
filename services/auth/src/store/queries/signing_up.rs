//! Somebody signs up, all of it in one transaction.

use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::IdSource;

use super::Conn;
use super::accepting::accept_invitation;
use super::outbox::add_events;
use super::tokens::add_token;
use super::users::add_user;
use crate::store::changes::SignUp;
use crate::store::rows::UserRow;
use crate::store::schema::{auth_memberships as memberships, auth_orgs as orgs};

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
        diesel::insert_into(orgs::table).values(org).execute(conn).await?;
        diesel::insert_into(memberships::table)
            .values(membership)
            .execute(conn)
            .await?;
    }
    add_events(conn, &holder, &new.events).await?;
    match new.accepting {
        Some(accepting) => accept_invitation(conn, accepting.joining, ids, holder, accepting.event).await,
        None => Ok(new.user),
    }
}
