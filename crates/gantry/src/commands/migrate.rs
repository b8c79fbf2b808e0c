//! `gantry migrate`.

use std::process::ExitCode;

use gantry_config::Config;

use super::print;
use crate::check;
use crate::cli::Output;

/// The exit code of `--check` when migrations are missing.
const MISSING: u8 = 3;

pub(super) async fn run(config: &Config, check_only: bool, output: Output) -> anyhow::Result<ExitCode> {
    let db = check::open_database(config)?;
    let names = if check_only {
        db.pending().await
    } else {
        db.migrate().await
    };
    let names = names.map_err(check::database_error)?;
    let key = if check_only { "missing" } else { "applied" };
    print(
        output,
        || serde_json::json!({ key: names }),
        || match names.as_slice() {
            [] => "the database is up to date".to_owned(),
            names => format!("{key}: {}", names.join(", ")),
        },
    );
    Ok(if check_only && !names.is_empty() {
        ExitCode::from(MISSING)
    } else {
        ExitCode::SUCCESS
    })
}
