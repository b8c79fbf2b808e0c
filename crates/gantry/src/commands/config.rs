//! `gantry config`.

use std::process::ExitCode;

use gantry_config::{Loaded, MANUAL};

use super::print;
use crate::cli::Output;

pub(super) fn run(loaded: &Loaded, manual: bool, output: Output) -> ExitCode {
    if manual {
        print!("{MANUAL}");
    } else {
        print(output, || loaded.to_json(), || loaded.to_toml());
    }
    ExitCode::SUCCESS
}
