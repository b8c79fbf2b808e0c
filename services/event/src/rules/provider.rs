//! Providers: who sends a realm's mail, who keeps its mailing lists, and who is on one (contract 3.13).

use gantry_kernel::{Checks, Email, HookId, Id, Problem, Secret, UserId, Violation};
use url::Url;

use super::sent::{Sent, is_host, state};

/// Lists that a provider may name.
const LISTS: usize = 1000;
/// The port for mail that is handed in (RFC 6409).
const SUBMISSION: i64 = 587;
/// The longest password or key.
const SECRET_MAX: usize = 1024;

/// An SMTP provider as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SmtpInput {
    pub(crate) provider_name: Sent<String>,
    pub(crate) provider_type: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) email_from: Sent<String>,
    pub(crate) email_from_name: Sent<String>,
    pub(crate) smtp_host: Sent<String>,
    pub(crate) smtp_port: Sent<i64>,
    pub(crate) smtp_user: Sent<String>,
    pub(crate) smtp_password: Sent<Secret>,
}

/// An SMTP provider as it is, but its password.
#[derive(Debug, Clone, Default)]
pub(crate) struct Smtp {
    pub(crate) provider_name: String,
    pub(crate) provider_type: String,
    pub(crate) state: String,
    pub(crate) email_from: String,
    pub(crate) email_from_name: Option<String>,
    pub(crate) smtp_host: String,
    pub(crate) smtp_port: i64,
    pub(crate) smtp_user: Option<String>,
}

/// One that is not there yet.
pub(crate) fn fresh_smtp() -> Smtp {
    Smtp {
        provider_type: "smtp".to_owned(),
        state: "active".to_owned(),
        smtp_port: SUBMISSION,
        ..Smtp::default()
    }
}

/// Puts what was sent on an SMTP provider; what was not sent stays, null is the default again.
pub(crate) fn change_smtp(input: SmtpInput, old: Smtp) -> Result<Smtp, Problem> {
    let mut checks = Checks::default();
    let mut now = old;
    if let Some(sent) = input.provider_name {
        now.provider_name = checks.text("provider_name", sent, Checks::SHORT).unwrap_or_default();
    }
    if let Some(sent) = input.provider_type {
        now.provider_type = checks.word("provider_type", sent.as_deref().unwrap_or("smtp"), &["smtp"]);
    }
    if let Some(state) = state(&mut checks, input.state) {
        now.state = state;
    }
    if let Some(sent) = input.email_from {
        now.email_from = checks.text("email_from", sent, Email::MAX).unwrap_or_default();
    }
    if let Some(sent) = input.email_from_name {
        now.email_from_name = checks.text("email_from_name", sent, Checks::SHORT);
    }
    if let Some(sent) = input.smtp_host {
        now.smtp_host = checks.text("smtp_host", sent, Checks::SHORT).unwrap_or_default();
    }
    if let Some(sent) = input.smtp_port {
        now.smtp_port = checks.number("smtp_port", sent.unwrap_or(SUBMISSION), 1, 65_535);
    }
    if let Some(sent) = input.smtp_user {
        now.smtp_user = checks.text("smtp_user", sent, Checks::SHORT);
    }
    secret(&mut checks, "smtp_password", &input.smtp_password);
    for (field, text) in [
        ("provider_name", &now.provider_name),
        ("email_from", &now.email_from),
        ("smtp_host", &now.smtp_host),
    ] {
        if text.is_empty() {
            checks.fail(field, "required");
        }
    }
    if !now.email_from.is_empty() && Email::parse(&now.email_from).is_none() {
        checks.fail("email_from", "not_an_email");
    }
    if !now.smtp_host.is_empty() && !is_host(&now.smtp_host) {
        checks.fail("smtp_host", "domain_format");
    }
    checks.done()?;
    Ok(now)
}

/// A mailing-list provider as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListsInput {
    pub(crate) provider_name: Sent<String>,
    pub(crate) provider_type: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) api_endpoint: Sent<String>,
    pub(crate) provider_account: Sent<String>,
    pub(crate) valid_list_ids: Option<Vec<String>>,
    pub(crate) api_key: Sent<Secret>,
}

/// A mailing-list provider as it is, but its key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    pub(crate) provider_name: String,
    pub(crate) provider_type: String,
    pub(crate) state: String,
    pub(crate) api_endpoint: Option<String>,
    pub(crate) provider_account: Option<String>,
    pub(crate) valid_list_ids: Vec<String>,
}

/// One that is not there yet.
pub(crate) fn fresh_lists() -> Lists {
    Lists {
        state: "active".to_owned(),
        ..Lists::default()
    }
}

/// Puts what was sent on a mailing-list provider; what was not sent stays, null is the default again.
pub(crate) fn change_lists(input: ListsInput, old: Lists) -> Result<Lists, Problem> {
    let mut checks = Checks::default();
    let mut now = old;
    if let Some(sent) = input.provider_name {
        now.provider_name = checks.text("provider_name", sent, Checks::SHORT).unwrap_or_default();
    }
    if let Some(sent) = input.provider_type {
        now.provider_type = checks.text("provider_type", sent, Checks::SHORT).unwrap_or_default();
    }
    if let Some(state) = state(&mut checks, input.state) {
        now.state = state;
    }
    if let Some(sent) = input.api_endpoint {
        now.api_endpoint = checks.text("api_endpoint", sent, Checks::LONG);
        if now.api_endpoint.as_deref().is_some_and(|text| !is_endpoint(text)) {
            checks.fail("api_endpoint", "web_address_format");
        }
    }
    if let Some(sent) = input.provider_account {
        now.provider_account = checks.text("provider_account", sent, Checks::SHORT);
    }
    if let Some(sent) = input.valid_list_ids {
        if sent.len() > LISTS {
            checks.add(Violation::new("valid_list_ids", "too_many_items").with("max", LISTS));
        }
        let texts = sent
            .into_iter()
            .filter_map(|id| checks.text("valid_list_ids", Some(id), Checks::SHORT));
        now.valid_list_ids = texts.collect();
    }
    secret(&mut checks, "api_key", &input.api_key);
    for (field, text) in [
        ("provider_name", &now.provider_name),
        ("provider_type", &now.provider_type),
    ] {
        if text.is_empty() {
            checks.fail(field, "required");
        }
    }
    checks.done()?;
    Ok(now)
}

/// An address of the web, without a user: the key stands beside it.
fn is_endpoint(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    let bare = |url: Url| url.has_host() && url.username().is_empty() && url.password().is_none();
    web && !text.contains(['\\', ' ']) && Url::parse(text).is_ok_and(bare)
}

fn secret(checks: &mut Checks, field: &str, sent: &Sent<Secret>) {
    let Some(Some(secret)) = sent else { return };
    let text = secret.expose();
    if text.len() > SECRET_MAX {
        checks.add(Violation::new(field, "too_long").with("max", SECRET_MAX));
    } else if text.chars().any(char::is_control) {
        checks.fail(field, "invalid_characters");
    }
}

/// A subscription as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SubscriptionInput {
    pub(crate) hook_id: Sent<String>,
    pub(crate) user_id: Sent<String>,
    pub(crate) list_state: Sent<String>,
}

/// Who is on which list, and whether.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) hook_id: String,
    pub(crate) user_id: String,
    pub(crate) list_state: String,
}

const LIST_STATES: &[&str] = &["subscribed", "unsubscribed", "pending"];

/// Reads a new subscription as a caller sent it.
pub(crate) fn new_subscription(input: SubscriptionInput) -> Result<Subscription, Problem> {
    let mut checks = Checks::default();
    let hook_id = checks.required("hook_id", input.hook_id.flatten(), Checks::SHORT);
    if !hook_id.is_empty() && HookId::parse(&hook_id).is_err() {
        checks.fail("hook_id", "not_found");
    }
    let user_id = checks.required("user_id", input.user_id.flatten(), Checks::SHORT);
    if !user_id.is_empty() && UserId::parse(&user_id).is_err() {
        checks.fail("user_id", "not_found");
    }
    let list_state = input.list_state.flatten();
    let list_state = checks.word("list_state", list_state.as_deref().unwrap_or("subscribed"), LIST_STATES);
    checks.done()?;
    Ok(Subscription {
        hook_id,
        user_id,
        list_state,
    })
}

/// Puts what was sent on a subscription: its state; whose it is and of what stays.
pub(crate) fn change_subscription(input: SubscriptionInput, old: Subscription) -> Result<Subscription, Problem> {
    let mut checks = Checks::default();
    for (field, sent, kept) in [
        ("hook_id", input.hook_id.flatten(), &old.hook_id),
        ("user_id", input.user_id.flatten(), &old.user_id),
    ] {
        if sent.is_some_and(|id| id != *kept) {
            checks.fail(field, "read_only");
        }
    }
    let list_state = match input.list_state {
        None => old.list_state.clone(),
        Some(sent) => checks.word("list_state", sent.as_deref().unwrap_or("subscribed"), LIST_STATES),
    };
    checks.done()?;
    Ok(Subscription { list_state, ..old })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn keys<T>(result: Result<T, Problem>) -> Vec<String> {
        let wrong = result.err().map(|problem| problem.violations).unwrap_or_default();
        wrong.into_iter().map(|v| format!("{}:{}", v.field, v.key)).collect()
    }

    #[test]
    fn an_smtp_provider_needs_a_name_a_sender_and_a_host() {
        let least = SmtpInput {
            provider_name: text("Mail"),
            email_from: text("no-reply@a.example"),
            smtp_host: text("mail.a.example"),
            ..SmtpInput::default()
        };
        let made = change_smtp(least.clone(), fresh_smtp()).unwrap();
        assert_eq!((made.smtp_port, made.provider_type.as_str()), (587, "smtp"));
        assert_eq!(keys(change_smtp(SmtpInput::default(), fresh_smtp())).len(), 3);
        let wrong = SmtpInput {
            email_from: text("nobody"),
            email_from_name: text("A\r\nBcc: b@c.example"),
            smtp_host: text("mail.a.example/x"),
            smtp_port: Some(Some(0)),
            smtp_password: Some(Some(Secret::new("a\r\nQUIT"))),
            ..least
        };
        assert_eq!(keys(change_smtp(wrong, fresh_smtp())).len(), 5);
    }

    #[test]
    fn a_list_provider_has_a_name_and_a_type() {
        let least = ListsInput {
            provider_name: text("News"),
            provider_type: text("mailchimp"),
            ..ListsInput::default()
        };
        assert!(change_lists(least.clone(), fresh_lists()).is_ok());
        assert_eq!(keys(change_lists(ListsInput::default(), fresh_lists())).len(), 2);
        let wrong = ListsInput {
            api_endpoint: text("https://user:key@api.example/"),
            ..least
        };
        assert_eq!(
            keys(change_lists(wrong, fresh_lists())),
            ["api_endpoint:web_address_format"]
        );
    }

    #[test]
    fn whose_a_subscription_is_stays() {
        let old = Subscription {
            hook_id: "hk_1".to_owned(),
            user_id: "usr_1".to_owned(),
            list_state: "pending".to_owned(),
        };
        let same = SubscriptionInput {
            hook_id: text("hk_1"),
            list_state: text("unsubscribed"),
            ..SubscriptionInput::default()
        };
        assert_eq!(
            change_subscription(same, old.clone()).unwrap().list_state,
            "unsubscribed"
        );
        let other = SubscriptionInput {
            user_id: text("usr_2"),
            list_state: text("gone"),
            ..SubscriptionInput::default()
        };
        assert_eq!(
            keys(change_subscription(other, old)),
            ["user_id:read_only", "list_state:unknown_value"]
        );
    }
}
