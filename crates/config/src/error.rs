//! What is wrong with a configuration, all of it at once, and what to do about each.

use crate::Source;

/// Something wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The setting, as its source names it.
    pub name: String,
    /// Where it came from; `None` when it is missing.
    pub source: Option<Source>,
    /// What is wrong and what to do; never the value of a secret.
    pub message: String,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{} ({source}): {}", self.name, self.message),
            None => write!(f, "{}: {}", self.name, self.message),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Each thing that is wrong, at least one.
    pub troubles: Vec<Trouble>,
}

impl std::error::Error for ConfigError {}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the configuration cannot be used")?;
        for trouble in &self.troubles {
            write!(f, "\n  {trouble}")?;
        }
        Ok(())
    }
}
