//! Which org a login is for (contract 2.3).

use gantry_kernel::{Problem, Violation};

/// What keeps back whoever has not said yet what their realm demands.
pub(crate) const INCOMPLETE: &str = "must_complete_profile";

/// What keeps back whoever has not said yet which of their orgs they mean.
pub(crate) const UNSELECTED: &str = "no_account_selected";

/// What is known when an account is to be selected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'a> {
    /// The org that the caller asks for.
    pub(crate) asked: Option<&'a str>,
    /// Whether the realm's users belong to several orgs.
    pub(crate) multi_user: bool,
    /// Whether the realm demands a name for an org.
    pub(crate) org_name_required: bool,
    /// The active orgs of the user, earliest membership first; two are enough to know.
    pub(crate) orgs: &'a [String],
}

/// What comes of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// This org.
    Org(String),
    /// None yet: the user must do this first.
    Condition(&'static str),
    /// None yet: make the user's first one.
    MakeFirst,
}

/// Selects the account.
///
/// # Errors
/// When the org asked for is none of the user's.
pub(crate) fn select(choice: Choice<'_>) -> Result<Selection, Problem> {
    if let Some(asked) = choice.asked {
        let mine = choice.orgs.iter().find(|org| *org == asked);
        let refused = || Problem::invalid(vec![Violation::new("account", "account_not_member")]);
        return mine.cloned().map(Selection::Org).ok_or_else(refused);
    }
    Ok(match choice.orgs {
        [] if choice.org_name_required => Selection::Condition(INCOMPLETE),
        [] => Selection::MakeFirst,
        [_, _, ..] if choice.multi_user => Selection::Condition(UNSELECTED),
        [first, ..] => Selection::Org(first.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(asked: Option<&str>, multi_user: bool, orgs: &[&str]) -> Result<Selection, Problem> {
        let orgs: Vec<_> = orgs.iter().map(ToString::to_string).collect();
        select(Choice {
            asked,
            multi_user,
            org_name_required: false,
            orgs: &orgs,
        })
    }

    #[test]
    fn rule_1_the_account_asked_for() {
        assert_eq!(
            choose(Some("b"), true, &["a", "b"]).unwrap(),
            Selection::Org("b".to_owned())
        );
    }

    #[test]
    fn rule_2_single_user_takes_the_first() {
        assert_eq!(
            choose(None, false, &["a", "b"]).unwrap(),
            Selection::Org("a".to_owned())
        );
    }

    #[test]
    fn rule_3_no_org_makes_one_or_asks_for_its_name() {
        assert_eq!(choose(None, false, &[]).unwrap(), Selection::MakeFirst);
        let named = Choice {
            asked: None,
            multi_user: false,
            org_name_required: true,
            orgs: &[],
        };
        assert_eq!(select(named).unwrap(), Selection::Condition("must_complete_profile"));
    }

    #[test]
    fn rules_4_and_5_multi_user_asks_when_there_is_a_choice() {
        assert_eq!(
            choose(None, true, &["a", "b"]).unwrap(),
            Selection::Condition("no_account_selected")
        );
        assert_eq!(choose(None, true, &["a"]).unwrap(), Selection::Org("a".to_owned()));
    }

    #[test]
    fn rule_7_a_foreign_account_is_refused() {
        assert_eq!(
            choose(Some("x"), true, &["a"]).unwrap_err().violations[0].key,
            "account_not_member"
        );
    }
}
