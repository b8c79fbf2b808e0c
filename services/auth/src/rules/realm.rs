//! Realms: settings, their defaults and their limits (contract 3.1).

use gantry_db::JsonText;
use gantry_kernel::{Id, Locale, Problem, RealmId, Violation};
use serde_json::Value;

use super::check::{Checks, LONG, SHORT, custom};
use super::email_login;
use crate::store::{RealmPatch, RealmRow};

/// The scopes that `jwt_scopes` may name (contract 4).
pub(crate) const SCOPES: [&str; 6] = ["openid", "profile", "email", "ar.orgs", "ar.custom", "ar.reference"];
/// Settings about looks and links, kept together.
pub(crate) const LOOK: [&str; 7] = [
    "branding",
    "color_1",
    "logo",
    "logo_icon",
    "privacy_policy",
    "stylesheet",
    "terms_of_service",
];
/// The most origins a realm allows.
const ORIGINS: usize = 100;
/// The longest lifetime in minutes: ten years.
const LONGEST: i64 = 10 * 366 * 24 * 60;

const STATES: &[&str] = &["active", "inactive"];
const FIELD: &[&str] = &["required", "optional", "hidden"];

/// What a caller sent for a field: nothing, null (the default again), or a value.
pub(crate) type Sent<T> = Option<Option<T>>;

/// A realm's settings as a caller sent them; a list that was sent empty is the default again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) name: Sent<String>,
    pub(crate) public_name: Sent<String>,
    pub(crate) environment: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) custom: Sent<String>,
    pub(crate) available_locales: Option<Vec<String>>,
    pub(crate) default_locale: Sent<String>,
    pub(crate) email_verification: Sent<String>,
    pub(crate) email_login: Sent<String>,
    pub(crate) org_mode: Sent<String>,
    pub(crate) signup: Sent<String>,
    pub(crate) name_field: Sent<String>,
    pub(crate) org_name_field: Sent<String>,
    pub(crate) password_field: Sent<String>,
    pub(crate) username_field: Sent<String>,
    pub(crate) allowed_origins: Option<Vec<String>>,
    pub(crate) lr_features: Option<Vec<String>>,
    /// The parts of the look, in the order of [`LOOK`].
    pub(crate) look: [Sent<String>; LOOK.len()],
    pub(crate) access_token_minutes: Sent<i64>,
    pub(crate) jwt_algo: Sent<String>,
    pub(crate) jwt_minutes: Sent<i64>,
    pub(crate) jwt_scopes: Sent<String>,
    pub(crate) session_minutes: Sent<i64>,
}

/// A new realm with its defaults.
pub(crate) fn fresh(id: &RealmId, now: i64) -> RealmRow {
    RealmRow {
        id: id.as_str().to_owned(),
        name: String::new(),
        public_name: None,
        environment: None,
        state: "active".to_owned(),
        custom: JsonText(Value::Object(serde_json::Map::new())),
        default_locale: Locale::En.as_str().to_owned(),
        available_locales: JsonText::strings::<&str>(&[]),
        email_verification: "none".to_owned(),
        email_login: "off".to_owned(),
        org_mode: "single_user".to_owned(),
        signup: "open".to_owned(),
        name_field: "optional".to_owned(),
        org_name_field: "hidden".to_owned(),
        password_field: "single".to_owned(),
        username_field: "hidden".to_owned(),
        allowed_origins: JsonText(Value::Array(Vec::new())),
        lr_features: JsonText(Value::Array(Vec::new())),
        look: JsonText(Value::Object(serde_json::Map::new())),
        access_token_minutes: 60,
        jwt_algo: "rs256".to_owned(),
        jwt_minutes: None,
        jwt_scopes: "openid profile email".to_owned(),
        session_minutes: 1440,
        created_at: now,
        updated_at: now,
    }
}

/// Puts a patch on a realm that is not stored yet.
pub(crate) fn apply(realm: &mut RealmRow, patch: RealmPatch) {
    macro_rules! put {
        ($($field:ident),*) => { $( if let Some(value) = patch.$field { realm.$field = value; } )* };
    }
    put!(
        name,
        public_name,
        environment,
        state,
        custom,
        default_locale,
        available_locales,
        email_verification,
        email_login,
        org_mode
    );
    put!(
        signup,
        name_field,
        org_name_field,
        password_field,
        username_field,
        allowed_origins,
        lr_features,
        look
    );
    put!(access_token_minutes, jwt_algo, jwt_minutes, jwt_scopes, session_minutes);
}

/// Reads a realm's settings as a caller sent them; what it did not send stays as it is, null is the default again.
///
/// `look` is the look as it is now, since its parts change one by one.
pub(crate) fn patch(input: Settings, is_new: bool, look: &JsonText, now: i64) -> Result<RealmPatch, Problem> {
    let mut checks = Checks::default();
    let default = fresh(&RealmId::from_bits(0), now);
    let mut patch = RealmPatch {
        updated_at: now,
        ..RealmPatch::default()
    };

    macro_rules! words {
        ($($field:ident: $allowed:expr),* $(,)?) => { $(
            patch.$field = input.$field.map(|sent| {
                checks.word(stringify!($field), &sent.unwrap_or(default.$field), $allowed)
            });
        )* };
    }
    macro_rules! texts {
        ($($field:ident),*) => { $(
            patch.$field = input.$field.map(|sent| checks.text(stringify!($field), sent, SHORT));
        )* };
    }
    macro_rules! minutes {
        ($($field:ident),*) => { $(
            patch.$field = input.$field.map(|sent| {
                checks.number(stringify!($field), sent.unwrap_or(default.$field), 1, LONGEST)
            });
        )* };
    }
    if is_new || input.name.is_some() {
        patch.name = Some(checks.required("name", input.name.flatten(), SHORT));
    }
    texts!(public_name, environment);
    words! {
        state: STATES,
        email_verification: &["none", "requested", "required", "preverify"],
        email_login: email_login::WORDS,
        org_mode: &["single_user", "multi_user"],
        signup: &["open", "invitation", "closed"],
        name_field: FIELD,
        org_name_field: FIELD,
        username_field: FIELD,
        password_field: &["single", "confirm"],
        jwt_algo: &["rs256", "hs256"],
    }
    patch.custom = input.custom.map(|sent| custom(&mut checks, "custom", sent));
    let sent = input.default_locale.map(|sent| sent.unwrap_or(default.default_locale));
    patch.default_locale = sent.map(|sent| checks.locale("default_locale", &sent));
    patch.available_locales = input.available_locales.map(|sent| locales(&mut checks, &sent));
    patch.allowed_origins = input.allowed_origins.map(|sent| origins(&mut checks, &sent));
    patch.lr_features = input
        .lr_features
        .map(|sent| short_list(&mut checks, "lr_features", &sent));
    let sent = input.jwt_scopes.map(|sent| sent.unwrap_or(default.jwt_scopes));
    patch.jwt_scopes = sent.map(|sent| scopes(&mut checks, &sent));
    minutes!(session_minutes, access_token_minutes);
    let own = |minutes| checks.number("jwt_minutes", minutes, 1, LONGEST);
    patch.jwt_minutes = input.jwt_minutes.map(|sent| sent.map(own));
    patch.look = looks(&mut checks, look, input.look);
    checks.done()?;
    Ok(patch)
}

/// The languages that a realm offers, each once. None stands for all there are, those to come included.
fn locales(checks: &mut Checks, asked: &[String]) -> JsonText {
    let mut offered = Vec::new();
    for tag in asked {
        let tag = checks.locale("available_locales", tag);
        if !offered.contains(&tag) && offered.len() < Locale::ALL.len() {
            offered.push(tag);
        }
    }
    JsonText::strings(&offered)
}

/// The languages that a realm offers, none being all.
pub(crate) fn offered(stored: &JsonText) -> Vec<String> {
    let stored = stored.to_strings();
    if stored.is_empty() {
        Locale::ALL.iter().map(|locale| locale.as_str().to_owned()).collect()
    } else {
        stored
    }
}

fn origins(checks: &mut Checks, asked: &[String]) -> JsonText {
    if asked.len() > ORIGINS {
        checks.add(Violation::new("allowed_origins", "too_many_items").with("max", ORIGINS));
    }
    let good: Vec<_> = asked
        .iter()
        .filter_map(|origin| gantry_kernel::normalize_origin(origin))
        .collect();
    if good.len() < asked.len() {
        checks.fail("allowed_origins", "origin_format");
    }
    JsonText::strings(&good)
}

fn short_list(checks: &mut Checks, field: &str, asked: &[String]) -> JsonText {
    if asked.len() > ORIGINS {
        checks.add(Violation::new(field, "too_many_items").with("max", ORIGINS));
    }
    let good: Vec<_> = asked
        .iter()
        .filter_map(|item| checks.text(field, Some(item.clone()), SHORT))
        .collect();
    JsonText::strings(&good)
}

fn scopes(checks: &mut Checks, asked: &str) -> String {
    let words: Vec<_> = asked.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !SCOPES.contains(word)) {
        checks.add(Violation::new("jwt_scopes", "unknown_value").with("allowed", SCOPES.join(", ")));
    }
    words.join(" ")
}

fn looks(checks: &mut Checks, now: &JsonText, parts: [Sent<String>; LOOK.len()]) -> Option<JsonText> {
    let mut look = now.0.as_object().cloned().unwrap_or_default();
    let mut changed = false;
    for (name, part) in LOOK.into_iter().zip(parts) {
        let Some(sent) = part else { continue };
        changed = true;
        match checks.text(name, sent, LONG) {
            Some(text) => look.insert(name.to_owned(), Value::from(text)),
            None => look.remove(name),
        };
    }
    changed.then_some(JsonText(Value::Object(look)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn try_patch(input: Settings) -> Result<RealmPatch, Vec<String>> {
        let look = JsonText(serde_json::json!({"logo": "https://a.example/l.png", "color_1": "#fff"}));
        patch(input, false, &look, 1).map_err(|p| p.violations.into_iter().map(|v| v.field).collect())
    }

    #[test]
    fn null_is_the_default_again_and_absent_changes_nothing() {
        let input = Settings {
            signup: Some(None),
            public_name: Some(None),
            jwt_minutes: Some(None),
            jwt_scopes: Some(None),
            session_minutes: Some(None),
            available_locales: Some(Vec::new()),
            ..Settings::default()
        };
        let patch = try_patch(input).unwrap();
        let default = fresh(&RealmId::from_bits(0), 1);
        assert_eq!(patch.signup.as_deref(), Some("open"));
        assert_eq!(patch.public_name, Some(None));
        assert_eq!(patch.jwt_minutes, Some(None));
        assert_eq!(patch.jwt_scopes, Some(default.jwt_scopes));
        assert_eq!(patch.session_minutes, Some(default.session_minutes));
        assert_eq!(patch.available_locales, Some(default.available_locales));
        assert_eq!(patch.org_mode, None);
        assert_eq!(patch.allowed_origins, None);
        assert_eq!(patch.look, None);
    }

    #[test]
    fn languages_are_kept_as_they_are_shown_each_once() {
        let tags = |tags: &[&str]| Some(tags.iter().map(ToString::to_string).collect());
        let input = Settings {
            default_locale: sent("ZH-hant"),
            available_locales: tags(&["pt-br", "zh-Hant", "PT-BR"]),
            ..Settings::default()
        };
        let patch = try_patch(input).unwrap();
        assert_eq!(patch.default_locale.as_deref(), Some("zh-Hant"));
        let kept = patch.available_locales.unwrap();
        assert_eq!(offered(&kept), ["pt-BR", "zh-Hant"]);
        let all = offered(&fresh(&RealmId::from_bits(0), 1).available_locales);
        assert_eq!(all.len(), Locale::ALL.len());
        let bad = Settings {
            default_locale: sent("zh-TW"),
            available_locales: tags(&["en", "tlh"]),
            ..Settings::default()
        };
        assert_eq!(try_patch(bad).unwrap_err(), ["default_locale", "available_locales"]);
    }

    #[test]
    fn every_setting_is_checked() {
        let bad = Settings {
            name: sent(" "),
            state: sent("asleep"),
            jwt_algo: sent("none"),
            session_minutes: Some(Some(0)),
            allowed_origins: Some(vec!["https://ok.example".to_owned(), "*".to_owned()]),
            jwt_scopes: sent("openid admin"),
            ..Settings::default()
        };
        let fields = try_patch(bad).unwrap_err();
        assert_eq!(
            fields,
            [
                "name",
                "state",
                "jwt_algo",
                "allowed_origins",
                "jwt_scopes",
                "session_minutes"
            ]
        );
    }

    #[test]
    fn a_name_is_needed_at_first_and_may_be_left_alone_later() {
        let look = JsonText(Value::Null);
        assert!(patch(Settings::default(), true, &look, 1).is_err());
        assert_eq!(patch(Settings::default(), false, &look, 1).unwrap().name, None);
    }

    #[test]
    fn the_parts_of_the_look_change_one_by_one() {
        let mut input = Settings::default();
        input.look[1] = Some(None);
        input.look[6] = sent("https://a.example/terms");
        let look = try_patch(input).unwrap().look.unwrap();
        let kept =
            serde_json::json!({"logo": "https://a.example/l.png", "terms_of_service": "https://a.example/terms"});
        assert_eq!(look.0, kept);
    }

    #[test]
    fn a_patch_lands_on_a_realm_as_it_is() {
        let mut realm = fresh(&RealmId::from_bits(1), 1);
        let before = realm.clone();
        apply(&mut realm, RealmPatch::default());
        assert_eq!(realm, before);
        let input = Settings {
            name: sent("Acme"),
            jwt_minutes: Some(Some(5)),
            ..Settings::default()
        };
        apply(&mut realm, try_patch(input).unwrap());
        assert_eq!((realm.name.as_str(), realm.jwt_minutes), ("Acme", Some(5)));
        assert_eq!(realm.org_mode, before.org_mode);
    }
}
