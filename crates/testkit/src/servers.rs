//! Where the servers that tests need can be found: `cargo xtask test` starts them and says so in the environment.

use std::process::Command;

/// Names the variable that holds the address of a throw-away PostgreSQL cluster, as a superuser of it.
pub const PG_URL: &str = "GANTRY_TEST_PG_URL";
/// Names the variable that holds the address of a throw-away Redis.
pub const REDIS_URL: &str = "GANTRY_TEST_REDIS_URL";
/// Names the variable that holds the folder of one run of `cargo xtask test`, which goes with it even when a test is
/// killed; without it files go to the usual temporary directory.
pub const FOLDER: &str = "GANTRY_TEST_DIR";

/// Names the variable that holds the path of Node.js.
pub const NODE: &str = "GANTRY_TEST_NODE";
/// Names the variable that holds the path of the OpenID Connect provider, a program for Node.js with its packages beside it.
pub const OIDC: &str = "GANTRY_TEST_OIDC";
/// How often tests of crashes kill.
const CRASH_ROUNDS: &str = "GANTRY_CRASH_ROUNDS";

/// Returns the address of the throw-away PostgreSQL cluster, `postgres://user:password@host:port/database`.
///
/// # Panics
/// When there is none: a test that needs a server fails, it is never skipped.
pub fn pg_url() -> String {
    needed(PG_URL, "PostgreSQL")
}

/// Returns the address of the throw-away Redis, `redis://host:port`. It is shared: a test uses keys of its own.
///
/// # Panics
/// When there is none: a test that needs a server fails, it is never skipped.
pub fn redis_url() -> String {
    needed(REDIS_URL, "Redis")
}

/// Returns the command that starts an OpenID Connect provider of the test's own; what it takes stands in `server.mjs`.
///
/// # Panics
/// When it is not installed: a test that needs a server fails, it is never skipped.
pub fn oidc_provider() -> Command {
    let mut command = Command::new(needed(NODE, "Node.js"));
    command.arg(needed(OIDC, "an OpenID Connect provider"));
    command
}

/// How often a test of crashes kills: as often as GANTRY_CRASH_ROUNDS says (`cargo xtask crash`), else `few` times, which a run of all
/// tests has time for.
///
/// # Panics
/// When the variable is no number.
pub fn crash_rounds(few: usize) -> usize {
    match variable(CRASH_ROUNDS) {
        Some(rounds) => match rounds.parse() {
            Ok(rounds) => rounds,
            Err(_not_a_number) => panic!("{CRASH_ROUNDS} is {rounds:?}, and must be a number"),
        },
        None => few,
    }
}

/// Reads a variable that may be absent; empty counts as absent.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where their servers are; no configuration of the product is read here"
    )]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty())
}

fn needed(name: &str, server: &str) -> String {
    match variable(name) {
        Some(url) => url,
        None => panic!(
            "this test needs {server}, and {name} is not set: run `cargo xtask test`, or keep `cargo xtask servers` \
             running in another terminal and export what it prints"
        ),
    }
}
