//! How long a file may be.

use std::path::Path;

use crate::source::sources;

/// The most lines that a file may have beside its tests. Most have fewer than half of that.
pub const CEILING: usize = 400;

/// Files that may be longer, each with its reason. The walls also say when a file here has become short.
pub const EXCEPTIONS: &[(&str, &str)] = &[];

/// No file is too long to be read in one go.
///
/// # Errors
/// When the tree cannot be read.
pub fn files_are_short(root: &Path, exceptions: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let all = sources(root, &[".rs"])?;
    for source in &all {
        let lines = source.product().count();
        let excused = exceptions.iter().any(|(path, _)| *path == source.path);
        if lines > CEILING && !excused {
            wrong.push(format!(
                "{}: {lines} lines beside its tests, the ceiling is {CEILING}",
                source.path
            ));
        }
        if lines <= CEILING && excused {
            wrong.push(format!(
                "{}: short enough now, take it off the list of exceptions",
                source.path
            ));
        }
    }
    for (path, _) in exceptions {
        if !all.iter().any(|source| source.path == *path) {
            wrong.push(format!("{path}: gone, take it off the list of exceptions"));
        }
    }
    Ok(wrong)
}
