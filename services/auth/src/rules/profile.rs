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
