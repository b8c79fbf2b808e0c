//! What an authenticator app computes (RFC 6238).

use totp_rs::{Algorithm, Builder};

/// The secret that a new credential shows.
pub(crate) fn secret(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in text.chars() {
        let at = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
        bits = (bits << 5) | u32::try_from(at).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

/// The code at a moment, in Unix seconds.
pub(crate) fn code(secret: &[u8], at: u64) -> String {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(<[u8; 20]>::try_from(secret).unwrap())
        .build()
        .unwrap();
    totp.generate(at).to_string()
}
