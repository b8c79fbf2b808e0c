//! What is allowed and what then happens: session keys, signing keys, tokens, expiry. No tonic, no diesel.

mod jwk;
mod life;
mod profile;
mod session_key;
mod signing;
mod token;
mod verify;

pub(crate) use jwk::{PublicParts, public_parts};
pub(crate) use life::{session_ends, token_ends};
pub(crate) use profile::{Algo, OrgEntry, Profile};
pub(crate) use session_key::SessionKeys;
pub(crate) use signing::{NewKey, SigningKey, Unusable, make_hs256, make_rs256};
pub(crate) use token::{Audience, Draft, marked_end};
pub(crate) use verify::{Heard, Unverified};
