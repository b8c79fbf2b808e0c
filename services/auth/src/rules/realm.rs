//! Realms: settings, their defaults and their limits (contract 3.1).

use gantry_db::JsonText;
use gantry_kernel::{Problem, RealmId, Violation};
use gantry_proto::auth::v2::RealmInput;
use serde_json::Value;

use super::check::{Checks, LONG, Present, SHORT};
use crate::store::{ProviderRow, RealmPatch, RealmRow};

/// The languages that Gantry speaks.
pub(crate) const LOCALES: [&str; 3] = ["en", "es", "ja"];
/// The scopes that `jwt_scopes` may name (contract 4).
const SCOPES: [&str; 6] = ["openid", "profile", "email", "ar.orgs", "ar.custom", "ar.reference"];
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

/// A new realm with its defaults.
pub(crate) fn fresh(id: &RealmId, now: i64) -> RealmRow {
    RealmRow {
        id: id.as_str().to_owned(),
        name: String::new(),
        public_name: None,
        environment: None,
        state: "active".to_owned(),
        custom: JsonText(Value::Object(serde_json::Map::new())),
        default_locale: "en".to_owned(),
        available_locales: JsonText::strings(&LOCALES),
        email_verification: "none".to_owned(),
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

/// The two auth providers of a fresh realm (contract 3.8).
pub(crate) fn providers(realm: &RealmId, ids: [String; 2], now: i64) -> Vec<ProviderRow> {
    let [password, totp] = ids;
    let provider = |id, provider_type: &str, state: &str, min_length| ProviderRow {
        id,
        realm_id: realm.as_str().to_owned(),
        provider_type: provider_type.to_owned(),
        state: state.to_owned(),
        min_length,
        created_at: now,
    };
    vec![
        provider(password, "password", "active", Some(8)),
        provider(totp, "totp", "inactive", None),
    ]
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
pub(crate) fn patch(input: RealmInput, is_new: bool, look: &JsonText, now: i64) -> Result<RealmPatch, Problem> {
    let mut checks = Checks::default();
    let present = input.present.clone();
    let present = Present(&present);
    let default = fresh(&gantry_kernel::Id::from_bits(0), now);
    let mut patch = RealmPatch {
        updated_at: now,
        ..RealmPatch::default()
    };

    macro_rules! words {
        ($($field:ident: $allowed:expr),* $(,)?) => { $(
            if present.has(stringify!($field), input.$field.is_some()) {
                let value = input.$field.unwrap_or(default.$field);
                patch.$field = Some(checks.word(stringify!($field), &value, $allowed));
            }
        )* };
    }
    macro_rules! texts {
        ($($field:ident),*) => { $(
            if present.has(stringify!($field), input.$field.is_some()) {
                patch.$field = Some(checks.text(stringify!($field), input.$field, SHORT));
            }
        )* };
    }
    if is_new || present.has("name", input.name.is_some()) {
        patch.name = Some(checks.required("name", input.name, SHORT));
    }
    texts!(public_name, environment);
    words! {
        state: STATES,
        default_locale: &LOCALES,
        email_verification: &["none", "requested", "required", "preverify"],
        org_mode: &["single_user", "multi_user"],
        signup: &["open", "invitation", "closed"],
        name_field: FIELD,
        org_name_field: FIELD,
        username_field: FIELD,
        password_field: &["single", "confirm"],
        jwt_algo: &["rs256", "hs256"],
    }
    if present.has("custom", input.custom.is_some()) {
        patch.custom = Some(checks.custom("custom", input.custom));
    }
    if present.has("available_locales", !input.available_locales.is_empty()) {
        patch.available_locales = Some(locales(&mut checks, &input.available_locales));
    }
    if present.has("allowed_origins", !input.allowed_origins.is_empty()) {
        patch.allowed_origins = Some(origins(&mut checks, &input.allowed_origins));
    }
    if present.has("lr_features", !input.lr_features.is_empty()) {
        patch.lr_features = Some(short_list(&mut checks, "lr_features", &input.lr_features));
    }
    if present.has("jwt_scopes", input.jwt_scopes.is_some()) {
        patch.jwt_scopes = Some(scopes(&mut checks, &input.jwt_scopes.unwrap_or(default.jwt_scopes)));
    }
    if present.has("session_minutes", input.session_minutes.is_some()) {
        let minutes = input.session_minutes.unwrap_or(default.session_minutes);
        patch.session_minutes = Some(checks.number("session_minutes", minutes, 1, LONGEST));
    }
    if present.has("access_token_minutes", input.access_token_minutes.is_some()) {
        let minutes = input.access_token_minutes.unwrap_or(default.access_token_minutes);
        patch.access_token_minutes = Some(checks.number("access_token_minutes", minutes, 1, LONGEST));
    }
    if present.has("jwt_minutes", input.jwt_minutes.is_some()) {
        patch.jwt_minutes = Some(
            input
                .jwt_minutes
                .map(|minutes| checks.number("jwt_minutes", minutes, 1, LONGEST)),
        );
    }
    let parts = [
        input.branding,
        input.color_1,
        input.logo,
        input.logo_icon,
        input.privacy_policy,
        input.stylesheet,
        input.terms_of_service,
    ];
    patch.look = looks(&mut checks, &present, look, parts);
    checks.done()?;
    Ok(patch)
}

fn locales(checks: &mut Checks, asked: &[String]) -> JsonText {
    if asked.iter().any(|locale| !LOCALES.contains(&locale.as_str())) {
        checks.add(Violation::new("available_locales", "unknown_value").with("allowed", LOCALES.join(", ")));
    }
    if asked.is_empty() {
        JsonText::strings(&LOCALES)
    } else {
        JsonText::strings(asked)
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

fn looks(checks: &mut Checks, present: &Present<'_>, now: &JsonText, parts: [Option<String>; 7]) -> Option<JsonText> {
    let mut look = now.0.as_object().cloned().unwrap_or_default();
    let mut changed = false;
    for (name, value) in LOOK.into_iter().zip(parts) {
        if present.has(name, value.is_some()) {
            changed = true;
            match checks.text(name, value, LONG) {
                Some(text) => look.insert(name.to_owned(), Value::from(text)),
                None => look.remove(name),
            };
        }
    }
    changed.then_some(JsonText(Value::Object(look)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_patch(input: RealmInput) -> Result<RealmPatch, Vec<String>> {
        let look = JsonText(Value::Null);
        patch(input, false, &look, 1).map_err(|p| p.violations.into_iter().map(|v| v.field).collect())
    }

    #[test]
    fn null_is_the_default_again_and_absent_changes_nothing() {
        let input = RealmInput {
            present: vec!["signup".to_owned(), "public_name".to_owned()],
            ..RealmInput::default()
        };
        let patch = try_patch(input).unwrap();
        assert_eq!(patch.signup.as_deref(), Some("open"));
        assert_eq!(patch.public_name, Some(None));
        assert_eq!(patch.org_mode, None);
    }

    #[test]
    fn every_setting_is_checked() {
        let bad = RealmInput {
            name: Some(" ".to_owned()),
            state: Some("asleep".to_owned()),
            jwt_algo: Some("none".to_owned()),
            session_minutes: Some(0),
            allowed_origins: vec!["https://ok.example".to_owned(), "*".to_owned()],
            jwt_scopes: Some("openid admin".to_owned()),
            ..RealmInput::default()
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
}
