//! Keeps secrets out of lines and spans: by the name of a field, and by the look of a text.
//!
//! A net below the rope: code must not log secrets in the first place. What the net knows is listed in docs/LOGGING.md.

use std::borrow::Cow;

/// What stands where a secret was.
pub(crate) const MASK: &str = "***";

/// Names that mean a secret wherever they stand in a field's name.
const ANYWHERE: [&str; 7] = [
    "password",
    "passwd",
    "secret",
    "authorization",
    "cookie",
    "credential",
    "passphrase",
];
/// Names that mean a secret at the end of a field's name (`session_id` and `token_type` are harmless).
const AT_END: [&str; 11] = [
    "token",
    "session_key",
    "session",
    "jwt",
    "otp",
    "api_key",
    "apikey",
    "api-key",
    "api.key",
    "private_key",
    "signing_key",
];

/// Fields that this program fills with its own words alone: ids, templates of routes, names of rpcs and reasons. Never what a client
/// sent.
const OURS: [&str; 10] = [
    "request_id",
    "http.request.method",
    "http.route",
    "rpc.system.name",
    "rpc.method",
    "gantry.realm.id",
    "gantry.key.id",
    "user.id",
    "error.type",
    "http.response.status_code",
];

/// Tells whether a field of this name holds nothing that could be a secret: it is written as it is.
pub(crate) fn is_ours(name: &str) -> bool {
    OURS.contains(&name)
}

/// Tells whether a field of this name holds a secret, whatever it looks like.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.as_bytes();
    let ends = |word: &str| name.len() >= word.len() && starts(name.get(name.len() - word.len()..), word);
    ANYWHERE.iter().any(|word| {
        name.windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    }) || AT_END.iter().any(|word| ends(word))
}

/// Masks everything in a text that looks like a secret.
pub fn redact(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // Without one of these nothing is announced by its name, which is what is dearest to look for.
    let signs = bytes.iter().any(|byte| matches!(byte, b'=' | b':'));
    let mut masked = String::new();
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        let Some((from, to)) = bytes.get(at..).and_then(|rest| secret(rest, signs)) else {
            at += 1;
            continue;
        };
        // Secrets start and end beside ASCII bytes, so the cuts are never within a character.
        masked.push_str(text.get(copied..at + from).unwrap_or_default());
        masked.push_str(MASK);
        copied = at + to;
        at = copied;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Where the secret begins and ends, if one is announced right at the start of `rest`.
fn secret(rest: &[u8], signs: bool) -> Option<(usize, usize)> {
    let named = |rest| if signs { named(rest) } else { None };
    match rest.first()?.to_ascii_lowercase() {
        b'k' => session_key(rest)
            .or_else(|| api_key(rest))
            .or_else(|| one_time_token(rest)),
        b'j' => named(rest).or_else(|| prefixed(rest, "jsk_", 1)),
        b'w' => prefixed(rest, "whsec_", 1),
        b'e' => prefixed(rest, "eyJ", 8),
        b't' => one_time_token(rest).or_else(|| named(rest)),
        b'b' => scheme(rest, "bearer ", 1).or_else(|| scheme(rest, "basic ", 8)),
        b'-' => private_key(rest),
        b':' => url_user(rest),
        b'a' | b'c' | b'o' | b'p' | b's' => named(rest),
        _ => None,
    }
}

/// `kss_` and more than 22 characters opens a session; with 22 it names a record.
fn session_key(rest: &[u8]) -> Option<(usize, usize)> {
    let digits = run(rest, 4, u8::is_ascii_alphanumeric);
    (starts(Some(rest), "kss_") && digits > 22).then_some((4, 4 + digits))
}

/// `ks_<public part>-<secret part>`, its older spellings, and keys that an operator made up.
fn api_key(rest: &[u8]) -> Option<(usize, usize)> {
    let prefix = ["ks_", "ko_", "key_"]
        .into_iter()
        .find(|prefix| starts(Some(rest), prefix))?
        .len();
    let digits = run(rest, prefix, u8::is_ascii_alphanumeric);
    let dash = prefix + digits;
    let secret = run(rest, dash + 1, u8::is_ascii_alphanumeric);
    if digits >= 10 && rest.get(dash) == Some(&b'-') && secret >= 8 {
        return Some((dash + 1, dash + 1 + secret));
    }
    (prefix == 3 && digits > 22).then_some((prefix, prefix + digits))
}

/// `tpw:` and its kin: tokens for resets, verifications and logins that wait for a second factor.
fn one_time_token(rest: &[u8]) -> Option<(usize, usize)> {
    ["tpw", "tve", "tue", "tmf", "kli"]
        .into_iter()
        .find(|prefix| starts(Some(rest), prefix))?;
    let behind = [":", "%3a"]
        .into_iter()
        .find(|colon| starts(rest.get(3..), colon))?
        .len()
        + 3;
    let length = run(rest, behind, is_token_byte);
    (length > 0).then_some((behind, behind + length))
}

fn prefixed(rest: &[u8], prefix: &str, least: usize) -> Option<(usize, usize)> {
    if !rest.starts_with(prefix.as_bytes()) {
        return None;
    }
    let length = run(rest, prefix.len(), is_token_byte);
    (length >= least).then_some((prefix.len(), prefix.len() + length))
}

/// The credentials of an `Authorization` header.
fn scheme(rest: &[u8], name: &str, least: usize) -> Option<(usize, usize)> {
    let length = run(rest, name.len(), is_token_byte);
    (starts(Some(rest), name) && length >= least).then_some((name.len(), name.len() + length))
}

/// A PEM block that holds a private key, up to its end or the text's.
fn private_key(rest: &[u8]) -> Option<(usize, usize)> {
    let body = rest.strip_prefix(b"-----BEGIN ")?;
    let label = body.get(..run(body, 0, |byte| *byte != b'-'))?;
    if !label.ends_with(b"PRIVATE KEY") {
        return None;
    }
    let begin = rest.len() - body.len() + label.len();
    let end = rest.get(begin..)?.windows(9).position(|part| part == b"-----END ");
    Some((begin, end.map_or(rest.len(), |end| begin + end)))
}

/// The user and password of a URL.
fn url_user(rest: &[u8]) -> Option<(usize, usize)> {
    let authority = rest.strip_prefix(b"://")?;
    let length = run(authority, 0, |byte| {
        !byte.is_ascii_whitespace() && !b"/?#\"'<>\\".contains(byte)
    });
    let user = authority.get(..length)?.iter().rposition(|byte| *byte == b'@')?;
    (user > 0).then_some((3, 3 + user))
}

/// `password=…`, `"token": "…"`, `authorization: …` in the middle of a text: a body, a query, a printed struct.
fn named(rest: &[u8]) -> Option<(usize, usize)> {
    let anywhere = ANYWHERE.iter().find(|name| starts(Some(rest), name));
    let name = anywhere.or_else(|| AT_END.iter().find(|name| starts(Some(rest), name)))?;
    let mut at = name.len();
    if anywhere.is_some() {
        at += run(rest, at, |byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    }
    if starts(rest.get(at..), "%5d") {
        at += 3;
    }
    at += run(rest, at, |byte| b"]\"'\\ ".contains(byte));
    let sign = *rest.get(at)?;
    if sign != b'=' && sign != b':' {
        return None;
    }
    at += 1;
    at += run(rest, at, |byte| *byte == b' ');
    if starts(rest.get(at..), "some(") {
        at += 5;
    }
    let escapes = run(rest, at, |byte| *byte == b'\\');
    let from = match rest.get(at + escapes) {
        Some(quote @ (b'"' | b'\'')) => {
            let from = at + escapes + 1;
            return nonempty(from, from + quoted(rest.get(from..)?, *quote, escapes > 0));
        }
        _ => at,
    };
    let until_delimiter = || {
        run(rest, from, |byte| {
            !byte.is_ascii_whitespace() && !b",;&)}]\"'".contains(byte)
        })
    };
    match *name {
        // A header goes on to the end of its line.
        "authorization" | "cookie" => nonempty(from, from + run(rest, from, |byte| !b"\r\n\"'".contains(byte))),
        _ if sign == b'=' => nonempty(from, from + until_delimiter()),
        "password" | "passwd" | "passphrase" | "secret" => nonempty(from, from + until_delimiter()),
        // "token: expired" is prose.
        _ => None,
    }
}

fn nonempty(from: usize, to: usize) -> Option<(usize, usize)> {
    (to > from).then_some((from, to))
}

/// How far a quoted text goes: to its quote, or (within a text that is itself quoted) to its escaped quote.
fn quoted(text: &[u8], quote: u8, escaped: bool) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if escaped && text.get(at + 1) == Some(&quote) => return at,
            // An escaped character; beyond ASCII it is several bytes, none of which is a quote.
            b'\\' => at += 2,
            byte if *byte == quote => return at,
            _ => at += 1,
        }
    }
    text.len()
}

fn starts(text: Option<&[u8]>, word: &str) -> bool {
    text.and_then(|text| text.get(..word.len()))
        .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// How many bytes from `at` on are of one sort.
fn run(text: &[u8], at: usize, sort: impl Fn(&u8) -> bool) -> usize {
    text.get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| sort(byte))
        .count()
}

fn is_token_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONG: &str = "kss_0123456789abcdefghijklMNOPQRSTUV";
    const RECORD: &str = "kss_0123456789abcdefghijkl";

    #[test]
    fn redact_masks_every_known_shape() {
        for (given, shown) in [
            (
                "ks_0vdbINw16QhITBp4iBhgX4-00112233445566778899aabbccddeeff",
                "ks_0vdbINw16QhITBp4iBhgX4-***",
            ),
            ("ks_abcdefghijklmnopqrstuvwxyz012345", "ks_***"),
            ("a jsk_q8Zt7 b", "a jsk_*** b"),
            ("tpw:Ab-1_2 tmf:x tve%3Ayy", "tpw:*** tmf:*** tve%3A***"),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln,", "eyJ***,"),
            (LONG, "kss_***"),
            ("Authorization: Bearer abc.def", "Authorization: ***"),
            ("sent BEARER abc", "sent BEARER ***"),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***"),
            ("postgres://gantry:pw@db:5432/x?y", "postgres://***@db:5432/x?y"),
            ("{\"password\":\"a\\\"b\",\"x\":1}", "{\"password\":\"***\",\"x\":1}"),
            (
                "{\\\"password\\\":\\\"ab\\\",\\\"x\\\":1}",
                "{\\\"password\\\":\\\"***\\\",\\\"x\\\":1}",
            ),
            ("user[password]=hunter2&x=1", "user[password]=***&x=1"),
            ("user%5Bpassword%5D=hunter2&x=1", "user%5Bpassword%5D=***&x=1"),
            (
                "Login { password: Some(\"pä\"), n: 1 }",
                "Login { password: Some(\"***\"), n: 1 }",
            ),
            ("new_password: hunter2", "new_password: ***"),
            ("cookie: a=b; c=d\nx", "cookie: ***\nx"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY***-----END RSA PRIVATE KEY-----",
            ),
        ] {
            assert_eq!(redact(given), shown, "{given}");
        }
    }

    #[test]
    fn redact_leaves_ids_and_prose_alone() {
        for text in [
            RECORD,
            "usr_0123456789abcdefghijkl rq_0123456789abcdefghijkl ks_0123456789abcdefghijkl",
            "token: expired",
            "password too short",
            "the session is over",
            "http://127.0.0.1:8080/v2/login",
            "tasks_done-1",
            "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
            "ünïcödé ✓",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn secret_names_are_known_in_any_spelling() {
        for name in [
            "password",
            "new_password",
            "http.request.header.Authorization",
            "accessToken",
            "session",
            "api_key",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "session_id",
            "token_type",
            "gantry.key.id",
            "http.route",
            "user.id",
            "key",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn t_33_no_canary_survives_whatever_stands_around_it(
            before in "(.{0,20}[ \"'=,({\n])?",
            shape in prop::sample::select(vec![
                "ks_0vdbINw16QhITBp4iBhgX4-{}", "jsk_{}", "tpw:{}", "tmf:{}", "eyJhbGciOi{}", "kss_0123456789abcdefghijkl{}",
                "password={}", "\"token\":\"{}\"", "Bearer {}", "redis://:{}@cache:6379",
            ]),
            after in "([ \"',)}\n].{0,20})?",
        ) {
            let text = format!("{before}{}{after}", shape.replace("{}", "CanarySecret0123456789"));
            prop_assert!(!redact(&text).contains("CanarySecret"), "{}", redact(&text));
        }

        #[test]
        fn redact_takes_any_text(text in "(\\PC|\n|\\\\|\"|password=|kss_|://|eyJ){0,40}") {
            let once = redact(&text).into_owned();
            prop_assert!(!once.is_empty() || text.is_empty());
        }
    }
}
