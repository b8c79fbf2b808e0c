//! `POST /v2/signup/request` (contract 2.4).

use gantry_kernel::{Problem, Reason};
use gantry_proto::auth::v2::RequestInvitationRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::on_request::ask;
use crate::rules::check::Checks;
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
    let settings = auth.store.find_realm(realm.as_str().to_owned()).await?;
    let settings = settings.ok_or(Reason::NotFound)?;
    if settings.signup != "invitation" {
        return Err(Problem::field("", "no_requests").into());
    }
    let mut checks = Checks::default();
    let email = signup::address(&mut checks, request.email);
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
