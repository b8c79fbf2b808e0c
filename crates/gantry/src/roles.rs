//! Which parts of Gantry a process is.

/// A part of Gantry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// JSON over HTTP.
    Gateway,
    /// Realms, users, credentials, orgs.
    Auth,
    /// Sessions, keys, tokens.
    Session,
    /// Events.
    Event,
}

/// The parts that a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Serves HTTP.
    pub gateway: bool,
    /// Serves Auth.
    pub auth: bool,
    /// Serves Session.
    pub session: bool,
    /// Serves Event.
    pub event: bool,
}

impl Roles {
    /// Everything in one process.
    pub const ALL: Self = Self {
        gateway: true,
        auth: true,
        session: true,
        event: true,
    };

    /// The roles named; none named means all.
    pub fn of(named: &[Role]) -> Self {
        if named.is_empty() {
            return Self::ALL;
        }
        let has = |role| named.contains(&role);
        Self {
            gateway: has(Role::Gateway),
            auth: has(Role::Auth),
            session: has(Role::Session),
            event: has(Role::Event),
        }
    }

    /// Whether the process serves gRPC and owns tables.
    pub fn any_service(self) -> bool {
        self.auth || self.session || self.event
    }

    /// Whether the process is everything.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// The name in traces and logs.
    pub fn name(self) -> String {
        if self.is_all() {
            return "gantry".to_owned();
        }
        let parts = [
            ("gateway", self.gateway),
            ("auth", self.auth),
            ("session", self.session),
            ("event", self.event),
        ];
        let names: Vec<_> = parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        format!("gantry-{}", names.join("-"))
    }
}
