//! Where a watcher is: opaque to clients, in fact the number of the last event seen, in decimal.

use gantry_kernel::{Problem, Violation};

/// Where a watcher wants to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// With the next event.
    Now,
    /// Behind this event; 0 is before the oldest.
    Behind(i64),
}

/// Reads a cursor.
///
/// # Errors
/// When it is none that [`write()`] wrote.
pub(crate) fn read(text: &str) -> Result<Start, Problem> {
    if text.is_empty() {
        return Ok(Start::Now);
    }
    let digits = text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        // One text a place: what was never handed out is not taken back.
        Ok(seq) if digits && (text == "0" || !text.starts_with('0')) => Ok(Start::Behind(seq)),
        _ => Err(unknown()),
    }
}

/// A cursor that leads nowhere: malformed, or of another installation.
pub(crate) fn unknown() -> Problem {
    Problem::invalid(vec![Violation::new("cursor", "unknown")])
}

/// Writes a cursor.
pub(crate) fn write(seq: i64) -> String {
    seq.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_survives_the_wire(seq in 0..i64::MAX) {
            prop_assert_eq!(read(&write(seq)).unwrap(), Start::Behind(seq));
        }

        #[test]
        fn t_41_a_cursor_is_what_was_written_or_nothing(text in ".{1,24}") {
            if let Ok(Start::Behind(seq)) = read(&text) {
                prop_assert_eq!(write(seq), text);
            }
        }
    }

    #[test]
    fn read_refuses_what_was_never_handed_out() {
        assert_eq!(read("").unwrap(), Start::Now);
        for text in [
            "-1",
            "+1",
            "01",
            "00",
            " 1",
            "1 ",
            "1.0",
            "9223372036854775808",
            "99999999999999999999",
            "１",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
