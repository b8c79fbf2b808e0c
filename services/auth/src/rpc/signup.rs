//! `POST /v2/signup` (contract 2.4).

use gantry_kernel::{MembershipId, Problem, RealmId, UserId};
use gantry_outbox::NewEvent;
use gantry_proto::auth::v2::SignupRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::create_user::duplicate;
use super::sign_in::{loginrocket_session, okay};
use super::{given, settings_of};
use crate::convert;
use crate::error::Error;
use crate::on_request::ask;
use crate::rules::cause::Cause;
use crate::rules::check::{Checks, email};
use crate::rules::password::PasswordRules;
use crate::rules::signup::{self, Newcomer, Place, Way};
use crate::rules::task::Work;
use crate::rules::token::{Purpose, fresh, invalid_in};
use crate::rules::{first_org, invitation, new_password};
use crate::service::Auth;
use crate::store::{Accepting, InvitationRow, Joining, RealmRow, SignUp};

/// Adds a user with an org of their own, or in the one that they were invited to, and signs them in; where addresses are verified
/// first, it sends a mail with an invitation instead. Events: `user.created`, `org.created`, `membership.created`,
/// `user.email.verifying`, `invitation.<type>.accepted`, `user.login.succeeded`; else `invitation.preverify.created` and `.invited`.
pub(crate) async fn signup(auth: &Auth, call: &Call, mut request: SignupRequest) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let settings = settings_of(auth, &realm).await?;
    let invited = invited(auth, &realm, given(request.invitation.take())).await?;
    if signup::way(&settings, invited.as_ref())? == Way::VerifyFirst {
        return verify_first(auth, call, &cause, &settings, request).await;
    }
    let provider = new_password::provider(auth, &realm).await?;
    let (id, now) = (auth.ids.id::<UserId>(), auth.clock.now_ms());
    let place = Place {
        id: &id,
        realm: &realm,
        settings: &settings,
        rules: &PasswordRules::of(&provider),
        invitation: invited.as_ref(),
    };
    let mut newcomer = signup::read(convert::input::signup(request), &place, now)?;
    if newcomer.row.locale.is_none() {
        let reads = signup::language(&mut Checks::default(), None, &call.caller.locale, &settings);
        newcomer.row.locale = Some(reads);
    }
    let user = newcomer.row.clone();
    let password = std::mem::take(&mut newcomer.password);
    let credential = new_password::credential(auth, provider, &user.id, password, now).await?;
    let account = invited.as_ref().and_then(|row| row.org_id.clone());
    let mut new = new_user(auth, &cause, &realm, newcomer, invited)?;
    new.credential = Some(credential);
    let added = auth.store.sign_up(new, auth.ids.clone(), auth.store.holder()).await;
    let user = added.map_err(duplicate)?;
    auth.relay.wake();
    loginrocket_session(auth, call, &cause, &realm, user, account.as_deref()).await
}

/// The invitation that a token opens.
async fn invited(auth: &Auth, realm: &RealmId, token: Option<String>) -> Result<Option<InvitationRow>, Error> {
    let Some(token) = token else {
        return Ok(None);
    };
    let hash = invitation::digest_of(token.trim()).ok_or_else(|| invalid_in("invitation"))?;
    let found = auth
        .store
        .find_invited(realm.as_str().to_owned(), hash, auth.clock.now_ms());
    Ok(Some(found.await?.ok_or_else(|| invalid_in("invitation"))?))
}

/// Sends an invitation to the address, whoever's it is; what else was sent is told again with it.
async fn verify_first(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    settings: &RealmRow,
    request: SignupRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let mut checks = Checks::default();
    let email = email(&mut checks, request.email);
    let locale = signup::language(&mut checks, request.locale, &call.caller.locale, settings);
    checks.done()?;
    auth.throttle.mail(&realm, &email).await?;
    let work = Work::Invite {
        realm_id: realm.into_string(),
        invitation_type: "preverify".to_owned(),
        email,
        locale,
    };
    ask(auth, cause, work).await?;
    Ok(okay())
}

/// All that comes with a new user, and the events that tell of it.
fn new_user(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    newcomer: Newcomer,
    invited: Option<InvitationRow>,
) -> Result<SignUp, Problem> {
    let user = newcomer.row;
    let now = user.created_at;
    let of_user = |event_type: &str| NewEvent {
        user_id: Some(user.id.clone()),
        ..auth.event(realm, event_type, cause)
    };
    let mut new = SignUp {
        events: vec![of_user("user.created")],
        ..SignUp::of(user.clone())
    };
    if user.email_verification == "requested" {
        let token = fresh(&*auth.rng, Purpose::VerifyEmail, &user, &user.email, now);
        let event = auth.with_token(of_user("user.email.verifying"), token.text.expose())?;
        new.events.push(event);
        new.token = Some(token.row);
    }
    if invited.as_ref().is_none_or(|row| row.org_id.is_none()) {
        let own = first_org::of(auth, cause, realm, &user, newcomer.org_name.as_deref());
        new.events.extend(own.events);
        new.own = Some((own.org, own.membership));
    }
    new.accepting = invited.map(|invitation| Accepting {
        event: NewEvent {
            invitation_id: Some(invitation.id.clone()),
            org_id: invitation.org_id.clone(),
            ..of_user(&format!("invitation.{}.accepted", invitation.invitation_type))
        },
        joining: Joining {
            invitation,
            user_id: user.id.clone(),
            membership_id: auth.ids.id::<MembershipId>().into_string(),
            now,
        },
    });
    Ok(new)
}
