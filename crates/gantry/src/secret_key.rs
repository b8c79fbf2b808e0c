//! The installation's secret, which seals signing keys and makes session keys: configured, or kept in a file of the data directory.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_config::Config;
use gantry_kernel::{Rng, Secret};

use crate::StartError;

const FILE: &str = "secret.key";

/// The secret that is configured, else the one in the data directory, which is made at the first start.
pub(crate) fn find(config: &Config, alone: bool, rng: &dyn Rng) -> Result<[u8; 32], StartError> {
    if let Some(bytes) = config.secret_key_bytes() {
        return Ok(*bytes);
    }
    if !alone {
        return Err(StartError::Config(
            "secret_key is not set: processes that share a database share it too; set GANTRY_SECRET_KEY to the output of \
             `openssl rand -base64 32`"
                .to_owned(),
        ));
    }
    let path = config.data_dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => read(&path, text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&path, rng),
        Err(error) => Err(StartError::Config(format!("{}: {error}", path.display()))),
    }
}

fn read(path: &Path, text: String) -> Result<[u8; 32], StartError> {
    let kept = Config {
        secret_key: Some(Secret::new(text)),
        ..Config::default()
    };
    let bytes = kept.secret_key_bytes().map(|bytes| *bytes);
    bytes.ok_or_else(|| {
        StartError::Config(format!(
            "{} does not hold 32 bytes in base64: restore it",
            path.display()
        ))
    })
}

fn make(path: &Path, rng: &dyn Rng) -> Result<[u8; 32], StartError> {
    let failed = |error: std::io::Error| StartError::Config(format!("{}: {error}", path.display()));
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
    }
    // Only the owner reads it; and whoever finds it there already did not make it.
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    writeln!(file, "{}", STANDARD.encode(bytes)).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(bytes)
}
