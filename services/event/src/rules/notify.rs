//! Who is told of an event: the hooks that listen to its type, and for what must not go untold a mail that is built in.

/// Events of which a mail is sent when the realm has no email hook of its own for them: those that carry a token, without which nobody
/// gets on, and what the owner of an account must hear of.
const BUILT_IN: [&str; 10] = [
    "hook.disabled",
    "invitation.org.invited",
    "invitation.preverify.invited",
    "invitation.referral.invited",
    "invitation.request.invited",
    "user.email.updating",
    "user.email.verifying",
    "user.login.requested",
    "user.password.resetting",
    "user.password.updated",
];

/// A hook, as far as it matters to whom it listens.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    pub(crate) id: String,
    pub(crate) hook_type: String,
    pub(crate) active: bool,
    /// Empty: all.
    pub(crate) event_types: Vec<String>,
    /// Seconds before the first attempt.
    pub(crate) delay: i64,
    /// Whether each user's events are told in order.
    pub(crate) ordered: bool,
}

/// One who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The hook; absent for a mail that is built in.
    pub(crate) hook_id: Option<String>,
    pub(crate) hook_type: String,
    /// Seconds before the first attempt.
    pub(crate) delay: i64,
    /// Whether each user's events are told in order.
    pub(crate) ordered: bool,
}

/// Who of a realm is told of an event of a type.
pub(crate) fn told(event_type: &str, hooks: &[Listener]) -> Vec<Told> {
    let named = |hook: &&Listener| hook.event_types.iter().any(|name| name == event_type);
    let listens = |hook: &&Listener| {
        // Nothing is known of how lists are kept: a mailing-list hook is told nothing.
        hook.active && hook.hook_type != "mailing_list" && (hook.event_types.is_empty() || named(hook))
    };
    let mut told: Vec<Told> = hooks
        .iter()
        .filter(listens)
        .map(|hook| Told {
            hook_id: Some(hook.id.clone()),
            hook_type: hook.hook_type.clone(),
            delay: hook.delay,
            ordered: hook.ordered,
        })
        .collect();
    // A hook of the realm's own takes the place of the built-in mail, also one that is switched off: so the mail can be.
    let own = hooks.iter().filter(named).any(|hook| hook.hook_type == "email");
    if BUILT_IN.contains(&event_type) && !own {
        told.push(Told {
            hook_id: None,
            hook_type: "email".to_owned(),
            delay: 0,
            ordered: false,
        });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(id: &str, hook_type: &str, active: bool, types: &[&str]) -> Listener {
        Listener {
            id: id.to_owned(),
            hook_type: hook_type.to_owned(),
            active,
            event_types: types.iter().map(ToString::to_string).collect(),
            delay: 3,
            ordered: false,
        }
    }

    fn ids(event_type: &str, hooks: &[Listener]) -> Vec<Option<String>> {
        told(event_type, hooks).into_iter().map(|told| told.hook_id).collect()
    }

    #[test]
    fn those_are_told_who_listen_to_the_type_or_to_all() {
        let hooks = [
            hook("all", "webhook", true, &[]),
            hook("one", "webhook", true, &["org.created", "user.created"]),
            hook("other", "webhook", true, &["org.updated"]),
            hook("off", "webhook", false, &[]),
            hook("list", "mailing_list", true, &[]),
        ];
        assert_eq!(ids("user.created", &hooks), [Some("all".into()), Some("one".into())]);
        assert_eq!(ids("user.updated", &hooks), [Some("all".into())]);
        assert_eq!(told("org.updated", &hooks)[1].delay, 3);
        assert_eq!(ids("user.updated", &[]), [None::<String>; 0]);
    }

    #[test]
    fn a_built_in_mail_is_sent_where_no_hook_of_the_realm_s_own_is() {
        let resetting = "user.password.resetting";
        let web = hook("web", "webhook", true, &[resetting]);
        let other = hook("other", "email", true, &["user.created"]);
        assert_eq!(ids(resetting, &[web.clone(), other]), [Some("web".into()), None]);
        let own = |active| hook("own", "email", active, &[resetting]);
        assert_eq!(ids(resetting, &[own(true)]), [Some("own".into())]);
        // One that is switched off switches the mail off.
        assert_eq!(ids(resetting, &[own(false), web]), [Some("web".into())]);
    }

    #[test]
    fn all_types_are_known() {
        assert!(BUILT_IN.iter().all(|name| super::super::types::is_known(name)));
    }
}
