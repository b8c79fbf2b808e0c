//! The key that opens a session: the record's id, and a code over it that only this installation can make.
//!
//! The database keeps the record's id alone, so a copy of it opens nothing; a forged key is refused before the database is
//! asked (T-22).

use aws_lc_rs::hmac;
use gantry_kernel::{Id, SessionId, base62};
use subtle::ConstantTimeEq;

/// Makes and checks session keys.
pub(crate) struct SessionKeys(hmac::Key);

impl SessionKeys {
    /// Derives the subkey from the installation's secret.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(
            hmac::HMAC_SHA256,
            &*gantry_seal::derive(secret, crate::LABEL, "session key"),
        ))
    }

    /// The key that opens the session.
    pub(crate) fn full(&self, record: &SessionId) -> String {
        format!("{record}{}", self.code(record))
    }

    /// The session that a key opens; `None` for every text that this installation did not make.
    pub(crate) fn open(&self, key: &str) -> Option<SessionId> {
        let (record, code) = key.split_at_checked(SessionId::LEN)?;
        let record = SessionId::parse(record).ok()?;
        let good: bool = self.code(&record).as_bytes().ct_eq(code.as_bytes()).into();
        good.then_some(record)
    }

    /// The session that an API key's holder names: by its key, or by the record's id as events show it.
    pub(crate) fn name(&self, text: &str) -> Option<SessionId> {
        match SessionId::parse(text) {
            Ok(record) => Some(record),
            Err(_not_a_record) => self.open(text),
        }
    }

    /// 128 bits of a code over the record's id, in 22 characters.
    fn code(&self, record: &SessionId) -> String {
        let tag = hmac::sign(&self.0, record.as_str().as_bytes());
        let bits = tag.as_ref().first_chunk().map_or(0, |head| u128::from_be_bytes(*head));
        base62::encode(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> SessionKeys {
        SessionKeys::new(&[1; 32])
    }

    #[test]
    fn t_22_only_the_whole_key_opens_its_session() {
        let record = SessionId::from_bits(5);
        let full = keys().full(&record);
        assert_eq!(full.len(), 48);
        assert!(full.starts_with(record.as_str()));
        assert_eq!(keys().open(&full), Some(record.clone()));
        assert_eq!(keys().open(record.as_str()), None);
        assert_eq!(keys().open(&format!("{full}0")), None);
        assert_eq!(keys().open(full.split_at(47).0), None);
        let other = keys().full(&SessionId::from_bits(6));
        assert_eq!(
            keys().open(&format!("{}{}", record, other.split_at(26).1)),
            None,
            "another session's code"
        );
        assert_eq!(
            SessionKeys::new(&[2; 32]).open(&full),
            None,
            "another installation's secret"
        );
    }

    #[test]
    fn t_22_each_changed_character_closes_it() {
        let full = keys().full(&SessionId::from_bits(u128::MAX / 3));
        for at in 4..full.len() {
            let mut bytes = full.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            assert_eq!(keys().open(std::str::from_utf8(&bytes).unwrap()), None, "{at}");
        }
    }

    #[test]
    fn an_api_key_may_name_it_by_its_record() {
        let record = SessionId::from_bits(5);
        assert_eq!(keys().name(record.as_str()), Some(record.clone()));
        assert_eq!(keys().name(&keys().full(&record)), Some(record.clone()));
        assert_eq!(keys().name(&format!("{record}{}", "0".repeat(22))), None);
    }

    proptest! {
        #[test]
        fn t_41_no_text_opens_anything_or_panics(text in "(kss_)?.{0,60}") {
            prop_assert_eq!(keys().open(&text), None);
        }
    }
}
