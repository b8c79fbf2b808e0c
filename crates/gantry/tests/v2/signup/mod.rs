//! `/v2/signup`

mod invited;
mod post;
mod request;
