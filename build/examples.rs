//! What a field looks like: examples by name, since a name means the same wherever it stands.

use serde_json::{Value, json};

/// Returns an example of a field; null where none would help.
pub(super) fn example_of(name: &str) -> Value {
    match name {
        "realm_id" => json!("rl_0vdbINw16QhITBp4iBhgX4"),
        "user_id" => json!("usr_0vdbINw16QhITBp4iBhgX4"),
        "org_id" | "account" => json!("org_0vdbINw16QhITBp4iBhgX4"),
        "session_id" => json!("kss_0vdbINw16QhITBp4iBhgX4"),
        "request_id" => json!("rq_0vdbINw16QhITBp4iBhgX4"),
        "email" => json!("ana@example.com"),
        "password" | "password_confirmation" | "current_password" => json!("correct horse battery staple"),
        "first_name" => json!("Ana"),
        "last_name" => json!("Lima"),
        "username" => json!("ana"),
        "name" => json!("Acme"),
        "locale" | "default_locale" => json!("es"),
        "reference" => json!("customer-17"),
        "custom" => json!({"plan": "pro"}),
        "permissions" => json!(["ar:admin"]),
        "redirect_uris" => json!(["https://app.example.com/"]),
        "allowed_origins" => json!(["https://app.example.com"]),
        "client_type" => json!("standard"),
        "domain_type" => json!("loginrocket"),
        "invitation_type" => json!("org"),
        "credential_type" => json!("totp"),
        "event_type" => json!(["user.login.succeeded"]),
        "code" => json!("123456"),
        "ip" => json!("203.0.113.7"),
        "client" => json!("Mozilla/5.0"),
        "created_at" | "event_at" => json!(1_735_689_600.0),
        "expires_at" => json!(1_735_776_000),
        "max_results" => json!(100),
        _ => Value::Null,
    }
}

/// Whether one would send the field at first.
pub(super) fn is_shown(name: &str) -> bool {
    const FIRST: [&str; 16] = [
        "email",
        "password",
        "name",
        "first_name",
        "last_name",
        "org_id",
        "user_id",
        "permissions",
        "client_type",
        "redirect_uris",
        "domain_type",
        "invitation_type",
        "credential_type",
        "event_type",
        "code",
        "allowed_origins",
    ];
    FIRST.contains(&name)
}

/// Returns the type of an rpc's answers over HTTP; of lines, each is what the rpc answers with.
pub(super) fn kind_of(rpc: &str, is_stream: bool) -> &'static str {
    match (rpc, is_stream) {
        ("Watch", _) => "text/event-stream",
        (_, true) => "application/x-ndjson",
        (_, false) => "application/json",
    }
}
