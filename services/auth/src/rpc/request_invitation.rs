//! `POST /v2/signup/request` (contract 2.4).

use gantry_kernel::Problem;
use gantry_proto::auth::v2::RequestInvitationRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::settings_of;
use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::on_request::ask;
use crate::rules::check::{Checks, email};
use crate::rules::signup;
use crate::rules::task::Work;
use crate::service::Auth;

/// Asks for an invitation to a realm that one must be invited to. Event, the first time: `invitation.request.created`.
pub(crate) async fn request_invitation(
    auth: &Auth,
    call: &Call,
    request: RequestInvitationRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let settings = settings_of(auth, &realm).await?;
    if settings.signup != "invitation" {
        return Err(Problem::field("", "no_requests").into());
    }
    let mut checks = Checks::default();
    let email = email(&mut checks, request.email);
    let locale = signup::language(&mut checks, request.locale, &call.caller.locale, &settings);
    checks.done()?;
    auth.throttle.mail(&realm, &email).await?;
    let work = Work::Invite {
        realm_id: realm.into_string(),
        invitation_type: "request".to_owned(),
        email,
        locale,
    };
    ask(auth, &cause, work).await?;
    Ok(okay())
}
