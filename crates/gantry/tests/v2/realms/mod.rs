//! `/v2/realms`

mod get;
mod id;
mod post;

use serde_json::{Value, json};

/// Settings that break a rule, each with the number of things that are wrong with it.
fn wrong_settings() -> Vec<(Value, usize)> {
    let long = "x".repeat(256);
    let words = [
        "state",
        "default_locale",
        "email_verification",
        "email_login",
        "org_mode",
        "signup",
        "name_field",
        "org_name_field",
        "username_field",
        "password_field",
        "jwt_algo",
    ];
    let numbers = ["session_minutes", "jwt_minutes", "access_token_minutes"];
    let looks = [
        "branding",
        "color_1",
        "logo",
        "logo_icon",
        "privacy_policy",
        "stylesheet",
        "terms_of_service",
    ];
    let one = |name: &str, value: Value| (json!({ name: value }), 1);
    let mut all = vec![
        one("name", json!("")),
        one("name", json!("  ")),
        one("name", Value::Null),
        one("name", json!(long)),
        one("name", json!("a\u{7}b")),
        one("public_name", json!(long)),
        one("environment", json!(long)),
        one("available_locales", json!(["en", "tlh"])),
        one("allowed_origins", json!(["https://good.example", "*"])),
        one("allowed_origins", json!("https://app.example.com/path")),
        one("allowed_origins", json!(["null"])),
        one("allowed_origins", json!(vec!["https://a.example"; 101])),
        one("lr_features", json!([long])),
        one("lr_features", json!(vec!["x"; 101])),
        one("jwt_scopes", json!("openid admin")),
        one("jwt_algo", json!("none")),
        one("jwt_algo", json!("RS256")),
        one("custom", json!({"a": {"b": 1}})),
        one("custom", json!([1])),
        one("custom", json!({"a": "x".repeat(16 * 1024)})),
        (json!({"state": "asleep", "signup": "maybe", "session_minutes": 0}), 3),
    ];
    all.extend(words.map(|name| one(name, json!("nonsense"))));
    all.extend(looks.map(|name| one(name, json!("x".repeat(2049)))));
    for name in numbers {
        all.extend([0, -1, 5_270_401].map(|minutes| one(name, json!(minutes))));
    }
    all
}
