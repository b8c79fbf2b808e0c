//! Recovery codes: what stands in, once each, for a second factor that was lost (T-14).

use gantry_kernel::{RealmId, Rng, Secret};

use super::key::digest;
use crate::store::RecoveryCodeRow;

/// Codes that a user gets at a time.
const COUNT: usize = 10;
/// Characters of a code: 80 bits, so that one round of a fast hash is enough.
const LEN: usize = 16;
/// Characters between two dashes.
const GROUP: usize = 4;
/// Digits and letters without those that people take for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Codes for a user, as they are shown once, and what is kept of them.
pub(crate) fn fresh(rng: &dyn Rng, realm: &RealmId, user: &str, now: i64) -> (Vec<Secret>, Vec<RecoveryCodeRow>) {
    let code = |_| {
        let mut bytes = [0_u8; LEN];
        rng.fill(&mut bytes);
        let letters = bytes.map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from));
        let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
        let row = RecoveryCodeRow {
            code_hash: hash(user, &letters.iter().collect::<String>()),
            realm_id: realm.as_str().to_owned(),
            user_id: user.to_owned(),
            created_at: now,
        };
        (Secret::new(groups.join("-")), row)
    };
    (0..COUNT).map(code).unzip()
}

/// What would be kept of a text, when it can be a user's recovery code. Case, spaces and dashes do not count, and letters that look
/// like digits are these.
pub(crate) fn read(user: &str, text: &str) -> Option<String> {
    let plain = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(LEN + 1)
        .map(plain)
        .collect();
    let known = |c: char| u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
    (code.len() == LEN && code.chars().all(known)).then(|| hash(user, &code))
}

/// A user's code is nobody else's, whatever its letters.
fn hash(user: &str, code: &str) -> String {
    digest(&format!("{user} {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, SeededRng};

    #[test]
    fn t_14_a_code_is_found_as_people_write_it_and_for_its_user_alone() {
        let (codes, rows) = fresh(&SeededRng::new(1), &RealmId::from_bits(1), "usr_a", 1);
        assert_eq!((codes.len(), rows.len()), (COUNT, COUNT));
        for (code, row) in codes.iter().zip(&rows) {
            let code = code.expose();
            assert_eq!(code.len(), LEN + 3);
            let written = [
                code.to_owned(),
                code.to_uppercase(),
                code.replace('-', ""),
                format!(" {} ", code.replace('-', " ")),
                code.replace('1', "l").replace('0', "O"),
            ];
            for text in written {
                assert_eq!(read("usr_a", &text).as_ref(), Some(&row.code_hash), "{text}");
            }
            assert_ne!(read("usr_b", code).as_ref(), Some(&row.code_hash));
            assert!(!format!("{row:?}").contains(&code.replace('-', "")));
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_not_looked_up() {
        for text in [
            "",
            "123456",
            "0123-4567-89ab-cde",
            "0123-4567-89ab-cdefg",
            "0123-4567-89ab-cdeu",
            "éééééééé",
        ] {
            assert_eq!(read("usr_a", text), None, "{text}");
        }
        assert_eq!(read("usr_a", &"0".repeat(1_000_000)), None);
    }
}
