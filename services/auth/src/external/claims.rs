//! Whom an external provider names, read from an id token or a profile.

use serde_json::Value;

use super::endpoints::setting;
use crate::store::ProviderRow;

/// The longest text that is taken from a provider, in characters; a longer name is cut, a longer id is none.
const LONGEST: usize = 255;

/// Whom a provider names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    /// The provider's own id of the user.
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    /// Whether the provider says that it has checked the address.
    pub(crate) email_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

/// Names of a profile's fields.
struct Names<'a> {
    id: &'a [&'a str],
    email: &'a str,
    email_verified: &'a str,
    first_name: &'a [&'a str],
    last_name: &'a [&'a str],
    name: &'a str,
}

/// Reads an id token's claims or an OpenID Connect profile; the names are fixed by the standard.
pub(crate) fn of_oidc(claims: &Value) -> Option<Claims> {
    read(
        claims,
        &Names {
            id: &["sub"],
            email: "email",
            email_verified: "email_verified",
            first_name: &["given_name"],
            last_name: &["family_name"],
            name: "name",
        },
    )
}

/// Reads a profile by the names that the provider was told, else by usual ones.
pub(crate) fn of_profile(provider: &ProviderRow, profile: &Value) -> Option<Claims> {
    let told = |name: &str| setting(provider, name);
    let one = |name: &str| told(name).map(|own| vec![own]);
    let (id, first, last) = (one("id_field"), one("first_name_field"), one("last_name_field"));
    read(
        profile,
        &Names {
            id: id.as_deref().unwrap_or(&["sub", "id"]),
            email: told("email_field").unwrap_or("email"),
            email_verified: told("email_verified_field").unwrap_or("email_verified"),
            first_name: first.as_deref().unwrap_or(&["given_name", "first_name"]),
            last_name: last.as_deref().unwrap_or(&["family_name", "last_name"]),
            name: told("name_field").unwrap_or("name"),
        },
    )
}

/// The address of GitHub's list that its user has made the first and that GitHub has checked.
pub(crate) fn github_email(list: &Value) -> Option<String> {
    let yes = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_bool) == Some(true);
    let mut entries = list.as_array()?.iter();
    let found = entries.find(|entry| yes(entry, "primary") && yes(entry, "verified"))?;
    text(found, "email")
}

fn read(from: &Value, names: &Names<'_>) -> Option<Claims> {
    let first_of = |names: &[&str]| names.iter().find_map(|name| text(from, name));
    let id = first_of(names.id).filter(|id| id.chars().count() <= LONGEST)?;
    let (mut first_name, mut last_name) = (first_of(names.first_name), first_of(names.last_name));
    if first_name.is_none() && last_name.is_none() {
        (first_name, last_name) = parted(text(from, names.name));
    }
    let cut = |name: String| name.chars().take(LONGEST).collect();
    Some(Claims {
        id,
        email: text(from, names.email),
        email_verified: is_true(from.get(names.email_verified)),
        first_name: first_name.map(cut),
        last_name: last_name.map(cut),
    })
}

/// A text without control characters; a number is written out, as ids are.
fn text(from: &Value, name: &str) -> Option<String> {
    let text = match from.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

/// Some providers write truth as a text. Nothing else is true.
fn is_true(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true))) || value.and_then(Value::as_str) == Some("true")
}

/// A whole name in two: the last word is the last name.
fn parted(name: Option<String>) -> (Option<String>, Option<String>) {
    let Some(name) = name else { return (None, None) };
    match name.rsplit_once(' ') {
        Some((first, last)) => (Some(first.trim().to_owned()), Some(last.to_owned())),
        None => (Some(name), None),
    }
}

#[cfg(test)]
mod tests {
    use gantry_db::JsonText;
    use gantry_kernel::{Id, ProviderId, RealmId};
    use serde_json::json;

    use super::*;
    use crate::rules::provider::blank;

    fn provider(external: Value) -> ProviderRow {
        ProviderRow {
            external: JsonText(external),
            ..blank(&ProviderId::from_bits(1), &RealmId::from_bits(1), "oauth2", 1)
        }
    }

    #[test]
    fn t_05_an_address_is_verified_when_the_provider_says_so_and_not_otherwise() {
        for (said, verified) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!("false"), false),
            (json!("yes"), false),
            (json!(1), false),
            (json!(null), false),
            (json!([true]), false),
        ] {
            let claims = json!({"sub": "1", "email": "a@b.c", "email_verified": said});
            assert_eq!(of_oidc(&claims).unwrap().email_verified, verified, "{claims}");
        }
        assert!(!of_oidc(&json!({"sub": "1", "email": "a@b.c"})).unwrap().email_verified);
    }

    #[test]
    fn a_profile_is_read_by_the_names_that_were_told() {
        let told = provider(json!({
            "id_field": "uid", "email_field": "mail", "email_verified_field": "mail_ok", "first_name_field": "vorname",
            "last_name_field": "nachname",
        }));
        let profile = json!({
            "uid": 42, "id": "other", "mail": "a@b.c", "email": "evil@b.c", "mail_ok": true, "vorname": "Ana", "nachname": "Ñ",
        });
        let claims = of_profile(&told, &profile).unwrap();
        assert_eq!(
            claims,
            Claims {
                id: "42".to_owned(),
                email: Some("a@b.c".to_owned()),
                email_verified: true,
                first_name: Some("Ana".to_owned()),
                last_name: Some("Ñ".to_owned()),
            }
        );
        let usual = of_profile(&provider(json!({})), &json!({"id": "7", "name": "Ana María Ñ"})).unwrap();
        assert_eq!(
            (usual.first_name.as_deref(), usual.last_name.as_deref()),
            (Some("Ana María"), Some("Ñ"))
        );
    }

    #[test]
    fn who_is_not_named_is_nobody() {
        for profile in [
            json!({}),
            json!({"sub": ""}),
            json!({"sub": {"a": 1}}),
            json!({"sub": "a\nb"}),
            json!({"sub": "x".repeat(256)}),
            json!([]),
            json!("sub"),
        ] {
            assert_eq!(of_oidc(&profile), None, "{profile}");
        }
    }

    #[test]
    fn github_s_first_address_counts_when_it_was_verified() {
        let entry = |email: &str, primary: bool, verified: bool| json!({"email": email, "primary": primary, "verified": verified});
        let list = json!([entry("a@b.c", false, true), entry("b@b.c", true, true)]);
        assert_eq!(github_email(&list).as_deref(), Some("b@b.c"));
        let none = json!([entry("a@b.c", false, true), entry("b@b.c", true, false)]);
        assert_eq!(github_email(&none), None);
        assert_eq!(github_email(&json!({"message": "Not Found"})), None);
    }
}
