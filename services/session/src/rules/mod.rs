//! What is allowed and what then happens: session keys, signing keys, tokens, expiry. No tonic, no diesel.

pub(crate) mod id_token;
mod jwk;
mod life;
pub(crate) mod oauth;
mod profile;
pub(crate) mod rotation;
mod session_key;
mod signing;
mod token;
mod verify;

pub(crate) use jwk::{PublicParts, public_parts, short_key};
pub(crate) use life::{session_ends, token_ends, token_stays_until};
pub(crate) use profile::{Algo, OrgEntry, Profile};
pub(crate) use rotation::current;
pub(crate) use session_key::SessionKeys;
pub(crate) use signing::{NewKey, SigningKey, Unusable, make_hs256, make_rs256};
pub(crate) use token::{Audience, Draft, marked_end};
pub(crate) use verify::{Heard, Unverified};
