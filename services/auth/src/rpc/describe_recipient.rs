//! Whom a mail is for; asked by Event when it is about to write one.

use gantry_kernel::{Id, Page, RealmId, Reason};
use gantry_proto::auth::v2::{DescribeRecipientRequest, DescribeRecipientResponse};
use gantry_rpc::Call;

use super::get_invitation::tokens;
use crate::error::Error;
use crate::rules::token::{self, Purpose};
use crate::rules::{email_login, name};
use crate::service::Auth;
use crate::store::{InvitationRow, UserRow};

/// Describes the recipient of a mail. The address is the one that the token in it was made for; a token that is not worth anything any
/// more, a user or an invitation that is gone: nobody is found, and no mail goes out.
pub(crate) async fn describe_recipient(
    auth: &Auth,
    _: &Call,
    request: DescribeRecipientRequest,
) -> Result<DescribeRecipientResponse, Error> {
    let realm = RealmId::parse(&request.realm_id).map_err(|_not_an_id| Reason::NotFound)?;
    let row = auth.store.find_realm(realm.as_str().to_owned()).await?;
    let row = row.ok_or(Reason::NotFound)?;
    let mut told = match (request.user_id.is_empty(), request.invitation_id.is_empty()) {
        // Nobody of the realm: who asks knows whom it is for.
        (true, true) => DescribeRecipientResponse::default(),
        (false, true) => user(auth, &realm, &request).await?,
        (_, false) => invited(auth, &realm, &request).await?,
    };
    if !request.org_id.is_empty() {
        let org = auth.store.find_org(realm.as_str().to_owned(), request.org_id).await?;
        told.org_name = org.map(|org| org.name);
    }
    told.realm_locale = row.default_locale;
    told.realm_name = row.public_name.unwrap_or(row.name);
    told.login_url = login_url(auth, &realm).await?;
    Ok(told)
}

async fn user(
    auth: &Auth,
    realm: &RealmId,
    request: &DescribeRecipientRequest,
) -> Result<DescribeRecipientResponse, Error> {
    let Some(text) = &request.token else {
        let found = find_user(auth, realm, &request.user_id).await?;
        let user = found.ok_or(Reason::NotFound)?;
        return Ok(of_user(user.email.clone(), user));
    };
    let (email, user) = match email_login::token_hash(text) {
        Some(hash) => signing_in(auth, realm, hash).await?,
        None => with_token(auth, realm, text).await?,
    };
    if user.id != request.user_id {
        return Err(Reason::NotFound.into());
    }
    Ok(of_user(email, user))
}

/// The user of a token, and the address that it was made for.
async fn with_token(auth: &Auth, realm: &RealmId, text: &str) -> Result<(String, UserRow), Error> {
    let purpose = Purpose::claimed(text).ok_or(Reason::NotFound)?;
    let found = token::find(auth, realm, purpose, text).await;
    let (token, user) = found.map_err(|error| match error {
        Error::Problem(_) => Reason::NotFound.into(),
        other => other,
    })?;
    Ok((token.email, user))
}

/// The user whom a mail signs in, and the address that it was made for.
async fn signing_in(auth: &Auth, realm: &RealmId, hash: String) -> Result<(String, UserRow), Error> {
    let now = auth.clock.now_ms();
    let found = auth.store.find_email_login(realm.as_str().to_owned(), hash, now);
    let found = found.await?.map(|(login, user)| (login.email, user));
    let good = found.filter(|(email, user)| user.state == "active" && *email == user.email);
    Ok(good.ok_or(Reason::NotFound)?)
}

fn of_user(email: String, user: UserRow) -> DescribeRecipientResponse {
    DescribeRecipientResponse {
        name: name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email),
        email,
        first_name: user.first_name,
        last_name: user.last_name,
        locale: user.locale,
        ..DescribeRecipientResponse::default()
    }
}

async fn invited(
    auth: &Auth,
    realm: &RealmId,
    request: &DescribeRecipientRequest,
) -> Result<DescribeRecipientResponse, Error> {
    let (id, now) = (request.invitation_id.clone(), auth.clock.now_ms());
    let found = auth.store.find_invitation(realm.as_str().to_owned(), id, now).await?;
    let row: InvitationRow = found.ok_or(Reason::NotFound)?;
    // Whoever has the token may join: it goes to the address that the invitation has now, and to no other.
    if request.token.is_some() && tokens(auth).read(&row) != request.token {
        return Err(Reason::NotFound.into());
    }
    let inviter = match &row.inviting_user_id {
        Some(id) => find_user(auth, realm, id).await?,
        None => None,
    };
    let inviter = inviter.map(|user| of_user(user.email.clone(), user).name);
    Ok(DescribeRecipientResponse {
        name: row.email.clone(),
        email: row.email,
        locale: Some(row.locale),
        inviter_name: inviter,
        ..DescribeRecipientResponse::default()
    })
}

async fn find_user(auth: &Auth, realm: &RealmId, id: &str) -> Result<Option<UserRow>, Error> {
    let found = auth
        .store
        .find_user(realm.as_str().to_owned(), id.to_owned(), String::new());
    Ok(found.await?)
}

/// Where the realm's users sign in: the default login address of its first app that has one, else its first host (T-15).
async fn login_url(auth: &Auth, realm: &RealmId) -> Result<String, Error> {
    let apps = auth.store.list_client_apps(realm.as_str().to_owned(), Page::default());
    let mut apps = apps.await?.into_iter();
    let url = apps.find_map(|app| match app.state == "active" && app.client_type == "standard" {
        true => app.redirect_uris.to_strings().into_iter().next(),
        false => None,
    });
    if let Some(url) = url {
        return Ok(url);
    }
    let host = auth.store.find_first_host(realm.as_str().to_owned()).await?;
    Ok(host.map(|host| format!("https://{host}/login")).unwrap_or_default())
}
