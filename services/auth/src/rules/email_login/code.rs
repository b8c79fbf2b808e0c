//! Codes of mails: eight digits. With five guesses a code, and a few mails an hour, a stranger guesses one in centuries.

use gantry_kernel::Rng;

use crate::rules::key::digest;

/// Guesses that a code stands.
pub(super) const GUESSES: i64 = 5;
/// Digits of a code.
const DIGITS: usize = 8;
/// How many codes there are: of 128 random bits each comes as often as any other, but for less than one time in 2^100.
const CODES: u128 = 100_000_000;

/// A new code.
pub(super) fn fresh(rng: &dyn Rng) -> String {
    format!("{:08}", rng.u128() % CODES)
}

/// The digits of a code as somebody typed it: spaces and dashes between them do not count, and keyboards have other digits than ours.
pub(super) fn read(typed: &str) -> Option<String> {
    let mut digits = String::with_capacity(DIGITS);
    for c in typed.chars() {
        if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
            continue;
        }
        if digits.len() == DIGITS {
            return None;
        }
        digits.push(digit(c)?);
    }
    (digits.len() == DIGITS).then_some(digits)
}

/// A digit of ASCII, of full width, or of either row of Arabic-Indic ones.
fn digit(c: char) -> Option<char> {
    let zeros = ['0', '\u{ff10}', '\u{660}', '\u{6f0}'];
    let value = zeros.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        (value < 10).then_some(value)
    });
    char::from_digit(value?, 10)
}

/// What is kept of a code: eight digits alone could be found by trying all, so it is digested with what the browser holds.
pub(super) fn hash(handle: &str, code: &str) -> String {
    digest(&format!("{handle} {code}"))
}

#[cfg(test)]
mod tests {
    use gantry_kernel::SeededRng;

    use super::*;

    #[test]
    fn a_code_is_eight_digits_however_it_is_typed() {
        let rng = SeededRng::new(1);
        for _ in 0..100 {
            let code = fresh(&rng);
            assert_eq!(read(&code), Some(code.clone()));
            let (one, two) = code.split_at(4);
            for typed in [
                format!("{one}-{two}"),
                format!(" {one} {two}\n"),
                format!("{one}\u{2013}{two}"),
            ] {
                assert_eq!(read(&typed).as_ref(), Some(&code));
            }
        }
        assert_eq!(read("０１２３４５６７").as_deref(), Some("01234567"));
        assert_eq!(read("٠١٢٣٤٥٦٧").as_deref(), Some("01234567"));
    }

    #[test]
    fn what_is_not_eight_digits_is_no_code() {
        for typed in [
            "",
            "1234567",
            "123456789",
            "1234567a",
            "+1234567",
            "12345678 9",
            "²2345678",
            "1234.5678",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(read(&" ".repeat(100_000)), None);
    }

    #[test]
    fn what_is_kept_of_a_code_depends_on_the_browser() {
        assert_ne!(hash("tmh:a", "12345678"), hash("tmh:b", "12345678"));
        assert_ne!(hash("tmh:a", "12345678"), hash("tmh:a", "12345679"));
    }
}
