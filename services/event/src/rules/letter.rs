//! What a mail says: the built-in ones, and those that a hook has templates for (contract 5.4).

use gantry_kernel::Locale;
use gantry_locales::t;
use serde_json::{Value, json};

use super::hook::Settings;
use super::template::{Kind, Unreadable, render};

/// The frame of the built-in mails.
const FRAME: &str = include_str!("frame.html");
/// The event of a mail that signs in, by a link, by a code, or by either.
const SIGNING_IN: &str = "user.login.requested";
/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// Whom a mail is for, and what it can tell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    /// The user's or the invitation's language, and the realm's.
    pub(crate) locale: Option<String>,
    pub(crate) realm_locale: String,
    pub(crate) realm_name: String,
    pub(crate) org_name: Option<String>,
    pub(crate) inviter_name: Option<String>,
    /// Where the realm's users sign in: the only place that links lead to (T-15).
    pub(crate) login_url: Option<String>,
    pub(crate) token: Option<String>,
    /// Of the event.
    pub(crate) event_type: String,
    pub(crate) ip: Option<String>,
    /// The address of the hook that the event tells of.
    pub(crate) hook: Option<String>,
}

/// A mail but for its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
}

/// Why there is no mail to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoLetter {
    #[error("the hook has no template")]
    NoTemplate,
    #[error(
        "the realm has no address for the link to lead to: give a client app a redirect URI, or the realm a domain"
    )]
    NoLink,
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// The language of a mail: whose it is, then the realm's.
fn locale(facts: &Facts) -> Locale {
    let told = [facts.locale.as_deref(), Some(facts.realm_locale.as_str())];
    told.into_iter().flatten().find_map(Locale::parse).unwrap_or_default()
}

/// What a mail carries of an event's token: what a link is made of, and a code, as people read it.
fn token_and_code(facts: &Facts) -> (Option<&str>, Option<String>) {
    let Some(whole) = facts.token.as_deref() else {
        return (None, None);
    };
    if facts.event_type != SIGNING_IN {
        return (Some(whole), None);
    }
    // `tml:…`, `tml:…:12345678`, `tmc:…:12345678` (ADR 13).
    let mut parts = whole.splitn(3, ':');
    let (word, name, code) = (parts.next(), parts.next(), parts.next());
    let code = code.and_then(|code| code.split_at_checked(4));
    // A dash, and no space: where one writes from right to left, a space would put the second half first.
    let code = code.map(|(one, two)| format!("{one}-{two}"));
    let end = word.zip(name).map_or(0, |(word, name)| word.len() + 1 + name.len());
    (whole.get(..end).filter(|_| word == Some("tml")), code)
}

/// The link of an event: where users sign in, with the token under the name of what it is for.
fn link(facts: &Facts) -> Option<String> {
    let (token, _) = token_and_code(facts);
    let token = token?;
    let name = match facts.event_type.as_str() {
        "user.password.resetting" => "reset_password",
        SIGNING_IN => "login",
        "user.email.verifying" | "user.email.updating" => "verify_email",
        kind if kind.starts_with("invitation.") => "invitation",
        _ => return None,
    };
    let mut url = url::Url::parse(facts.login_url.as_deref()?).ok()?;
    url.query_pairs_mut().append_pair(name, token);
    Some(url.into())
}

/// Which of the built-in mails an event has, by the beginning of its messages' keys.
fn built_in_kind(event_type: &str) -> Option<&'static str> {
    Some(match event_type {
        "user.password.resetting" => "reset",
        SIGNING_IN => "login",
        "user.email.verifying" | "user.email.updating" => "verify",
        "user.password.updated" => "changed",
        "hook.disabled" => "hook_off",
        kind if kind.starts_with("invitation.") && kind.ends_with(".invited") => "invite",
        _ => return None,
    })
}

/// The mail that is built in for an event.
pub(crate) fn built_in(facts: &Facts) -> Result<Letter, NoLetter> {
    let kind = built_in_kind(&facts.event_type).ok_or(NoLetter::NoTemplate)?;
    let locale = locale(facts);
    let name = facts.hook.as_deref().or(facts.org_name.as_deref());
    let name = name.unwrap_or(&facts.realm_name);
    // Names are somebody's own words, and not too many of them.
    let (name, realm) = (line(name), line(&facts.realm_name));
    let args = [("name", name.as_str()), ("realm", realm.as_str())];
    let say = |what: &str| t(locale, &format!("mail.{kind}_{what}"), &args);
    let (subject, text) = (line(&say("subject")), say("text"));
    let (token, code) = token_and_code(facts);
    let link = link(facts);
    if token.is_some() && link.is_none() {
        return Err(NoLetter::NoLink);
    }
    let label = link.as_ref().map(|_| say("link"));
    let code_label = code.as_ref().map(|_| say("code"));
    let frame = json!({
        "lang": locale.as_str(), "dir": direction(locale), "subject": subject, "realm": realm, "text": text,
        "link": link, "label": label, "code": code, "code_label": code_label,
    });
    let html = render(Kind::Html, FRAME, &frame)?;
    let parts = [
        Some(text),
        label.zip(link).map(|(label, link)| format!("{label}:\n{link}")),
        code_label.zip(code).map(|(label, code)| format!("{label}:\n{code}")),
        Some(realm),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    Ok(Letter {
        subject,
        text: Some(text + "\n"),
        html: Some(html),
    })
}

/// Which way a language is written.
fn direction(locale: Locale) -> &'static str {
    if locale.is_rtl() { "rtl" } else { "ltr" }
}

/// The mail that a hook's templates make; the built-in one where it has none.
pub(crate) fn of_hook(settings: &Settings, facts: &Facts) -> Result<Letter, NoLetter> {
    let Some(templates) = settings.email_templates.as_ref().filter(|map| !map.is_empty()) else {
        return built_in(facts);
    };
    let has = |tag: &&str| {
        let wanted = settings.locales.is_empty() || settings.locales.iter().any(|known| known == tag);
        wanted && templates.contains_key(*tag)
    };
    let wanted = [locale(facts).as_str(), facts.realm_locale.as_str(), "en"];
    let any = || templates.keys().map(String::as_str).next();
    let tag = wanted.into_iter().find(has).or_else(any).ok_or(NoLetter::NoTemplate)?;
    let template = templates.get(tag).map(String::as_str).unwrap_or_default();
    let of = |map: &Option<std::collections::BTreeMap<String, String>>| map.as_ref()?.get(tag).cloned();
    let values = values(facts);
    let subject = match of(&settings.email_subjects) {
        Some(subject) => line(&render(Kind::Text, &subject, &values)?),
        None => line(&facts.realm_name),
    };
    let (text, html) = match of(&settings.email_renderers).as_deref() {
        Some("text") => (Some(render(Kind::Text, template, &values)?), None),
        Some("html") => (None, Some(render(Kind::Html, template, &values)?)),
        Some("html+text") => {
            let html = render(Kind::Html, template, &values)?;
            (Some(without_tags(&html)), Some(html))
        }
        // Markdown reads well as it is, too.
        _ => {
            let markdown = render(Kind::Markdown, template, &values)?;
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&markdown));
            (Some(render(Kind::Text, template, &values)?), Some(html))
        }
    };
    Ok(Letter { subject, text, html })
}

/// What templates can show.
fn values(facts: &Facts) -> Value {
    let org = facts.org_name.as_ref().map(|name| json!({"name": name}));
    let inviter = facts.inviter_name.as_ref().map(|name| json!({"name": name}));
    let (token, code) = token_and_code(facts);
    json!({
        "user": {
            "email": facts.email, "name": facts.name, "first_name": facts.first_name, "last_name": facts.last_name,
        },
        "realm": {"name": facts.realm_name},
        "org": org,
        "inviter": inviter,
        "event_type": facts.event_type,
        "ip": facts.ip,
        "login_url": facts.login_url,
        "link": link(facts),
        "token": token,
        "code": code,
    })
}

/// One line, and not too long: what a header can hold.
pub(crate) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    joined.chars().take(SUBJECT).collect()
}

/// What is left of HTML for those who read text: links keep their address.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        let Some((tag, behind)) = after.split_once('>') else {
            break;
        };
        let name = tag
            .split(|c: char| c.is_whitespace() || c == '/')
            .find(|part| !part.is_empty());
        match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "br" | "p" | "div" | "tr" | "li" | "h1" | "h2" | "h3" => out.push('\n'),
            "a" if !tag.starts_with('/') => {
                if let Some((address, _)) = tag.split_once("href=\"").and_then(|(_, href)| href.split_once('"')) {
                    out.push_str(address);
                    out.push(' ');
                }
            }
            _ => {}
        }
        rest = behind;
    }
    if !rest.contains('<') {
        out.push_str(rest);
    }
    for (entity, sign) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, sign);
    }
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            email: "ana@b.example".to_owned(),
            name: "Ana <i>".to_owned(),
            realm_locale: "en".to_owned(),
            realm_name: "Acme & Sons".to_owned(),
            login_url: Some("https://app.example/start?x=1".to_owned()),
            token: Some("tpw:abc".to_owned()),
            event_type: "user.password.resetting".to_owned(),
            ..Facts::default()
        }
    }

    fn settings(renderer: &str, template: &str) -> Settings {
        let map = |text: &str| Some([("en".to_owned(), text.to_owned())].into());
        Settings {
            email_subjects: map("Hi {{ user.name }}"),
            email_templates: map(template),
            email_renderers: map(renderer),
            ..Settings::default()
        }
    }

    #[test]
    fn t_15_a_built_in_mail_links_to_where_the_realm_s_users_sign_in() {
        let letter = built_in(&facts()).unwrap();
        let link = "https://app.example/start?x=1&reset_password=tpw%3Aabc";
        assert!(letter.text.unwrap().contains(link));
        let html = letter.html.unwrap();
        assert!(html.contains("Acme &amp; Sons"), "{html}");
        let nowhere = Facts {
            login_url: None,
            ..facts()
        };
        assert_eq!(built_in(&nowhere), Err(NoLetter::NoLink));
    }

    #[test]
    fn the_language_is_the_recipient_s_else_the_realm_s() {
        for (own, realm, lang) in [
            (Some("es"), "ja", "es"),
            (None, "ja", "ja"),
            (Some("xx"), "es-MX", "es"),
            (None, "", "en"),
        ] {
            let facts = Facts {
                locale: own.map(str::to_owned),
                realm_locale: realm.to_owned(),
                ..facts()
            };
            let html = built_in(&facts).unwrap().html.unwrap();
            assert!(html.contains(&format!("lang=\"{lang}\"")), "{own:?} {realm}");
        }
    }

    #[test]
    fn each_built_in_mail_has_its_texts_in_every_language() {
        for event_type in [
            "user.password.resetting",
            "user.email.verifying",
            "user.email.updating",
            "user.login.requested",
            "user.password.updated",
            "invitation.org.invited",
        ] {
            for locale in Locale::ALL {
                let facts = Facts {
                    event_type: event_type.to_owned(),
                    locale: Some(locale.as_str().to_owned()),
                    token: (event_type != "user.password.updated").then(|| "tml:x:12345678".to_owned()),
                    ..facts()
                };
                let letter = built_in(&facts).unwrap();
                let unknown = t(*locale, "error.unknown", &[]);
                assert!(
                    !letter.subject.is_empty() && letter.subject != unknown,
                    "{event_type} {locale}"
                );
                assert!(!letter.text.unwrap().contains(&unknown), "{event_type} {locale}");
            }
        }
    }

    #[test]
    fn a_mail_that_signs_in_has_a_link_a_code_or_both() {
        let of = |token: &str| Facts {
            token: Some(token.to_owned()),
            event_type: SIGNING_IN.to_owned(),
            ..facts()
        };
        let (link, code) = ("https://app.example/start?x=1&login=tml%3Aabc", "1234-5678");
        for (token, has_link, has_code) in [
            ("tml:abc", true, false),
            ("tml:abc:12345678", true, true),
            ("tmc:abc:12345678", false, true),
        ] {
            let letter = built_in(&of(token)).unwrap();
            let text = letter.text.unwrap();
            assert_eq!(
                (text.contains(link), text.contains(code)),
                (has_link, has_code),
                "{text}"
            );
            assert!(!text.contains("tmc") && !text.contains("12345678"), "{text}");
            let html = letter.html.unwrap();
            assert_eq!(
                (html.contains("<a "), html.contains(code)),
                (has_link, has_code),
                "{html}"
            );
            let settings = settings("text", "{{ link }} {{ token }} {{ code }}");
            let own = of_hook(&settings, &of(token)).unwrap().text.unwrap();
            assert_eq!((own.contains(link), own.contains(code)), (has_link, has_code), "{own}");
            assert_eq!(own.contains(" tml:abc "), has_link, "{own}");
        }
        // A code leads nowhere, so it needs no place to lead to.
        let nowhere = |token: &str| Facts {
            login_url: None,
            ..of(token)
        };
        assert!(built_in(&nowhere("tmc:abc:12345678")).is_ok());
        assert_eq!(built_in(&nowhere("tml:abc:12345678")), Err(NoLetter::NoLink));
    }

    #[test]
    fn a_hook_s_templates_are_rendered_as_it_says() {
        let of = |renderer: &str, template: &str| of_hook(&settings(renderer, template), &facts()).unwrap();
        let letter = of("markdown", "# Hi {{ user.name }}\n\n[Go]({{ link }})");
        assert_eq!(letter.subject, "Hi Ana <i>");
        let html = letter.html.unwrap();
        assert!(html.starts_with("<h1>Hi Ana &lt;i&gt;</h1>"), "{html}");
        assert!(letter.text.unwrap().starts_with("# Hi Ana <i>\n"));
        let letter = of("text", "Hi {{ user.name }}");
        assert_eq!((letter.text.as_deref(), letter.html), (Some("Hi Ana <i>"), None));
        let letter = of("html", "<p>{{ user.name }}</p>");
        assert_eq!(
            (letter.text, letter.html.as_deref()),
            (None, Some("<p>Ana &lt;i&gt;</p>"))
        );
        let letter = of(
            "html+text",
            "<p>Hi {{ user.name }}</p><a href=\"{{ login_url }}\">Go</a>",
        );
        assert_eq!(letter.text.unwrap(), "Hi Ana <i>\nhttps://app.example/start?x=1 Go\n");
        // Without templates it is the built-in mail; without that there is none.
        let none = Settings::default();
        assert_eq!(of_hook(&none, &facts()), built_in(&facts()));
        let other = Facts {
            event_type: "user.created".to_owned(),
            ..facts()
        };
        assert_eq!(of_hook(&none, &other), Err(NoLetter::NoTemplate));
    }

    #[test]
    fn t_29_a_subject_is_one_line() {
        assert_eq!(line("a\r\nBcc: x@y.example\t b"), "a Bcc: x@y.example b");
        assert_eq!(line(&"ñ".repeat(1000)).chars().count(), SUBJECT);
    }
}
