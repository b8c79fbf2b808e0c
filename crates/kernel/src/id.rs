//! Ids: a prefix and 22 base62 characters of 128 bits, time-ordered (contract 1.7).

use std::sync::Arc;

use parking_lot::Mutex;

use crate::{Clock, Rng};

/// Base62 of 128 bits in 22 characters, whose byte order is the order of the numbers.
pub mod base62 {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// The number of characters that 128 bits take.
    pub const LEN: usize = 22;

    /// Writes a number as 22 characters.
    pub fn encode(mut number: u128) -> String {
        let mut out = [b'0'; LEN];
        for slot in out.iter_mut().rev() {
            let digit = usize::try_from(number % 62).unwrap_or(0);
            *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
            number /= 62;
        }
        out.iter().map(|byte| char::from(*byte)).collect()
    }

    /// Reads what [`encode`] wrote; `None` for any other text.
    pub fn decode(text: &str) -> Option<u128> {
        if text.len() != LEN {
            return None;
        }
        text.bytes().try_fold(0_u128, |sum, byte| {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                b'a'..=b'z' => byte - b'a' + 36,
                _ => return None,
            };
            sum.checked_mul(62)?.checked_add(u128::from(digit))
        })
    }
}

/// Draws ids that sort by the time of their making, strictly so within one process.
#[derive(Debug, Clone)]
pub struct IdSource {
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    // parking_lot: held for a few instructions, never across an await.
    last: Arc<Mutex<u128>>,
}

impl IdSource {
    /// Builds a source on a clock and a randomness.
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self {
            clock,
            rng,
            last: Arc::default(),
        }
    }

    /// Draws the next number: 48 bits of milliseconds, 80 random bits; within a millisecond (or after the
    /// clock jumped back) the last number plus a random step, so that the order holds.
    pub fn next(&self) -> u128 {
        let random = self.rng.u128();
        let millis = u128::try_from(self.clock.now_ms()).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
        let fresh = (millis << 80) | (random >> 48);
        let mut last = self.last.lock();
        let next = if fresh >> 80 > *last >> 80 {
            fresh
        } else {
            *last + 1 + (random & 0xFFFF_FFFF)
        };
        *last = next;
        next
    }

    /// Draws the next id of a kind.
    pub fn id<T: Id>(&self) -> T {
        T::from_bits(self.next())
    }
}

/// What all ids have in common.
pub trait Id: Sized + AsRef<str> {
    /// The letters and the underscore before the 22 characters.
    const PREFIX: &'static str;
    /// How long an id of this kind is, in bytes.
    const LEN: usize = Self::PREFIX.len() + base62::LEN;

    /// Makes the id that 128 bits stand for.
    fn from_bits(bits: u128) -> Self;

    /// Reads an id as a client wrote it.
    ///
    /// # Errors
    /// [`InvalidId`] when it has another prefix, length or alphabet, or stands for more than 128 bits.
    fn parse(text: &str) -> Result<Self, InvalidId>;
}

/// The text is not an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct InvalidId;

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident = $prefix:literal; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as an owned text.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn from_bits(bits: u128) -> Self {
                Self(format!("{}{}", $prefix, base62::encode(bits)))
            }

            fn parse(text: &str) -> Result<Self, InvalidId> {
                let digits = text.strip_prefix($prefix).ok_or(InvalidId)?;
                base62::decode(digits).ok_or(InvalidId)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }
    )* };
}

ids! {
    /// A realm.
    RealmId = "rl_";
    /// A user.
    UserId = "usr_";
    /// An organization, the account of the LoginRocket API.
    OrgId = "org_";
    /// A membership of a user in an organization.
    MembershipId = "mb_";
    /// The record of a session. What opens a session is longer: see gantry-session.
    SessionId = "kss_";
    /// A credential of a user, such as a password.
    CredentialId = "crd_";
    /// An auth provider of a realm.
    ProviderId = "ap_";
    /// A client app.
    ClientAppId = "app_";
    /// An invitation.
    InvitationId = "nvt_";
    /// A LoginRocket domain.
    DomainId = "dom_";
    /// A permission that a realm names, to be chosen from.
    NamedPermissionId = "np_";
    /// A link that a realm shows.
    ResourceLinkId = "rln_";
    /// A notification: an event on its way to a hook.
    NotificationId = "ent_";
    /// A hook: what is told of events.
    HookId = "hk_";
    /// An SMTP provider of a realm.
    SmtpProviderId = "smtp_";
    /// A mailing-list provider of a realm.
    MailingListProviderId = "mlp_";
    /// A user's subscription to a mailing list.
    MailingListSubscriptionId = "mls_";
    /// The record of an OAuth2 session. Code and access token are longer: see gantry-session.
    OauthSessionId = "oat_";
    /// An event.
    EventId = "ev_";
    /// An API key's public part.
    KeyId = "ks_";
    /// A JWT signing key.
    JwtKeyId = "jwk_";
    /// A request: the 128-bit trace id written as an X-Request-ID (contract 1.4).
    RequestId = "rq_";
}

impl RequestId {
    /// The trace id that this request id writes.
    pub fn trace_id(&self) -> u128 {
        self.0.strip_prefix(Self::PREFIX).and_then(base62::decode).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, SeededRng};
    use proptest::prelude::*;

    fn source(clock: &Arc<ManualClock>) -> IdSource {
        IdSource::new(clock.clone(), Arc::new(SeededRng::new(1)))
    }

    proptest! {
        #[test]
        fn base62_keeps_number_and_order(a: u128, b: u128) {
            let (x, y) = (base62::encode(a), base62::encode(b));
            prop_assert_eq!(x.len(), base62::LEN);
            prop_assert_eq!(base62::decode(&x), Some(a));
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        }

        #[test]
        fn t_41_no_text_but_an_id_parses(text in ".{0,40}") {
            if let Ok(id) = UserId::parse(&text) {
                prop_assert!(id.as_str().strip_prefix("usr_").unwrap().bytes().all(|b| b.is_ascii_alphanumeric()));
            }
        }
    }

    #[test]
    fn ids_sort_by_creation_even_within_a_millisecond_or_after_a_jump_back() {
        let clock = Arc::new(ManualClock::new(1_700_000_000_000));
        let ids = source(&clock);
        let mut made = Vec::new();
        for step in [0, 0, 0, 1, 0, -5_000, 0, 9_000] {
            clock.jump_to_ms(clock.now_ms() + step);
            made.push(ids.id::<UserId>());
        }
        let mut sorted = made.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(made, sorted);
    }

    #[test]
    fn ids_refuse_other_prefixes_lengths_and_overflow() {
        assert!(UserId::parse("org_0000000000000000000000").is_err());
        assert!(UserId::parse("usr_000000000000000000000").is_err());
        assert!(UserId::parse("usr_zzzzzzzzzzzzzzzzzzzzzz").is_err());
        assert!(UserId::parse("usr_7n42DGM5Tflk9n8mt7Fhc7").is_ok());
    }

    #[test]
    fn request_id_is_the_trace_id() {
        let id = RequestId::from_bits(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
        assert_eq!(id.trace_id(), 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
        assert_eq!(RequestId::parse(id.as_str()), Ok(id));
    }
}
