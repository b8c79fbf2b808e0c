//! What every request gets, whichever route it takes: an id, a bounded cost, a language, a word about origins, and no more than it may.

mod cors;
mod forms;
mod paths;
mod request_id;
