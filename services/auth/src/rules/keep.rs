//! Which sessions outlive a new password (contract 3.2: `keep_sessions`).

use gantry_kernel::{Id, SessionId, base62};

use super::check::Checks;
use super::task::Work;

/// Which sessions stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Keep {
    /// All of them.
    All,
    /// None of them.
    None,
    /// This one, by the part of its key that names it.
    One(String),
}

impl Keep {
    /// Reads `all`, `none`, or a session's id, of which the part that names it is enough.
    pub(crate) fn read(checks: &mut Checks, sent: Option<&str>, default: Self) -> Self {
        match sent.map(str::trim).filter(|text| !text.is_empty()) {
            None => default,
            Some("all") => Self::All,
            Some("none") => Self::None,
            Some(key) => {
                let (record, code) = key.split_at_checked(SessionId::LEN).unwrap_or((key, ""));
                let whole = code.is_empty() || base62::decode(code).is_some();
                if SessionId::parse(record).is_err() || !whole {
                    checks.fail("keep_sessions", "keep_sessions");
                }
                // What opens the session is written nowhere.
                Self::One(record.to_owned())
            }
        }
    }

    /// What Session has to do for it, of the sessions of a user that are open now.
    pub(crate) fn work(self, realm: &str, user: &str, now: i64) -> Option<Work> {
        match self {
            Self::All => None,
            Self::None => Some(Work::end_sessions(realm, user, None, now)),
            Self::One(record) => Some(Work::end_sessions(realm, user, Some(record), now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Keep, ()> {
        let mut checks = Checks::default();
        let keep = Keep::read(&mut checks, Some(text), Keep::All);
        checks.done().map(|()| keep).map_err(drop)
    }

    #[test]
    fn all_none_or_one_by_its_key_or_name() {
        let name = SessionId::from_bits(7).into_string();
        let key = format!("{name}{}", base62::encode(9));
        assert_eq!(read(""), Ok(Keep::All));
        assert_eq!(read("none"), Ok(Keep::None));
        assert_eq!(read(&name), Ok(Keep::One(name.clone())));
        assert_eq!(read(&key), Ok(Keep::One(name.clone())));
        for bad in [
            "ALL",
            "kss_",
            "usr_0000000000000000000000",
            &format!("{name}x"),
            &format!("{name}{name}"),
        ] {
            assert_eq!(read(bad), Err(()), "{bad}");
        }
    }
}
