//! Auth's outbox.

use super::Conn;
use crate::store::schema::auth_outbox;

gantry_outbox::outbox!(auth_outbox);
