//! What strangers may have done for them: a token to set a new password, a mail that signs in, an invitation.
//!
//! They are answered before anybody is looked up, and what follows is a task of the background. So neither the answer nor its time
//! tells who has an account (T-07, T-08), and a crash in between loses nothing.

use gantry_kernel::{Id, InvitationId, Page, RealmId, Reason};

use crate::error::Error;
use crate::rpc::get_invitation::tokens;
use crate::rules::cause::Cause;
use crate::rules::task::{Task, Work};
use crate::rules::token::{Purpose, fresh};
use crate::rules::{email_login, invitation, login};
use crate::service::Auth;
use crate::store::{InvitationFilter, InvitationPatch, InvitationRow, RealmRow, UserRow};

/// Notes down what was asked for, and lets the background begin.
pub(crate) async fn ask(auth: &Auth, cause: &Cause, work: Work) -> Result<(), Error> {
    let task = Task {
        work,
        cause: cause.clone(),
    };
    auth.store.put_task(task.later(&auth.ids, auth.clock.now_ms())?).await?;
    auth.tasks.notify_one();
    Ok(())
}

/// Gives whoever goes by a name a token to set a new password, a few an hour; nobody gets nothing.
pub(crate) async fn reset_password(auth: &Auth, cause: &Cause, realm: &str, who: &str) -> Result<(), Error> {
    let realm = read(realm)?;
    let Some(found) = login::find(auth, &realm, who).await? else {
        return Ok(());
    };
    // However they were named, it is one mailbox.
    if found.user.state != "active" || auth.throttle.mail(&realm, &found.user.id).await.is_err() {
        return Ok(());
    }
    password_token(auth, cause, &realm, &found.user).await.map(drop)
}

/// Mails whoever goes by a name what signs in; `handle` is what the browser that asked holds, sealed.
pub(crate) async fn sign_in_by_mail(
    auth: &Auth,
    cause: &Cause,
    realm: &str,
    who: &str,
    handle: Option<&str>,
) -> Result<(), Error> {
    email_login::send(auth, cause, &read(realm)?, who, handle).await
}

/// Makes a token with which a user sets a new password, and the event of which its mail is made.
pub(crate) async fn password_token(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    user: &UserRow,
) -> Result<gantry_kernel::Secret, Error> {
    let now = auth.clock.now_ms();
    let token = fresh(&*auth.rng, Purpose::ResetPassword, user, &user.email, now);
    let mut event = auth.event(realm, "user.password.resetting", cause);
    event.user_id = Some(user.id.clone());
    let events = vec![auth.with_token(event, token.text.expose())?];
    auth.store.add_token(token.row, auth.store.holder(), events).await?;
    auth.relay.wake();
    Ok(token.text)
}

/// An invitation that somebody asked for.
pub(crate) struct Wanted<'a> {
    /// `preverify` or `request`.
    pub(crate) kind: &'a str,
    pub(crate) email: &'a str,
    pub(crate) locale: &'a str,
}

/// Invites an address. One that is a user's already gets what they will rather need: a way to their account; one that was invited
/// gets the same invitation again.
pub(crate) async fn invite(auth: &Auth, cause: &Cause, realm: &str, wanted: Wanted<'_>) -> Result<(), Error> {
    let realm = read(realm)?;
    let Some(settings) = auth.store.find_realm(realm.as_str().to_owned()).await? else {
        return Ok(());
    };
    let preverify = wanted.kind == "preverify";
    if preverify && login::find(auth, &realm, wanted.email).await?.is_some() {
        return reset_password(auth, cause, realm.as_str(), wanted.email).await;
    }
    match earlier(auth, &realm, &wanted).await? {
        Some(row) if preverify => send(auth, cause, &realm, row).await.map(drop),
        // Whoever decides about it has it before them.
        Some(_) => Ok(()),
        None => add(auth, cause, &settings, wanted).await,
    }
}

async fn earlier(auth: &Auth, realm: &RealmId, wanted: &Wanted<'_>) -> Result<Option<InvitationRow>, Error> {
    let filter = InvitationFilter {
        invitation_type: Some(wanted.kind.to_owned()),
        email: Some(wanted.email.to_owned()),
        ..InvitationFilter::default()
    };
    let now = auth.clock.now_ms();
    let all = auth
        .store
        .list_invitations(realm.as_str().to_owned(), filter, now, Page::default());
    Ok(all.await?.into_iter().next())
}

async fn add(auth: &Auth, cause: &Cause, settings: &RealmRow, wanted: Wanted<'_>) -> Result<(), Error> {
    let realm = read(&settings.id)?;
    let sent = |text: &str| Some(Some(text.to_owned()));
    let input = invitation::Input {
        invitation_type: sent(wanted.kind),
        email: sent(wanted.email),
        locale: sent(wanted.locale),
        ..invitation::Input::default()
    };
    let (id, now) = (auth.ids.id::<InvitationId>(), auth.clock.now_ms());
    let mut row = invitation::new(input, &id, settings, &tokens(auth), now)?;
    let mut events = Vec::new();
    let mut words = vec!["created"];
    // An address proves itself by the mail; about a request a person decides.
    if wanted.kind == "preverify" {
        row.invited_at = Some(now);
        words.push("invited");
    }
    for word in words {
        let mut event = auth.event(&realm, &format!("invitation.{}.{word}", wanted.kind), cause);
        event.invitation_id = Some(row.id.clone());
        let token = tokens(auth).read(&row).ok_or(Reason::Internal)?;
        events.push(auth.with_token(event, &token)?);
    }
    auth.store.add_invitation(row, auth.store.holder(), events).await?;
    auth.relay.wake();
    Ok(())
}

/// Sends an invitation, again where it was sent before, and tells how it is then.
pub(crate) async fn send(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    row: InvitationRow,
) -> Result<InvitationRow, Error> {
    let now = auth.clock.now_ms();
    let token = tokens(auth).read(&row).ok_or(Reason::Internal)?;
    let mut event = auth.event(realm, &format!("invitation.{}.invited", row.invitation_type), cause);
    event.invitation_id = Some(row.id.clone());
    event.org_id = row.org_id;
    let patch = InvitationPatch {
        invited_at: Some(now),
        updated_at: now,
        ..InvitationPatch::default()
    };
    let events = vec![auth.with_token(event, &token)?];
    let sent = auth
        .store
        .set_invitation(realm.as_str().to_owned(), row.id, patch, auth.store.holder(), events);
    let row = sent.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    Ok(row)
}

fn read(realm: &str) -> Result<RealmId, Error> {
    Ok(RealmId::parse(realm).map_err(|_inconsistent| Reason::Internal)?)
}
