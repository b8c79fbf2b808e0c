//! Who is told of an event: the hooks that listen to its type.

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
}

/// One who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The hook; absent for a mail that is built in.
    pub(crate) hook_id: Option<String>,
    pub(crate) hook_type: String,
    /// Seconds before the first attempt.
    pub(crate) delay: i64,
}

/// Who of a realm is told of an event of a type.
pub(crate) fn told(event_type: &str, hooks: &[Listener]) -> Vec<Told> {
    let named = |hook: &&Listener| hook.event_types.iter().any(|name| name == event_type);
    let listens =
        |hook: &&Listener| hook.active && hook.hook_type == "webhook" && (hook.event_types.is_empty() || named(hook));
    hooks
        .iter()
        .filter(listens)
        .map(|hook| Told {
            hook_id: Some(hook.id.clone()),
            hook_type: hook.hook_type.clone(),
            delay: hook.delay,
        })
        .collect()
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
}
