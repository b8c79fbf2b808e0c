//! Hooks: what is told of events, and how (contract 5.4).

use std::collections::BTreeMap;

use gantry_kernel::{Checks, Email, Id, Locale, MailingListProviderId, Problem, Secret, Violation};
use serde::{Deserialize, Serialize};
use url::Url;

use super::sent::{Sent, list, locales_only, state};
use super::types;

/// The types of hooks.
const TYPES: [&str; 3] = ["webhook", "email", "mailing_list"];
/// The longest delay: a week, in seconds.
const DELAY_MAX: i64 = 7 * 24 * 60 * 60;
/// The longest address of a webhook.
const URL_MAX: usize = 2048;
/// The longest template, in characters.
const TEMPLATE_MAX: usize = 32 * 1024;
/// What a password in an address is shown as.
const HIDDEN: &str = "***";
/// How a template becomes a mail.
const RENDERERS: [&str; 4] = ["html", "html+text", "markdown", "text"];
/// The types of events that mail can be sent for (contract 5.1, and ours).
const BY_EMAIL: [&str; 15] = [
    "invitation.org.accepted",
    "invitation.org.invited",
    "invitation.preverify.invited",
    "invitation.referral.invited",
    "invitation.request.invited",
    "user.created",
    "user.email.updating",
    "user.email.verified",
    "user.email.verifying",
    "user.login.failed",
    "user.login.requested",
    "user.login.succeeded",
    "user.password.resetting",
    "user.password.updated",
    "user.profile.updated",
];

/// A hook as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) hook_type: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) event_type: Option<Vec<String>>,
    pub(crate) delay: Sent<i64>,
    pub(crate) accumulate: Sent<String>,
    pub(crate) destination: Sent<Secret>,
    pub(crate) email_to: Sent<String>,
    pub(crate) locales: Option<Vec<String>>,
    pub(crate) email_subjects: Sent<String>,
    pub(crate) email_templates: Sent<String>,
    pub(crate) email_renderers: Sent<String>,
    pub(crate) mailing_list_provider_id: Sent<String>,
    pub(crate) list_id: Sent<String>,
    pub(crate) name: Sent<String>,
    pub(crate) description: Sent<String>,
    pub(crate) on_create: Sent<String>,
    pub(crate) visibility: Sent<String>,
    pub(crate) ordered: Sent<bool>,
    pub(crate) alert_email: Sent<String>,
}

/// A hook as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hook {
    pub(crate) hook_type: String,
    pub(crate) state: String,
    pub(crate) event_types: Vec<String>,
    pub(crate) delay: i64,
    pub(crate) destination: Option<Secret>,
    pub(crate) list_provider_id: Option<String>,
    pub(crate) ordered: bool,
    pub(crate) settings: Settings,
}

/// What a hook has beside what the database must know; absent where its type has no such thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) accumulate: Option<String>,
    pub(crate) email_to: Option<String>,
    pub(crate) locales: Vec<String>,
    pub(crate) email_subjects: Option<BTreeMap<String, String>>,
    pub(crate) email_templates: Option<BTreeMap<String, String>>,
    pub(crate) email_renderers: Option<BTreeMap<String, String>>,
    pub(crate) list_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) on_create: Option<String>,
    pub(crate) visibility: Option<String>,
    pub(crate) alert_email: Option<String>,
}

/// A hook that is not there yet: what it has before anything is sent.
pub(crate) fn fresh(input: &Input) -> Hook {
    Hook {
        hook_type: input
            .hook_type
            .clone()
            .flatten()
            .unwrap_or_else(|| "webhook".to_owned()),
        state: "active".to_owned(),
        ..Hook::default()
    }
}

/// Puts what was sent on a hook; what was not sent stays, null is the default again.
pub(crate) fn change(input: Input, old: Hook) -> Result<Hook, Problem> {
    let mut checks = Checks::default();
    let mut hook = old;
    match input.hook_type.as_ref().and_then(Option::as_deref) {
        Some(kind) if !TYPES.contains(&kind) => {
            // Whatever else was sent belongs to no type: there is nothing more to say.
            let mut unknown = Checks::default();
            unknown.word("hook_type", kind, &TYPES);
            unknown.done()?;
        }
        Some(kind) if kind != hook.hook_type => checks.fail("hook_type", "read_only"),
        _ => {}
    }
    foreign(&mut checks, &hook.hook_type, &input);
    if let Some(state) = state(&mut checks, input.state.clone()) {
        hook.state = state;
    }
    if let Some(sent) = input.event_type.clone() {
        hook.event_types = event_types(&mut checks, sent);
    }
    if let Some(sent) = input.delay {
        hook.delay = checks.number("delay", sent.unwrap_or_default(), 0, DELAY_MAX);
    }
    if let Some(sent) = input.accumulate.clone() {
        hook.settings.accumulate = checks.text("accumulate", sent, Checks::SHORT);
    }
    match hook.hook_type.as_str() {
        "email" => email(&mut checks, &mut hook, input),
        "mailing_list" => mailing_list(&mut checks, &mut hook, input),
        _ => webhook(&mut checks, &mut hook, input),
    }
    checks.done()?;
    Ok(hook)
}

/// What only another type of hook has is refused, never lost in silence.
fn foreign(checks: &mut Checks, kind: &str, input: &Input) {
    let filled = |sent: &Sent<String>| sent.as_ref().is_some_and(Option::is_some);
    let fields = [
        ("destination", "webhook", matches!(&input.destination, Some(Some(_)))),
        ("ordered", "webhook", input.ordered == Some(Some(true))),
        ("alert_email", "webhook", filled(&input.alert_email)),
        ("email_to", "email", filled(&input.email_to)),
        (
            "locales",
            "email",
            input.locales.as_ref().is_some_and(|list| !list.is_empty()),
        ),
        ("email_subjects", "email", filled(&input.email_subjects)),
        ("email_templates", "email", filled(&input.email_templates)),
        ("email_renderers", "email", filled(&input.email_renderers)),
        (
            "mailing_list_provider_id",
            "mailing_list",
            filled(&input.mailing_list_provider_id),
        ),
        ("list_id", "mailing_list", filled(&input.list_id)),
        ("name", "mailing_list", filled(&input.name)),
        ("description", "mailing_list", filled(&input.description)),
        ("on_create", "mailing_list", filled(&input.on_create)),
        ("visibility", "mailing_list", filled(&input.visibility)),
    ];
    for (field, owner, filled) in fields {
        if filled && owner != kind {
            checks.add(Violation::new(field, "other_hook_type").with("type", owner));
        }
    }
}

fn event_types(checks: &mut Checks, sent: Vec<String>) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for word in sent.iter().flat_map(|item| item.split(',')).map(str::trim) {
        if word.is_empty() || types.iter().any(|known| known == word) {
            continue;
        }
        if !types::is_known(word) {
            checks.fail("event_type", "unknown");
            return Vec::new();
        }
        types.push(word.to_owned());
    }
    types
}

fn webhook(checks: &mut Checks, hook: &mut Hook, input: Input) {
    if let Some(sent) = input.destination {
        let sent = sent.filter(|secret| !secret.is_empty());
        let shown = hook.destination.as_ref().and_then(|kept| masked(kept.expose()));
        // Who sends back what was shown means what is kept.
        if sent.is_none() || shown.as_deref() != sent.as_ref().map(Secret::expose) {
            hook.destination = sent;
        }
    }
    if let Some(sent) = input.ordered {
        hook.ordered = sent.unwrap_or_default();
    }
    if let Some(sent) = input.alert_email {
        hook.settings.alert_email = address(checks, "alert_email", sent);
    }
    match &hook.destination {
        None => checks.fail("destination", "required"),
        Some(kept) if !is_destination(kept.expose()) => checks.fail("destination", "web_address_format"),
        Some(_) => {}
    }
}

/// Whether a webhook can be sent to an address: of the web, absolute, with a host, and nothing that readers read differently.
fn is_destination(text: &str) -> bool {
    let plain = text.len() <= URL_MAX && !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let web = text.starts_with("https://") || text.starts_with("http://");
    plain && web && Url::parse(text).is_ok_and(|url| url.has_host() && url.fragment().is_none())
}

/// An address as it is shown: a password in it is for the server that it opens alone.
pub(crate) fn masked(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    if url.password().is_none() {
        return Some(text.to_owned());
    }
    url.set_password(Some(HIDDEN)).ok()?;
    Some(url.into())
}

fn email(checks: &mut Checks, hook: &mut Hook, input: Input) {
    match hook.event_types.as_slice() {
        [one] if BY_EMAIL.contains(&one.as_str()) => {}
        [_] => checks.fail("event_type", "not_by_email"),
        _ => checks.fail("event_type", "one_event_type"),
    }
    let settings = &mut hook.settings;
    if let Some(sent) = input.email_to {
        settings.email_to = address(checks, "email_to", sent);
    }
    if let Some(sent) = input.locales {
        settings.locales = locales_only(checks, &sent);
    }
    let line = |text: &str| text.chars().count() <= Checks::SHORT && !text.chars().any(char::is_control);
    let body = |text: &str| text.chars().count() <= TEMPLATE_MAX;
    let renderer = |text: &str| RENDERERS.contains(&text);
    if let Some(sent) = input.email_subjects {
        settings.email_subjects = by_locale(checks, "email_subjects", sent, line);
    }
    if let Some(sent) = input.email_templates {
        settings.email_templates = by_locale(checks, "email_templates", sent, body);
    }
    if let Some(sent) = input.email_renderers {
        settings.email_renderers = by_locale(checks, "email_renderers", sent, renderer);
    }
}

/// An address that mail is sent to.
fn address(checks: &mut Checks, field: &str, sent: Option<String>) -> Option<String> {
    checks
        .text(field, sent, Email::MAX)
        .map(|text| match Email::parse(&text) {
            Some(email) => email.into_string(),
            None => {
                checks.fail(field, "not_an_email");
                text
            }
        })
}

/// A hash of texts, one a language.
fn by_locale(
    checks: &mut Checks,
    field: &str,
    sent: Option<String>,
    good: impl Fn(&str) -> bool,
) -> Option<BTreeMap<String, String>> {
    let map: Option<BTreeMap<String, String>> = match serde_json::from_str(&sent?) {
        Ok(map) => map,
        Err(_another_shape) => {
            checks.fail(field, "locale_hash");
            return None;
        }
    };
    let map = map?;
    let mut known = BTreeMap::new();
    for (tag, text) in map {
        match Locale::exact(&tag) {
            Some(locale) if good(&text) => known.insert(locale.as_str().to_owned(), text),
            _ => {
                checks.fail(field, "locale_hash");
                None
            }
        };
    }
    Some(known)
}

fn mailing_list(checks: &mut Checks, hook: &mut Hook, input: Input) {
    if let Some(sent) = input.mailing_list_provider_id {
        hook.list_provider_id = checks.text("mailing_list_provider_id", sent, Checks::SHORT);
    }
    match &hook.list_provider_id {
        None => checks.fail("mailing_list_provider_id", "required"),
        Some(id) if MailingListProviderId::parse(id).is_err() => checks.fail("mailing_list_provider_id", "not_found"),
        Some(_) => {}
    }
    let settings = &mut hook.settings;
    for (field, sent, place) in [
        ("list_id", input.list_id, &mut settings.list_id),
        ("name", input.name, &mut settings.name),
        ("description", input.description, &mut settings.description),
        ("on_create", input.on_create, &mut settings.on_create),
        ("visibility", input.visibility, &mut settings.visibility),
    ] {
        if let Some(sent) = sent {
            *place = checks.text(field, sent, Checks::LONG);
        }
    }
    if settings.list_id.is_none() {
        checks.fail("list_id", "required");
    }
}

/// Whether a list may be kept by a provider: one that names its lists keeps no others.
pub(crate) fn check_list(hook: &Hook, valid: &[String]) -> Result<(), Problem> {
    let known = hook
        .settings
        .list_id
        .as_ref()
        .is_none_or(|id| valid.is_empty() || list(valid, id));
    if known {
        return Ok(());
    }
    Err(Problem::field("list_id", "not_found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn to(address: &str) -> Input {
        Input {
            destination: Some(Some(Secret::new(address))),
            ..Input::default()
        }
    }

    fn keys(result: Result<Hook, Problem>) -> Vec<String> {
        let wrong = result.err().map(|problem| problem.violations).unwrap_or_default();
        wrong.into_iter().map(|v| format!("{}:{}", v.field, v.key)).collect()
    }

    fn make(input: Input) -> Result<Hook, Problem> {
        let old = fresh(&input);
        change(input, old)
    }

    #[test]
    fn a_webhook_goes_to_an_address_of_the_web() {
        for good in [
            "https://a.example/x?y=1",
            "http://127.0.0.1:8080",
            "https://u:p@a.example/",
        ] {
            assert_eq!(keys(make(to(good))), [""; 0], "{good}");
        }
        for bad in [
            "ftp://a",
            "https://",
            "a.example",
            "https://a/#x",
            "https://a\\b",
            "https://a b",
            "javascript:1",
        ] {
            assert_eq!(keys(make(to(bad))), ["destination:web_address_format"], "{bad}");
        }
        assert_eq!(keys(make(Input::default())), ["destination:required"]);
    }

    #[test]
    fn t_33_a_password_is_hidden_and_survives_being_sent_back() {
        let hook = make(to("https://user:s3cret@a.example/x")).unwrap();
        let shown = masked(hook.destination.as_ref().unwrap().expose()).unwrap();
        assert_eq!(shown, "https://user:***@a.example/x");
        let kept = change(to(&shown), hook.clone()).unwrap();
        assert_eq!(kept.destination.unwrap().expose(), "https://user:s3cret@a.example/x");
        let moved = change(to("https://user:***@b.example/x"), hook).unwrap();
        assert_eq!(moved.destination.unwrap().expose(), "https://user:***@b.example/x");
    }

    #[test]
    fn mail_is_for_one_type_that_concerns_somebody() {
        let mail = |types: &[&str]| Input {
            hook_type: text("email"),
            event_type: Some(types.iter().map(ToString::to_string).collect()),
            ..Input::default()
        };
        assert_eq!(keys(make(mail(&["user.created"]))), [""; 0]);
        assert_eq!(keys(make(mail(&[]))), ["event_type:one_event_type"]);
        assert_eq!(
            keys(make(mail(&["user.created", "user.login.failed"]))),
            ["event_type:one_event_type"]
        );
        assert_eq!(keys(make(mail(&["org.created"]))), ["event_type:not_by_email"]);
        let bad = Input {
            email_subjects: text(r#"{"en": "a\r\nBcc: x"}"#),
            email_templates: text(r#"{"xx": "Hello"}"#),
            email_renderers: text(r#"["markdown"]"#),
            locales: Some(vec!["tlh".to_owned()]),
            ..mail(&["user.created"])
        };
        assert_eq!(keys(make(bad)).len(), 4);
    }

    #[test]
    fn what_another_type_has_is_refused() {
        let wrong = Input {
            email_to: text("a@b.example"),
            list_id: text("1"),
            ..to("https://a.example")
        };
        assert_eq!(
            keys(make(wrong)),
            ["email_to:other_hook_type", "list_id:other_hook_type"]
        );
    }
}
