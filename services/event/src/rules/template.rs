//! Templates of mails that a realm's manager wrote (T-29).
//!
//! A template shows values and leaves parts out (`{{ user.name }}`, `{% if org %}…{% endif %}`, a `default` for what is absent) and no
//! more. So what it makes is hardly longer than itself, whoever wrote it; and a value is always text, never markup or a link.

use std::io::{self, Write};

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

/// The most steps, and the most bytes of what is made.
const FUEL: u64 = 20_000;
const OUT: usize = 256 * 1024;
/// The words that stand between `{%` and `%}`.
const WORDS: [&str; 7] = ["if", "elif", "else", "endif", "not", "and", "or"];
/// What may be done to a value.
const FILTERS: [&str; 5] = ["default", "lower", "title", "trim", "upper"];

/// Why there is no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// It is no template, or one that says more than it may.
    #[error("the template cannot be read")]
    Text,
    /// It makes more than any mail holds.
    #[error("the template makes too much")]
    TooMuch,
}

/// What a template makes, by which values in it are kept from being anything but text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Html,
    Markdown,
}

/// Fills a template in.
pub(crate) fn render(kind: Kind, template: &str, facts: &serde_json::Value) -> Result<String, Unreadable> {
    if !is_plain(template) {
        return Err(Unreadable::Text);
    }
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_fuel(Some(FUEL));
    env.add_filter("default", minijinja::filters::default);
    env.add_filter("lower", minijinja::filters::lower);
    env.add_filter("title", minijinja::filters::title);
    env.add_filter("trim", minijinja::filters::trim);
    env.add_filter("upper", minijinja::filters::upper);
    env.set_auto_escape_callback(move |_| match kind {
        Kind::Html => AutoEscape::Html,
        Kind::Text | Kind::Markdown => AutoEscape::None,
    });
    env.set_formatter(move |out, state, value| {
        if matches!(value.kind(), ValueKind::Undefined | ValueKind::None) {
            return Ok(());
        }
        // A value is one line of text, whatever it was made of.
        let text: String = value
            .to_string()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        match kind {
            Kind::Markdown => minijinja::escape_formatter(out, state, &Value::from(quoted(&text))),
            Kind::Text | Kind::Html => minijinja::escape_formatter(out, state, &Value::from(text)),
        }
    });
    let template = env.template_from_str(template).map_err(|_wrong| Unreadable::Text)?;
    let mut made = Bounded(Vec::new());
    match template.render_captured_to(Value::from(minijinja::value::Serde(told(facts))), &mut made) {
        Ok(_) => String::from_utf8(made.0).map_err(|_not_text| Unreadable::Text),
        Err(_) if made.0.len() >= OUT => Err(Unreadable::TooMuch),
        Err(error) if error.kind() == minijinja::ErrorKind::OutOfFuel => Err(Unreadable::TooMuch),
        Err(_) => Err(Unreadable::Text),
    }
}

/// What is null is not there: `default` speaks for it.
fn told(facts: &serde_json::Value) -> serde_json::Value {
    match facts {
        serde_json::Value::Object(map) => {
            let there = map.iter().filter(|(_, value)| !value.is_null());
            there.map(|(name, value)| (name.clone(), told(value))).collect()
        }
        other => other.clone(),
    }
}

/// Markdown in which a text means itself: any sign of ASCII can be quoted.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a template only shows values and leaves parts out. Whatever can make long texts of short ones, switch the escaping off or
/// call something is not among what is known.
pub(crate) fn is_plain(template: &str) -> bool {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let (close, words): (&str, &[&str]) = match after.chars().next() {
            Some('{') => ("}}", &[]),
            Some('%') => ("%}", &WORDS),
            Some('#') => ("#}", &[]),
            _ => {
                rest = after;
                continue;
            }
        };
        let comment = close == "#}";
        let Some((inside, behind)) = after.get(1..).and_then(|after| after.split_once(close)) else {
            return false;
        };
        if !comment && !is_expression(inside.trim_matches(['-', '+']), words) {
            return false;
        }
        rest = behind;
    }
    true
}

/// Names with dots, filters of ours behind a bar, and plain texts for `default`.
fn is_expression(inside: &str, words: &[&str]) -> bool {
    let mut rest = inside;
    let mut filter = false;
    let mut first = true;
    loop {
        rest = rest.trim_start();
        let Some(c) = rest.chars().next() else { return true };
        if c == '|' {
            filter = true;
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let known = match (filter, first && !words.is_empty()) {
            (true, _) => FILTERS.contains(&word),
            (false, true) => matches!(word, "if" | "elif" | "else" | "endif"),
            // The words of other statements are no names here.
            (false, false) => words.contains(&word) || is_name(word),
        };
        if word.is_empty() || !known {
            return false;
        }
        rest = behind;
        if filter && word == "default" {
            match argument(behind) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        (filter, first) = (false, false);
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What is behind `("text")`.
fn argument(rest: &str) -> Option<&str> {
    let rest = rest.trim_start().strip_prefix('(')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (text, behind) = rest.get(1..)?.split_once(quote)?;
    if text.contains('\\') || text.contains(['{', '}', '%']) {
        return None;
    }
    behind.trim_start().strip_prefix(')')
}

/// Takes so many bytes and no more.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUT {
            self.0.resize(OUT, b' ');
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn made(kind: Kind, template: &str) -> Result<String, Unreadable> {
        let facts = json!({
            "user": {"name": "<b>[Ana](https://evil.example)\r\n", "first_name": null},
            "link": "https://a.example/?x=1&y=a_b_c", "org": null,
        });
        render(kind, template, &facts)
    }

    #[test]
    fn values_are_shown_and_parts_left_out() {
        let template =
            "Hi {{ user.first_name|default('you') }}{% if org %}, of {{ org.name }}{% else %}!{% endif %}{# never #}";
        assert_eq!(made(Kind::Text, template).unwrap(), "Hi you!");
        assert_eq!(made(Kind::Text, "{{ nothing.at.all }}a { b } {").unwrap(), "a { b } {");
    }

    #[test]
    fn t_29_a_value_is_text_in_every_kind_of_mail() {
        let html = made(Kind::Html, "{{ user.name }}").unwrap();
        assert!(!html.contains('<') && !html.contains('\n'), "{html}");
        let markdown = made(Kind::Markdown, "{{ user.name }} [Go]({{ link }})").unwrap();
        let mut shown = String::new();
        pulldown_cmark::html::push_html(&mut shown, pulldown_cmark::Parser::new(&markdown));
        assert_eq!(shown.matches("<a ").count(), 1, "{shown}");
        assert!(
            shown.contains(r#"<a href="https://a.example/?x=1&amp;y=a_b_c">Go</a>"#),
            "{shown}"
        );
        assert!(!shown.contains("<b>"));
    }

    #[test]
    fn t_29_what_could_run_away_or_switch_escaping_off_is_no_template() {
        for bad in [
            "{{ user.name|safe }}",
            "{% autoescape false %}{{ user.name }}{% endautoescape %}",
            "{% set x = link ~ link %}",
            "{% for a in user %}x{% endfor %}",
            "{{ link * 1000000 }}",
            "{{ link ~ link }}",
            "{{ 'a'|default('b') ~ link }}",
            "{% if link in [1] %}{% endif %}",
            "{{ link()|upper }}",
            "{% with a=1 %}{% endwith %}",
            "{% raw %}{% endraw %}",
            "{% include 'x' %}",
            "{{ link",
            "{{ link|default(user) }}",
            "{{",
            "{%-set x%}{%endset%}",
            "{% if %}",
            "{% endif %}",
        ] {
            assert_eq!(made(Kind::Html, bad), Err(Unreadable::Text), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_long(template in "([a-z {}%#|.()'\"~*-]|\\{\\{|\\}\\}|\\{%|%\\}|if|set|for){0,40}") {
            if let Ok(text) = made(Kind::Html, &template) {
                prop_assert!(text.len() < 4096);
            }
        }
    }
}
