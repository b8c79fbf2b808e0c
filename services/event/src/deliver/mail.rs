//! Mails: who gets one, what it says, and who sends it.

use gantry_kernel::{Reason, Secret};
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{DescribeRecipientRequest, DescribeRecipientResponse};
use gantry_rpc::from_status;

use super::lane::Place;
use super::smtp::{Outside, Smtp, Tls, Unsent, compose, send};
use super::{Outcome, Tried};
use crate::State;
use crate::error::Error;
use crate::rules::hook::masked;
use crate::rules::letter::{Facts, Letter, NoLetter, built_in, of_hook};
use crate::sealed::SMTP_PASSWORD;
use crate::store::{EventRow, NotificationRow};

/// Mails an event, by a hook or as it is built in.
pub(super) async fn deliver(
    state: &State,
    place: Option<&Place>,
    row: NotificationRow,
    event: EventRow,
) -> Result<Tried, Error> {
    let realm = event.realm_id.clone();
    let of_hook_itself = event.hook_id.is_some();
    let Some(facts) = facts(state, event).await? else {
        let result = match of_hook_itself {
            true => "nobody is named to be told: give the hook an alert_email, or set smtp.alerts_to",
            false => "nobody is to be told any more: the user, the invitation or the token is gone",
        };
        let result = result.to_owned();
        return Ok(Tried {
            outcome: Outcome::Never,
            status: None,
            destination: None,
            result,
        });
    };
    let override_to = place.and_then(|place| place.hook.settings.email_to.clone());
    let to = override_to.unwrap_or_else(|| facts.email.clone());
    let letter = match place {
        Some(place) => of_hook(&place.hook.settings, &facts),
        None => built_in(&facts),
    };
    let told = match letter {
        Ok(letter) => hand_over(state, &realm, &facts, (&row.id, &to), letter).await?,
        Err(error) => Err(unsendable(&error)),
    };
    let (outcome, result) = match told {
        Ok(result) => (Outcome::Done, result),
        Err(unsent) => (unsent.outcome, unsent.why),
    };
    Ok(Tried {
        outcome,
        status: None,
        destination: Some(to),
        result,
    })
}

/// What may be mended within two days is tried again.
fn unsendable(error: &NoLetter) -> Unsent {
    let outcome = match error {
        NoLetter::NoTemplate => Outcome::Never,
        NoLetter::NoLink | NoLetter::Unreadable(_) => Outcome::Again,
    };
    Unsent {
        outcome,
        why: error.to_string(),
    }
}

/// Gives a mail to whoever sends the realm's: its own provider, else the server's, else the preview of a developer's machine.
async fn hand_over(
    state: &State,
    realm: &str,
    facts: &Facts,
    (id, to): (&str, &str),
    letter: Letter,
) -> Result<Result<String, Unsent>, Error> {
    let own = own_provider(state, realm).await?;
    let (smtp, guard) = match (&own, &state.mail.smtp) {
        (Some(own), _) => (own, Some(&state.egress)),
        // A host that the operator chose may be anywhere.
        (None, Some(server)) => (server, None),
        (None, None) => {
            if let Some(preview) = &state.mail.preview {
                let now = state.clock.now_ms();
                return Ok(preview.take(&facts.realm_name, &Outside { id, to, now }, letter));
            }
            tracing::warn!(
                realm,
                "no mail server: set smtp.host, or give the realm an SMTP provider"
            );
            return Ok(Err(Unsent {
                outcome: Outcome::Again,
                why: "there is no mail server: set smtp.host, or give the realm an SMTP provider".to_owned(),
            }));
        }
    };
    let (address, name) = &smtp.from;
    let from = (address.clone(), name.clone().or_else(|| Some(facts.realm_name.clone())));
    let outside = Outside {
        id,
        to,
        now: state.clock.now_ms(),
    };
    let message = match compose(&from, &outside, letter) {
        Ok(message) => message,
        Err(unsent) => return Ok(Err(unsent)),
    };
    Ok(send(smtp, state.mail.ca.as_deref(), guard, &message).await)
}

/// The realm's own provider: the first that is active.
async fn own_provider(state: &State, realm: &str) -> Result<Option<Smtp>, Error> {
    let Some(row) = state.store.find_sender(realm.to_owned()).await? else {
        return Ok(None);
    };
    let login = match (&row.smtp_user, &row.password_sealed) {
        (Some(user), Some(sealed)) => {
            let table = "event_smtp_providers";
            Some((user.clone(), state.unseal(SMTP_PASSWORD, (table, &row.id), sealed)?))
        }
        (Some(user), None) => Some((user.clone(), Secret::default())),
        (None, _) => None,
    };
    Ok(Some(Smtp {
        host: row.smtp_host,
        port: u16::try_from(row.smtp_port).unwrap_or(0),
        login,
        from: (row.email_from, row.email_from_name),
        tls: Tls::Auto,
    }))
}

/// Asks Auth whom an event concerns; `None` when there is nobody to be told any more.
async fn facts(state: &State, event: EventRow) -> Result<Option<Facts>, Error> {
    let sealed = event.token_sealed.as_deref();
    let token = sealed.and_then(|sealed| state.tokens.open(&event.id, sealed));
    let hook = match &event.hook_id {
        Some(id) => state.store.find_hook(event.realm_id.clone(), id.clone()).await?,
        None if event.user_id.is_none() && event.invitation_id.is_none() => return Ok(None),
        None => None,
    };
    let hook = hook.map(|row| state.opened(&row)).transpose()?;
    let asked = DescribeRecipientRequest {
        realm_id: event.realm_id,
        user_id: event.user_id.unwrap_or_default(),
        invitation_id: event.invitation_id.unwrap_or_default(),
        org_id: event.org_id.unwrap_or_default(),
        token: token.clone(),
    };
    let told = AuthClient::new(state.auth.clone()).describe_recipient(asked).await;
    let told: DescribeRecipientResponse = match told {
        Ok(told) => told.into_inner(),
        Err(status) => match from_status(&status) {
            problem if problem.reason == Reason::NotFound => return Ok(None),
            problem => return Err(problem.into()),
        },
    };
    let email = match &hook {
        None => told.email,
        Some(hook) => match hook
            .settings
            .alert_email
            .clone()
            .or_else(|| state.mail.alerts_to.clone())
        {
            Some(email) => email,
            None => return Ok(None),
        },
    };
    Ok(Some(Facts {
        email,
        hook: hook.and_then(|hook| masked(hook.destination?.expose())),
        name: told.name,
        first_name: told.first_name,
        last_name: told.last_name,
        locale: told.locale,
        realm_locale: told.realm_locale,
        realm_name: told.realm_name,
        org_name: told.org_name,
        inviter_name: told.inviter_name,
        login_url: Some(told.login_url).filter(|url| !url.is_empty()),
        token,
        event_type: event.event_type,
        ip: event.ip,
    }))
}
