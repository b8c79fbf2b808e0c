//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::Role;

/// A self-hosted login server that speaks the LoginRocket and AuthRocket /v2/ APIs.
///
/// Start with `gantry dev`: it needs nothing but a directory to keep its data in, and prints all you need to sign a user in.
#[derive(Debug, Parser)]
#[command(name = "gantry", version, propagate_version = true)]
#[command(after_help = "Example:\n  gantry dev")]
pub struct Cli {
    /// Configuration file (TOML). Without it, ./gantry.toml is read when it is there. `gantry config --manual` prints every setting.
    #[arg(long, global = true, env = "GANTRY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, global = true, default_value = "text", value_name = "FORM")]
    pub output: Output,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try it: everything in one process on SQLite, with a demo realm, user and API key made at the first start.
    ///
    /// Without a mail server (smtp.host) it shows what would be mailed on a page of its own, which it names when it is ready.
    #[command(
        after_help = "Examples:\n  gantry dev\n  gantry dev --example\n  GANTRY_HTTP_ADDR=127.0.0.1:0 gantry dev --output json"
    )]
    Dev {
        /// Also serve the example page (examples/loginrocket-page), which signs up and in at the demo realm. The demo realm knows
        /// the address of the first start.
        #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1:9000", value_parser = loopback)]
        example: Option<SocketAddr>,
    },
    /// Run it: all roles in one process, or those named.
    ///
    /// One process on one machine needs nothing else. With DATABASE_URL it keeps its data in PostgreSQL, with REDIS_URL its limits in
    /// Redis. Several processes also need GANTRY_CLUSTER_SECRET, GANTRY_SECRET_KEY and GANTRY_WIRES__AUTH, __SESSION and __EVENT.
    #[command(
        after_help = "Examples:\n  GANTRY_ROOT_API_KEY_FILE=root.key gantry serve\n  DATABASE_URL=postgres://gantry:...@db/gantry REDIS_URL=redis://cache:6379 gantry serve\n  gantry serve --role auth --role session --role event\n  gantry serve --role gateway"
    )]
    Serve {
        /// A role of this process; repeat it for several. Without any: all of them.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
    },
    /// Bring the database to the state that this version needs. `serve` does so too.
    #[command(after_help = "Examples:\n  gantry migrate --check\n  gantry migrate")]
    Migrate {
        /// Only list what is missing; exit code 3 when something is.
        #[arg(long)]
        check: bool,
    },
    /// Look for what keeps Gantry from running well, and say what to do about it.
    #[command(after_help = "Example:\n  gantry doctor")]
    Doctor,
    /// Ask a running Gantry whether it is ready; exit code 0 when it is.
    ///
    /// With certificates configured it asks by TLS: over HTTPS whatever the certificate's name, over gRPC as the installation's
    /// processes do (cluster.tls), so there the address must be one that the certificate names.
    #[command(after_help = "Examples:\n  gantry health\n  gantry health --grpc --addr auth:50051")]
    Health {
        /// Its HTTP address, or with --grpc its gRPC address. Default: as configured.
        #[arg(long, value_name = "HOST:PORT")]
        addr: Option<String>,
        /// Ask over gRPC (grpc.health.v1), as services without HTTP want it.
        #[arg(long)]
        grpc: bool,
    },
    /// Print the settings in force and where each comes from, secrets hidden.
    #[command(after_help = "Examples:\n  gantry config\n  gantry config --manual")]
    Config {
        /// Print the manual instead: every setting with its default and what it does.
        #[arg(long)]
        manual: bool,
    },
    /// API keys.
    #[command(after_help = "Example:\n  gantry key create --name reports --permission read")]
    Key {
        /// What to do with them.
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Deliveries of events to webhooks and by mail: what became of them, and telling them once more.
    #[command(after_help = "Example:\n  gantry notifications replay --realm rl_0351tvv5SynLTz21YhOv5j")]
    Notifications {
        /// What to do with them.
        #[command(subcommand)]
        command: NotificationsCommand,
    },
}

/// Deliveries of events.
#[derive(Debug, Subcommand)]
pub enum NotificationsCommand {
    /// List what a realm's hooks and mails were told, the latest first.
    #[command(
        after_help = "Examples:\n  gantry notifications list --realm rl_0351tvv5SynLTz21YhOv5j --state failed\n  gantry notifications list --realm rl_0351tvv5SynLTz21YhOv5j --hook hk_0351tvv5SynLTz21YhOv5j --output json"
    )]
    List {
        /// Which.
        #[command(flatten)]
        which: WhichNotifications,
        /// The most that are listed.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=1000))]
        max: i64,
    },
    /// Have them told once more: one by its id, or all that failed, or all of a stretch of time.
    #[command(
        after_help = "Examples:\n  gantry notifications replay --realm rl_0351tvv5SynLTz21YhOv5j\n  gantry notifications replay --realm rl_0351tvv5SynLTz21YhOv5j ent_0351tvv5SynLTz21YhOv5j\n  gantry notifications replay --realm rl_0351tvv5SynLTz21YhOv5j --state all --since 1767225600"
    )]
    Replay {
        /// This one alone.
        #[arg(value_name = "ent_…", conflicts_with_all = ["hook", "state", "since", "until"])]
        id: Option<String>,
        /// Which.
        #[command(flatten)]
        which: WhichNotifications,
    },
}

/// Which notifications are meant.
#[derive(Debug, Args)]
pub struct WhichNotifications {
    /// The realm.
    #[arg(long, value_name = "rl_…")]
    pub realm: String,
    /// Of this hook; without, of all that are active, and of the mails that are built in.
    #[arg(long, value_name = "hk_…")]
    pub hook: Option<String>,
    /// In this state: in_progress, completed, failed or canceled; to replay also all. What is replayed has failed if nothing is said.
    #[arg(long)]
    pub state: Option<String>,
    /// Made at this time or later, in Unix seconds.
    #[arg(long, value_name = "SECONDS")]
    pub since: Option<f64>,
    /// Made before this time, in Unix seconds.
    #[arg(long, value_name = "SECONDS")]
    pub until: Option<f64>,
}

/// An address that this machine alone reaches.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let addr: SocketAddr = text
        .parse()
        .map_err(|_none| "an address, as in 127.0.0.1:9000".to_owned())?;
    match addr.ip().is_loopback() {
        true => Ok(addr),
        false => Err("a loopback address, as in 127.0.0.1:9000".to_owned()),
    }
}

/// API keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key, and print it: it is shown this once.
    #[command(
        after_help = "Examples:\n  gantry key create\n  gantry key create --name reports --permission read --realm rl_0351tvv5SynLTz21YhOv5j"
    )]
    Create(NewKey),
    /// List the keys, never the keys themselves.
    #[command(after_help = "Example:\n  gantry key list")]
    List,
    /// Revoke a key: it is refused from the next call on.
    #[command(after_help = "Example:\n  gantry key revoke ks_0351tvv4zz5PQaO6KzkoVK")]
    Revoke {
        /// Its id: the part before the dash.
        id: String,
    },
}

/// A key to make.
#[derive(Debug, Args)]
pub struct NewKey {
    /// What it is for.
    #[arg(long, default_value = "unnamed")]
    pub name: String,
    /// What it may do; each includes the ones before it.
    #[arg(long, default_value = "manage")]
    pub permission: Permission,
    /// Lock it to a realm; without, it is account-wide.
    #[arg(long, value_name = "rl_…")]
    pub realm: Option<String>,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Permission {
    /// Read.
    Read,
    /// Read and write users, orgs, memberships, sessions.
    Write,
    /// Write, and manage realms and their settings.
    Manage,
}

impl Permission {
    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
        }
    }
}
