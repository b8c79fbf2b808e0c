//! Event: what happened, and who has been told.
