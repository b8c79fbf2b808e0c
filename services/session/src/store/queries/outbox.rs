//! Events on their way to Event.

use super::super::schema::session_outbox;
use super::Conn;

gantry_outbox::outbox!(session_outbox);
