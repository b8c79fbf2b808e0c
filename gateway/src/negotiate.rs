//! What a request may ask about form: `Accept`, `Content-Type`, `Expect` (contract 1.3, 1.6).

use gantry_kernel::{Problem, Reason};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, EXPECT};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// Nothing was sent: an empty object.
    Empty,
    /// JSON.
    Json,
    /// A form: `application/x-www-form-urlencoded`.
    Form,
}

/// Checks that the caller takes JSON.
///
/// # Errors
/// [`Reason::NotAcceptable`] when `Accept` leaves JSON out or gives it weight 0. A header that is missing or says
/// nothing readable asks for nothing.
pub fn check_accept(headers: &HeaderMap) -> Result<(), Problem> {
    let lines = headers
        .get_all(ACCEPT)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let ranges = lines.flat_map(|line| line.split(',')).filter_map(media_range);
    let mut any = false;
    // The most specific range that takes in JSON decides (RFC 9110 12.5.1).
    let mut best: Option<(u8, bool)> = None;
    for (specificity, wanted) in ranges {
        any = true;
        if let Some(specificity) = specificity {
            let better = best.is_none_or(|(so_far, good)| specificity > so_far || (specificity == so_far && !good));
            if better {
                best = Some((specificity, wanted));
            }
        }
    }
    match best {
        Some((_, true)) => Ok(()),
        None if !any => Ok(()),
        _ => Err(Reason::NotAcceptable.into()),
    }
}

/// Reads a media range: how closely it fits JSON (`None` when it does not) and whether its weight is above 0.
fn media_range(element: &str) -> Option<(Option<u8>, bool)> {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next()?.to_ascii_lowercase();
    if range.is_empty() || (range != "*" && !range.contains('/')) {
        return None;
    }
    let specificity = match range.as_str() {
        "application/json" => Some(2),
        "application/*" => Some(1),
        // A lone star is how old Java clients write it.
        "*/*" | "*" => Some(0),
        _ => None,
    };
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let zero = weight.is_some_and(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0));
    Some((specificity, !zero))
}

/// Finds out how the body is written.
///
/// # Errors
/// [`Reason::UnsupportedMediaType`] for any type but JSON and form, for a charset that is not UTF-8, and for a body
/// that comes without a type.
pub fn body_kind(headers: &HeaderMap, body_is_empty: bool) -> Result<BodyKind, Problem> {
    let unsupported = || Problem::new(Reason::UnsupportedMediaType);
    let mut lines = headers.get_all(CONTENT_TYPE).into_iter();
    let line = match (lines.next(), lines.next()) {
        (None, _) if body_is_empty => return Ok(BodyKind::Empty),
        (Some(line), None) => line.to_str().ok().ok_or_else(unsupported)?,
        _ => return Err(unsupported()),
    };
    let mut parts = line.split(';').map(str::trim);
    let kind = match parts.next().map(str::to_ascii_lowercase).as_deref() {
        Some("application/json") => BodyKind::Json,
        Some("application/x-www-form-urlencoded") => BodyKind::Form,
        _ => return Err(unsupported()),
    };
    let other_charset = |part: &str| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            let value = value.trim().trim_matches('"');
            !value.eq_ignore_ascii_case("utf-8") && !value.eq_ignore_ascii_case("utf8")
        }
        _ => false,
    };
    if parts.any(other_charset) {
        return Err(unsupported());
    }
    Ok(if body_is_empty { BodyKind::Empty } else { kind })
}

/// Checks that `Expect` asks for `100-continue` at most, which the server answers by itself when the body is read.
///
/// # Errors
/// [`Reason::ExpectationFailed`] for anything else.
pub fn check_expect(headers: &HeaderMap) -> Result<(), Problem> {
    let good = |line: &http::HeaderValue| line.as_bytes().trim_ascii().eq_ignore_ascii_case(b"100-continue");
    match headers.get_all(EXPECT).into_iter().all(good) {
        true => Ok(()),
        false => Err(Reason::ExpectationFailed.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn check_accept_takes_callers_that_take_json() {
        for lines in [
            &[][..],
            &[""],
            &["application/json"],
            &["Application/JSON; charset=utf-8"],
            &["application/json, text/plain, */*"],
            &["*/*"],
            &["application/*"],
            &["text/html, application/*;q=0.1"],
            &["text/html", "application/json"],
            &["text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"],
            &["*/*;q=0, application/json"],
            &["application/*;q=0, application/json;q=0.001"],
            &["application/json;q=nonsense"],
            &["garbage"],
            &["é"],
        ] {
            assert_eq!(check_accept(&headers("accept", lines)), Ok(()), "{lines:?}");
        }
    }

    #[test]
    fn check_accept_refuses_callers_that_exclude_json() {
        for lines in [
            &["text/html"][..],
            &["application/xml, text/*"],
            &["application/json;q=0"],
            &["application/json; Q=0.000"],
            &["application/json;q=0, */*"],
            &["*/*", "application/*;q=0"],
            &["*/*;q=0"],
            &["text/html, */*;q=0.0"],
            &["application/vnd.api+json"],
            &["application/jsonp"],
        ] {
            assert_eq!(
                check_accept(&headers("accept", lines)).map_err(|problem| problem.reason),
                Err(Reason::NotAcceptable),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn body_kind_knows_json_and_forms() {
        for (line, kind) in [
            ("application/json", BodyKind::Json),
            ("Application/Json;Charset=\"UTF-8\"", BodyKind::Json),
            ("application/json; charset=utf8", BodyKind::Json),
            ("application/json ; odata=verbose", BodyKind::Json),
            ("application/x-www-form-urlencoded; charset=utf-8", BodyKind::Form),
        ] {
            let headers = headers("content-type", &[line]);
            assert_eq!(body_kind(&headers, false), Ok(kind), "{line}");
            assert_eq!(body_kind(&headers, true), Ok(BodyKind::Empty), "{line}");
        }
        assert_eq!(body_kind(&HeaderMap::new(), true), Ok(BodyKind::Empty));
    }

    #[test]
    fn body_kind_refuses_every_other_type() {
        for lines in [
            &[][..],
            &[""],
            &["text/plain"],
            &["text/json"],
            &["application/jsonx"],
            &["application/json, application/json"],
            &["application/json", "application/json"],
            &["application/json; charset=utf-16"],
            &["application/x-www-form-urlencoded;charset=iso-8859-1"],
            &["multipart/form-data; boundary=x"],
            &["é"],
        ] {
            assert_eq!(
                body_kind(&headers("content-type", lines), false).map_err(|problem| problem.reason),
                Err(Reason::UnsupportedMediaType),
                "{lines:?}"
            );
        }
        assert!(body_kind(&headers("content-type", &["text/plain"]), true).is_err());
    }

    #[test]
    fn check_expect_knows_100_continue_only() {
        assert_eq!(check_expect(&HeaderMap::new()), Ok(()));
        assert_eq!(check_expect(&headers("expect", &["100-Continue"])), Ok(()));
        for lines in [&["200-ok"][..], &[""], &["100-continue, x=y"], &["100-continue", "tea"]] {
            assert_eq!(
                check_expect(&headers("expect", lines)).map_err(|problem| problem.reason),
                Err(Reason::ExpectationFailed),
                "{lines:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_header_panics(bytes in proptest::collection::vec(0x20_u8..=0xff, 0..60)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(ACCEPT, value.clone()), (CONTENT_TYPE, value.clone()), (EXPECT, value)]);
                let _ = (check_accept(&headers), body_kind(&headers, false), check_expect(&headers));
            }
        }
    }
}
