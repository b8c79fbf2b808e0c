//! Session's rpcs against a real database, with Auth and Event standing outside.

#[cfg(test)]
mod core_api;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod events;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod forged;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod loginrocket;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod tokens;
