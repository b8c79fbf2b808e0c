//! When two tests may share a template: same name, same migrations, same test program.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::Context;

/// Makes the key of a template, safe as a file name and as part of a database name.
pub(super) fn key(name: &str, migrations: &Path) -> anyhow::Result<String> {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hash_tree(migrations, &mut hasher)?;
    // The closure that migrates is compiled into the test program: a new program may migrate differently.
    let program = std::env::current_exe().context("cannot find the test program")?;
    let changed = fs::metadata(&program)
        .and_then(|meta| meta.modified())
        .with_context(|| format!("cannot read {}", program.display()))?;
    (program, changed).hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_tree(directory: &Path, hasher: &mut DefaultHasher) -> anyhow::Result<()> {
    if !directory.exists() {
        return Ok(());
    }
    let mut paths = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("cannot list {}", directory.display()))?;
    paths.sort();
    for path in paths {
        path.file_name().hash(hasher);
        if path.is_dir() {
            hash_tree(&path, hasher)?;
        } else {
            fs::read(&path)
                .with_context(|| format!("cannot read {}", path.display()))?
                .hash(hasher);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_migration_is_another_template() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("1_first")).unwrap();
        let sql = folder.path().join("1_first/up.sql");
        fs::write(&sql, "create table a (id text)").unwrap();
        let before = key("auth", folder.path()).unwrap();
        assert_eq!(before, key("auth", folder.path()).unwrap());
        assert_ne!(before, key("event", folder.path()).unwrap());
        fs::write(&sql, "create table b (id text)").unwrap();
        assert_ne!(before, key("auth", folder.path()).unwrap());
    }
}
