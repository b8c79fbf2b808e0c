//! A user as a token shows them: what Auth told about who they are and what their realm settled.

use gantry_kernel::{RealmId, UserId};

/// How a realm signs its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Algo {
    /// RSA with SHA-256: anybody may verify.
    Rs256,
    /// HMAC with SHA-256: whoever knows the secret verifies.
    Hs256,
}

impl Algo {
    /// Reads the name that realms and rows use.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "rs256" => Some(Self::Rs256),
            "hs256" => Some(Self::Hs256),
            _ => None,
        }
    }

    /// The name that realms and rows use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "rs256",
            Self::Hs256 => "hs256",
        }
    }

    /// The name that tokens and JWKS use.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }
}

/// A place in an org.
#[derive(Debug, Clone, Default)]
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

/// A user, for a token.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) realm_id: RealmId,
    pub(crate) user_id: UserId,
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
    pub(crate) conditions: Vec<String>,
    pub(crate) algo: Algo,
    pub(crate) jwt_minutes: i64,
    pub(crate) session_minutes: i64,
    pub(crate) scopes: Vec<String>,
}

impl Profile {
    /// Whether the realm's tokens carry what a scope stands for.
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}
