//! One-time codes of an authenticator app (RFC 6238: SHA-1, 6 digits, steps of 30 seconds, one step early or late).

use gantry_kernel::{Rng, Secret};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use totp_rs::{Algorithm, Builder, Totp};

/// Bytes of a secret: RFC 4226 recommends 160 bits.
const SECRET_LEN: usize = 20;
/// Seconds of a step.
const STEP: u64 = 30;
/// The letters of base32 (RFC 4648), in which apps take a secret.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
pub(crate) fn fresh(rng: &dyn Rng) -> [u8; SECRET_LEN] {
    let mut secret = [0; SECRET_LEN];
    rng.fill(&mut secret);
    secret
}

/// The time step that a code belongs to, if it is a secret's code of about now. Spaces between the digits do not count.
pub(crate) fn step_of(secret: &[u8], code: &str, now_ms: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now_ms.div_euclid(1000)).ok()?;
    let step = totp(secret)?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP)
        .with_secret(<[u8; SECRET_LEN]>::try_from(secret).ok()?)
        .build()
        .ok()
}

/// What an app needs to be set up.
pub(crate) struct Provisioning {
    /// The secret in base32.
    pub(crate) secret: Secret,
    /// The same in an address that apps understand.
    pub(crate) uri: Secret,
    /// The address as a picture; `None` when it is too long for one.
    pub(crate) svg: Option<Secret>,
}

/// What an app needs to be set up for an account at an issuer.
pub(crate) fn provisioning(secret: &[u8], issuer: &str, account: &str) -> Provisioning {
    let secret = base32(secret);
    // A colon parts issuer and account.
    let issuer = issuer.replace(':', " ");
    let uri = format!(
        "otpauth://totp/{}:{}?secret={secret}&issuer={}&algorithm=SHA1&digits=6&period={STEP}",
        escaped(&issuer),
        escaped(account),
        escaped(&issuer),
    );
    let svg = QrCode::with_error_correction_level(&uri, EcLevel::M).ok();
    Provisioning {
        secret: Secret::new(secret),
        svg: svg.map(|code| Secret::new(code.render::<svg::Color<'_>>().min_dimensions(200, 200).build())),
        uri: Secret::new(uri),
    }
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(letter(bits >> held));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(letter(bits << (5 - held)));
    }
    text
}

fn letter(bits: u32) -> char {
    let at = usize::try_from(bits & 31).unwrap_or_default();
    BASE32.get(at).copied().map_or('A', char::from)
}

/// Escapes all but RFC 3986's unreserved characters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const RFC: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // The last six of the eight digits of the appendix's table.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(RFC, code, seconds * 1000), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn t_13_a_code_is_good_one_step_early_and_late_and_no_more() {
        let at = 1_111_111_109;
        let step = at / 30;
        for (shift, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = step_of(RFC, "081804", (step + shift) * 30_000);
            assert_eq!(found, good.then_some(step), "{shift}");
        }
    }

    #[test]
    fn t_13_spaces_make_no_other_code() {
        let now = 59_000;
        for code in ["287082", " 287 082 ", "287\u{a0}082"] {
            assert_eq!(step_of(RFC, code, now), Some(1), "{code}");
        }
        for code in [
            "",
            "28708",
            "2870820",
            "+87082",
            "28708x",
            "２８７０８２",
            "-287082",
            "287082\0",
        ] {
            assert_eq!(step_of(RFC, code, now), None, "{code}");
        }
        assert_eq!(step_of(b"short", "287082", now), None);
        assert_eq!(step_of(RFC, "287082", -1), None);
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn what_an_app_needs_names_issuer_and_account() {
        let made = provisioning(RFC, "Acme: Ñ & co", "a+b@example.com");
        assert_eq!(made.secret.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            made.uri.expose(),
            "otpauth://totp/Acme%20%20%C3%91%20%26%20co:a%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Acme%20%20%C3%91%20%26%20co&algorithm=SHA1&digits=6&period=30"
        );
        let svg = made.svg.unwrap();
        assert!(svg.expose().starts_with("<?xml") && svg.expose().contains("<svg"));
        // Longer than any QR code holds: the address alone must do.
        assert!(provisioning(RFC, &"ñ".repeat(1000), "a@b.c").svg.is_none());
    }
}
