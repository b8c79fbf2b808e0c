//! What every request gets, whichever route it takes: an id, a bounded cost, a language, a word about origins, and no more than it may.

mod access;
mod at_rest;
mod bounds;
mod broken;
mod claims;
mod cors;
mod forms;
mod https;
mod ids;
mod inside;
mod limits;
mod locales;
mod needs_postgres;
mod paths;
mod remembered;
mod request_id;
mod route_table;
mod secrets;
mod tenants;
