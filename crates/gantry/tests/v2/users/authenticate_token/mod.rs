//! `/v2/users/authenticate_token`

mod post;
