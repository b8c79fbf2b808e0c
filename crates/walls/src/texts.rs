//! Every message that code can name exists in every language.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use fluent_syntax::ast::Entry;

use crate::source::{Source, files, sources};

/// Who speaks to people: the folders whose code names messages.
const SPEAKERS: [&str; 5] = [
    "services/auth/src/",
    "services/session/src/",
    "services/event/src/",
    "gateway/src/",
    "crates/rpc/src/",
];
/// Calls that take a field and a message's key, with the place of each among the arguments.
const CALLS: [(&str, Option<usize>, Option<usize>); 11] = [
    ("Violation::new(", Some(0), Some(1)),
    ("Problem::field(", Some(0), Some(1)),
    (".fail(", Some(0), Some(1)),
    ("need(", None, Some(2)),
    ("malformed(", None, Some(0)),
    (".text(", Some(0), None),
    (".required(", Some(0), None),
    (".word(", Some(0), None),
    (".number(", Some(0), None),
    (".custom(", Some(0), None),
    (".locale(", Some(0), None),
];
/// Refuses what other services hand over: nobody reads its fields' names in another language than the log's.
const AMONG_OURSELVES: &str = "services/event/src/rules/append.rs";

/// The texts of one language, as `section.name`.
struct Language {
    file: String,
    keys: BTreeSet<String>,
}

/// Messages and fields that code names, and all reasons, have a text in each of `locales/`.
///
/// # Errors
/// When the tree cannot be read.
pub fn texts_exist(root: &Path) -> anyhow::Result<Vec<String>> {
    let languages = languages(root)?;
    let mut wrong = Vec::new();
    if languages.is_empty() {
        wrong.push("locales: there are no languages".to_owned());
    }
    let mut needed = reasons(root)?;
    needed.extend(inputs(root)?);
    for speaker in SPEAKERS {
        let folder = root.join(speaker);
        if !folder.exists() {
            continue;
        }
        for file in files(&folder, &[".rs"])? {
            named(&Source::read(root, &file)?, &mut needed, &mut wrong);
        }
    }
    for (key, place) in needed {
        for language in languages.iter().filter(|language| !language.keys.contains(&key)) {
            wrong.push(format!("{place}: {} has no text {key}", language.file));
        }
    }
    Ok(wrong)
}

fn languages(root: &Path) -> anyhow::Result<Vec<Language>> {
    let mut found = Vec::new();
    for file in files(&root.join("locales"), &[".ftl"])? {
        let name = format!("locales/{}", file.file_name().unwrap_or_default().to_string_lossy());
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let Ok(resource) = fluent_syntax::parser::parse(text) else {
            anyhow::bail!("{name} is not Fluent");
        };
        let keys = resource.body.into_iter().filter_map(|entry| match entry {
            // `violation-too_long` is the key `violation.too_long`: an identifier of Fluent has no dots.
            Entry::Message(message) if message.value.is_some() => Some(message.id.name.replacen('-', ".", 1)),
            _ => None,
        });
        found.push(Language {
            file: name,
            keys: keys.collect(),
        });
    }
    Ok(found)
}

/// The keys of the closed list of reasons: `Name = "key", 422, Code;`
fn reasons(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for source in sources(&root.join("crates/kernel/src"), &["reason.rs"])? {
        for line in source.product() {
            let entry = line
                .code()
                .trim()
                .strip_suffix(';')
                .and_then(|entry| entry.split_once(" = \""));
            if let Some((name, rest)) = entry
                && name.chars().all(char::is_alphanumeric)
                && let Some((key, _)) = rest.split_once('"')
            {
                let place = format!("crates/kernel/src/{}:{}", source.path, line.number);
                found.push((format!("error.{key}"), place));
            }
        }
    }
    Ok(found)
}

/// The fields that a caller fills in: those of the contract's messages whose name ends in `Input`. Rules name some of them by
/// macros, which the search below does not see.
fn inputs(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let folder = root.join("proto");
    let mut found = Vec::new();
    let protos = if folder.exists() {
        sources(&folder, &[".proto"])?
    } else {
        Vec::new()
    };
    for source in protos {
        let mut inside = false;
        for line in source.product() {
            let words: Vec<_> = line.code().split_whitespace().collect();
            match words.as_slice() {
                ["message", name, ..] => inside = name.ends_with("Input"),
                ["}", ..] => inside = false,
                [_, _, name, "=", ..] if inside && *name != "present" => {
                    found.push((
                        format!("field.{name}"),
                        format!("proto/{}:{}", source.path, line.number),
                    ));
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

/// Collects what a file names. A key that is no text must be one that the function was given: then its caller names it.
fn named(source: &Source, needed: &mut Vec<(String, String)>, wrong: &mut Vec<String>) {
    let lines: Vec<_> = source.product().collect();
    let code: Vec<&str> = lines.iter().map(|line| line.code()).collect();
    let code = code.join("\n");
    for (call, field, key) in CALLS {
        for (at, _) in code.match_indices(call) {
            let before = code.get(..at).unwrap_or_default();
            // A method has its receiver before its dot; a function's name may be the end of a longer one.
            let longer = !call.starts_with('.') && before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if longer || before.ends_with("fn ") {
                continue;
            }
            let index = before.matches('\n').count();
            let place = lines
                .get(index)
                .map_or_else(String::new, |line| format!("{}:{}", source.path, line.number));
            let arguments = arguments(code.get(at + call.len()..).unwrap_or_default());
            if let Some(key) = key.and_then(|key| arguments.get(key)) {
                match text(key) {
                    Some(key) => needed.push((format!("violation.{key}"), place.clone())),
                    None if *key == "key" => {}
                    None => wrong.push(format!("{place}: {key} is no text: write the message's key here")),
                }
            }
            let field = field
                .and_then(|field| arguments.get(field))
                .and_then(|field| text(field));
            if let Some(field) = field.filter(|field| !field.is_empty() && source.path != AMONG_OURSELVES) {
                needed.push((format!("field.{field}"), place));
            }
        }
    }
}

fn text(argument: &str) -> Option<&str> {
    argument.strip_prefix('"')?.strip_suffix('"')
}

/// Splits what follows an opening parenthesis into the arguments of the call.
fn arguments(rest: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0_i32, false, 0);
    let mut found = Vec::new();
    for (at, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                found.push(rest.get(start..at).unwrap_or_default().trim());
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(rest.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_apart() {
        assert_eq!(
            arguments("\"a, b\", f(x, [y]), key).with(1)"),
            ["\"a, b\"", "f(x, [y])", "key"]
        );
        assert_eq!(
            arguments("\n    \"\",\n    \"needs_filter\",\n)"),
            ["\"\"", "\"needs_filter\"", ""]
        );
    }
}
