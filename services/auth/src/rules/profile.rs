//! A user as a token shows them: who they are, and what their realm settled (contract 4).

use super::name;
use crate::store::{MembershipRow, OrgRow, RealmRow, UserRow};

/// A user, for a token.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Profile {
    pub(crate) realm_id: String,
    pub(crate) user_id: String,
    /// False when user or realm is not active: no session may be used.
    pub(crate) active: bool,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) reference: Option<String>,
    /// JSON.
    pub(crate) custom: Option<String>,
    pub(crate) orgs: Vec<OrgEntry>,
    /// The org that is signed in to, on LoginRocket.
    pub(crate) account: Option<String>,
    /// What keeps this from being a full login.
    pub(crate) conditions: Vec<&'static str>,
    pub(crate) jwt_algo: String,
    /// 0 is as long as the session.
    pub(crate) jwt_minutes: i64,
    pub(crate) session_minutes: i64,
    pub(crate) scopes: Vec<String>,
}

/// A place in an org.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct OrgEntry {
    pub(crate) membership_id: String,
    pub(crate) org_id: String,
    pub(crate) name: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) selected: bool,
    pub(crate) reference: Option<String>,
    /// JSON.
    pub(crate) custom: Option<String>,
}

impl Profile {
    /// The profile without orgs; what no scope of the realm asks for is left out.
    pub(crate) fn new(realm: &RealmRow, user: &UserRow) -> Self {
        let scopes = realm.jwt_scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
        let mut profile = Self {
            realm_id: realm.id.clone(),
            user_id: user.id.clone(),
            active: realm.state == "active" && user.state == "active",
            name: name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email),
            email: user.email.clone(),
            email_verified: user.email_verification == "verified",
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            username: user.username.clone(),
            locale: user.locale.clone(),
            jwt_algo: realm.jwt_algo.clone(),
            jwt_minutes: realm.jwt_minutes.unwrap_or(0),
            session_minutes: realm.session_minutes,
            scopes: scopes.map(str::to_owned).collect(),
            ..Self::default()
        };
        profile.reference = user.reference.clone().filter(|_| profile.has("ar.reference"));
        profile.custom = profile.has("ar.custom").then(|| user.custom.0.to_string());
        profile
    }

    /// Whether the realm's tokens carry what a scope stands for.
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// Notes down, once, what keeps this from being a full login.
    pub(crate) fn add_condition(&mut self, condition: &'static str) {
        if !self.conditions.contains(&condition) {
            self.conditions.push(condition);
        }
    }

    /// Adds an org.
    pub(crate) fn add(&mut self, (membership, org): &(MembershipRow, OrgRow)) {
        self.orgs.push(OrgEntry {
            membership_id: membership.id.clone(),
            org_id: org.id.clone(),
            name: org.name.clone(),
            permissions: membership.permissions.to_strings(),
            selected: false,
            reference: org.reference.clone().filter(|_| self.has("ar.reference")),
            custom: self.has("ar.custom").then(|| org.custom.0.to_string()),
        });
    }

    /// Makes an org the one that is signed in to: the only one that the token names.
    pub(crate) fn select(&mut self, pair: &(MembershipRow, OrgRow)) {
        self.orgs.clear();
        self.add(pair);
        for org in &mut self.orgs {
            org.selected = true;
        }
        self.account = Some(pair.1.id.clone());
    }
}

#[cfg(test)]
mod tests {
    use gantry_db::JsonText;
    use gantry_kernel::{Id, MembershipId, OrgId, RealmId, UserId};
    use serde_json::json;

    use super::*;
    use crate::rules::{org, realm, user};

    fn realm(scopes: &str) -> RealmRow {
        RealmRow {
            jwt_scopes: scopes.to_owned(),
            ..realm::fresh(&RealmId::from_bits(1), 1)
        }
    }

    fn ana() -> UserRow {
        let input = user::Input {
            email: Some("ana@b.example".to_owned()),
            first_name: Some("Ana".to_owned()),
            reference: Some("their-1".to_owned()),
            custom: Some(json!({"plan": "pro"}).to_string()),
            email_verification: Some("verified".to_owned()),
            ..user::Input::default()
        };
        user::new(
            input,
            &UserId::from_bits(1),
            &RealmId::from_bits(1),
            &Default::default(),
            1,
        )
        .unwrap()
        .row
    }

    fn acme(bits: u128) -> (MembershipRow, OrgRow) {
        let org = OrgRow {
            reference: Some("their-7".to_owned()),
            custom: JsonText(json!({"size": 3})),
            ..org::named("Acme", &OrgId::from_bits(bits), &RealmId::from_bits(1), 1)
        };
        let membership = MembershipRow {
            id: MembershipId::from_bits(bits).into_string(),
            realm_id: org.realm_id.clone(),
            org_id: org.id.clone(),
            user_id: UserId::from_bits(1).into_string(),
            permissions: JsonText::strings(&["ar:owner", "app:x"]),
            expires_at: None,
            created_at: 1,
            updated_at: 1,
        };
        (membership, org)
    }

    #[test]
    fn a_profile_says_who_it_is_and_what_the_realm_settled() {
        let profile = Profile::new(&realm("openid, profile"), &ana());
        assert_eq!(profile.name, "Ana");
        assert_eq!(profile.email, "ana@b.example");
        assert!(profile.active && profile.email_verified);
        assert_eq!(profile.scopes, ["openid", "profile"]);
        assert_eq!((profile.jwt_minutes, profile.session_minutes), (0, 1440));
        assert_eq!(profile.orgs, []);
    }

    #[test]
    fn reference_and_custom_leave_only_with_their_scope() {
        let of = |scopes: &str| {
            let mut profile = Profile::new(&realm(scopes), &ana());
            profile.add(&acme(1));
            let org = profile.orgs.remove(0);
            [profile.reference, profile.custom, org.reference, org.custom]
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(of("openid ar.orgs"), [None, None, None, None]);
        assert_eq!(of("ar.reference"), [text("their-1"), None, text("their-7"), None]);
        assert_eq!(
            of("ar.custom"),
            [None, text(r#"{"plan":"pro"}"#), None, text(r#"{"size":3}"#)]
        );
    }

    #[test]
    fn one_who_sleeps_or_whose_realm_sleeps_is_not_active() {
        let (mut asleep, mut user) = (realm(""), ana());
        asleep.state = "inactive".to_owned();
        assert!(!Profile::new(&asleep, &user).active);
        user.state = "inactive".to_owned();
        assert!(!Profile::new(&realm(""), &user).active);
    }

    #[test]
    fn the_selected_org_is_the_only_one() {
        let mut profile = Profile::new(&realm("openid"), &ana());
        profile.add(&acme(1));
        profile.add(&acme(2));
        assert!(profile.orgs.iter().all(|org| !org.selected));
        profile.select(&acme(2));
        assert_eq!(profile.account, Some(OrgId::from_bits(2).into_string()));
        let [org] = profile.orgs.as_slice() else {
            panic!("{profile:?}")
        };
        assert!(org.selected);
        assert_eq!(Some(&org.org_id), profile.account.as_ref());
        assert_eq!(org.permissions, ["ar:owner", "app:x"]);
    }
}
