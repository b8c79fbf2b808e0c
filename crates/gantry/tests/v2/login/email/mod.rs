//! `/v2/login/email` (ADR 13)

mod hostile;
mod life;
mod limits;
mod mail;
mod owner;
mod post;
mod setting;
