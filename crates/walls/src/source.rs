//! Source files as the walls read them: by line, comments cut off, tests told apart.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// One source file.
#[derive(Debug)]
pub struct Source {
    /// Where it stands, from the root, with forward slashes.
    pub path: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of a source file.
#[derive(Debug)]
pub struct Line {
    /// Counted from one.
    pub number: usize,
    /// As it is written.
    pub text: String,
    /// Whether it is inside a test module.
    pub is_test: bool,
}

impl Line {
    /// Returns the line without its comment.
    pub fn code(&self) -> &str {
        let trimmed = self.text.trim_start();
        if trimmed.starts_with("//") || trimmed.starts_with("--") {
            return "";
        }
        self.text
            .split_once(" // ")
            .map_or(self.text.as_str(), |(code, _)| code)
    }
}

impl Source {
    /// Reads a file below the root.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(root: &Path, file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let path = file.strip_prefix(root).unwrap_or(file);
        Ok(Self {
            path: path.to_string_lossy().replace('\\', "/"),
            lines: lines(&text),
        })
    }

    /// Tells whether the whole file is a test.
    pub fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| matches!(part, "tests" | "tests.rs"))
    }

    /// Returns the lines that are part of the product.
    pub fn product(&self) -> impl Iterator<Item = &Line> {
        let whole = self.is_test();
        self.lines.iter().filter(move |line| !whole && !line.is_test)
    }

    /// Says what is wrong in a line.
    pub fn complain(&self, line: &Line, what: &str) -> String {
        format!("{}:{}: {what}", self.path, line.number)
    }
}

/// Returns the files with one of these endings, wherever they stand below the root; build folders are passed over.
///
/// # Errors
/// When a folder cannot be listed.
pub fn files(root: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(root, endings, &mut found)?;
    found.sort();
    Ok(found)
}

/// Reads the files that [`files`] finds.
///
/// # Errors
/// When one cannot be read.
pub fn sources(root: &Path, endings: &[&str]) -> anyhow::Result<Vec<Source>> {
    files(root, endings)?
        .iter()
        .map(|file| Source::read(root, file))
        .collect()
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            let hidden = name.starts_with('.') && name != ".ci";
            // Cargo marks its build folder with this file, whatever it is called.
            if !hidden && name != "target" && !path.join("CACHEDIR.TAG").exists() {
                collect(&path, endings, found)?;
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    Ok(())
}

/// Splits a text into lines. A test module is what follows `#[cfg(test)]` at the left edge, up to the brace at the
/// left edge that closes it: the formatter puts both there.
fn lines(text: &str) -> Vec<Line> {
    #[derive(PartialEq)]
    enum At {
        Product,
        Attribute,
        Module,
    }
    let mut at = At::Product;
    let mut lines = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if at == At::Product && text.starts_with("#[cfg(test)]") {
            at = At::Attribute;
        }
        lines.push(Line {
            number: index + 1,
            text: text.to_owned(),
            is_test: at != At::Product,
        });
        at = match at {
            At::Attribute if text.starts_with('#') => At::Attribute,
            At::Attribute if text.ends_with('{') => At::Module,
            At::Module if text != "}" => At::Module,
            _ => At::Product,
        };
    }
    lines
}

/// Tells whether a text holds a word, and not only a longer one that contains it.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_modules_are_told_apart() {
        let text = "fn a() {}\n#[cfg(test)]\nmod hidden;\nfn b() {}\n#[cfg(test)]\n#[path = \"x\"]\nmod tests {\n    fn c() {\n    }\n}\nfn d() {}\n";
        let product: Vec<_> = lines(text)
            .into_iter()
            .filter(|line| !line.is_test)
            .map(|line| line.text)
            .collect();
        assert_eq!(product, ["fn a() {}", "fn b() {}", "fn d() {}"]);
    }

    #[test]
    fn comments_are_no_code() {
        let code = |text: &str| {
            lines(text)
                .into_iter()
                .map(|line| line.code().to_owned())
                .collect::<String>()
        };
        assert_eq!(code("/// about tonic"), "");
        assert_eq!(code("let a = 1; // not tonic"), "let a = 1;");
        assert_eq!(code("let a = \"http://x\";"), "let a = \"http://x\";");
    }

    #[test]
    fn words_have_edges() {
        assert!(has_word("use tonic::Status;", "tonic"));
        assert!(!has_word("use tonic_prost::Codec;", "tonic"));
        assert!(!has_word("supertonic", "tonic"));
        assert!(has_word("tonic_x tonic", "tonic"));
    }
}
