//! What an event must be before it is stored.

use gantry_kernel::{
    EventId, HookId, Id, InvitationId, MembershipId, OrgId, Problem, ProviderId, RealmId, RequestId, SessionId, UserId,
    Violation,
};

use super::event::{Event, LAST_MS};
use super::types;

/// The most events in one call.
pub(crate) const MOST: usize = 1000;
/// The longest User-Agent, in characters.
const CLIENT_MAX: usize = 512;
/// The longest address, in characters: IPv6 with an embedded IPv4 and a zone.
const IP_MAX: usize = 64;
/// The longest sealed token, in characters.
const TOKEN_MAX: usize = 512;

/// Checks what a service hands over: one bad event refuses the whole call, so that nothing is half stored.
///
/// # Errors
/// With a violation for each field of the first event that breaks a rule.
pub(crate) fn check(events: &[Event]) -> Result<(), Problem> {
    if events.len() > MOST {
        return Err(Problem::invalid(vec![
            Violation::new("events", "too_many_items").with("max", MOST),
        ]));
    }
    for event in events {
        let wrong = violations(event);
        if !wrong.is_empty() {
            return Err(Problem::invalid(wrong));
        }
    }
    Ok(())
}

fn violations(event: &Event) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut need = |good: bool, field: &str, key: &str| {
        if !good {
            wrong.push(Violation::new(field, key));
        }
    };
    need(is_id::<EventId>(&event.id), "id", "id_format");
    need(is_id::<RealmId>(&event.realm_id), "realm_id", "id_format");
    need(types::is_known(&event.event_type), "event_type", "unknown");
    need((0..=LAST_MS).contains(&event.event_at), "event_at", "not_a_number");
    for (good, field) in [
        (is_absent_or(&event.user_id, is_id::<UserId>), "user_id"),
        (is_absent_or(&event.org_id, is_id::<OrgId>), "org_id"),
        (
            is_absent_or(&event.membership_id, is_id::<MembershipId>),
            "membership_id",
        ),
        // Only the record's id parses: what opens a session is longer, and must not be kept here.
        (is_absent_or(&event.session_id, is_id::<SessionId>), "session_id"),
        (
            is_absent_or(&event.auth_provider_id, is_id::<ProviderId>),
            "auth_provider_id",
        ),
        (
            is_absent_or(&event.invitation_id, is_id::<InvitationId>),
            "invitation_id",
        ),
        (is_absent_or(&event.request_id, is_id::<RequestId>), "request_id"),
        (is_absent_or(&event.hook_id, is_id::<HookId>), "hook_id"),
    ] {
        need(good, field, "id_format");
    }
    need(
        is_absent_or(&event.token_sealed, |t| is_line(t, TOKEN_MAX)),
        "token",
        "unknown",
    );
    need(event.expires_at.is_none_or(|at| at >= 0), "expires_at", "not_a_number");
    need(is_absent_or(&event.ip, |ip| is_line(ip, IP_MAX)), "ip", "unknown");
    need(
        is_absent_or(&event.client, |c| is_line(c, CLIENT_MAX)),
        "client",
        "unknown",
    );
    wrong
}

fn is_id<I: Id>(text: &str) -> bool {
    I::parse(text).is_ok()
}

/// One line of text: control characters would be refused by one database (NUL) and forge lines wherever it is shown.
fn is_line(text: &str, max: usize) -> bool {
    text.chars().take(max + 1).count() <= max && !text.chars().any(char::is_control)
}

fn is_absent_or(field: &Option<String>, good: impl Fn(&str) -> bool) -> bool {
    field.as_deref().is_none_or(good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::base62;

    fn good() -> Event {
        Event {
            id: EventId::from_bits(1).into_string(),
            realm_id: RealmId::from_bits(2).into_string(),
            event_type: "user.created".to_owned(),
            event_at: 1_700_000_000_000,
            ..Event::default()
        }
    }

    fn wrong(change: impl FnOnce(&mut Event)) -> Vec<String> {
        let mut event = good();
        change(&mut event);
        match check(&[good(), event]) {
            Ok(()) => Vec::new(),
            Err(problem) => problem.violations.into_iter().map(|v| v.field).collect(),
        }
    }

    #[test]
    fn check_takes_a_bare_and_a_full_event() {
        assert_eq!(wrong(|_| {}), [""; 0]);
        let full = wrong(|event| {
            event.user_id = Some(UserId::from_bits(3).into_string());
            event.org_id = Some(OrgId::from_bits(3).into_string());
            event.membership_id = Some(MembershipId::from_bits(3).into_string());
            event.session_id = Some(SessionId::from_bits(3).into_string());
            event.auth_provider_id = Some(ProviderId::from_bits(3).into_string());
            event.invitation_id = Some(InvitationId::from_bits(3).into_string());
            event.request_id = Some(RequestId::from_bits(3).into_string());
            event.expires_at = Some(1_700_000_000);
            event.ip = Some("2001:db8::1".to_owned());
            event.client = Some("é".repeat(CLIENT_MAX));
        });
        assert_eq!(full, [""; 0]);
    }

    #[test]
    fn t_41_check_names_what_no_service_of_ours_sends() {
        assert_eq!(wrong(|e| e.id = "ev_'; drop table".to_owned()), ["id"]);
        assert_eq!(wrong(|e| e.realm_id = String::new()), ["realm_id"]);
        assert_eq!(wrong(|e| e.event_type = "user.hacked".to_owned()), ["event_type"]);
        assert_eq!(wrong(|e| e.event_at = -1), ["event_at"]);
        assert_eq!(wrong(|e| e.event_at = LAST_MS + 1), ["event_at"]);
        assert_eq!(
            wrong(|e| e.user_id = Some("org_0000000000000000000001".to_owned())),
            ["user_id"]
        );
        assert_eq!(wrong(|e| e.invitation_id = Some("nvt_1".to_owned())), ["invitation_id"]);
        assert_eq!(wrong(|e| e.expires_at = Some(-1)), ["expires_at"]);
        assert_eq!(wrong(|e| e.client = Some("a".repeat(CLIENT_MAX + 1))), ["client"]);
        assert_eq!(wrong(|e| e.client = Some("a\0b".to_owned())), ["client"]);
        assert_eq!(wrong(|e| e.ip = Some("::1\r\nSet-Cookie: x".to_owned())), ["ip"]);
    }

    #[test]
    fn t_33_check_refuses_a_session_key_where_its_id_belongs() {
        let key = format!("{}{}", SessionId::from_bits(3), base62::encode(4));
        assert_eq!(wrong(|e| e.session_id = Some(key)), ["session_id"]);
    }

    #[test]
    fn check_bounds_the_batch() {
        assert!(check(&vec![good(); MOST]).is_ok());
        assert_eq!(
            check(&vec![good(); MOST + 1]).unwrap_err().violations[0].key,
            "too_many_items"
        );
    }
}
