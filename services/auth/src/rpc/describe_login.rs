//! What a token says about a user; asked by Session.

use gantry_kernel::Reason;
use gantry_proto::auth::v2::DescribeLoginRequest;
use gantry_proto::session::v2::LoginProfile;
use gantry_rpc::Call;

use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::describe::{Orgs, describe_in};
use crate::service::Auth;

/// Describes a user for a token, and where asked as the Core API shows it.
pub(crate) async fn describe_login(
    auth: &Auth,
    call: &Call,
    request: DescribeLoginRequest,
) -> Result<LoginProfile, Error> {
    let realm = call.realm(Some(&request.realm_id))?;
    let found = auth
        .store
        .find_member(realm.as_str().to_owned(), request.user_id)
        .await?;
    let (user, settings) = found.ok_or(Reason::NotFound)?;
    call.read_by(user.locale.as_deref());
    let orgs = match request.select_account {
        true => Orgs::Account(request.account.as_deref()),
        false => Orgs::All,
    };
    let cause = convert::input::cause(call, None)?;
    let mut profile = convert::profile(describe_in(auth, &cause, &settings, &user, orgs).await?);
    if request.with_user {
        profile.user = Some(shown(auth, &realm, user, request.with_memberships).await?);
    }
    Ok(profile)
}
