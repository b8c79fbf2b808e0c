//! Tokens on their way from the service that made them into the events that mails are made of: the one kind of text that one service
//! seals and another opens.

use gantry_kernel::Rng;

use crate::{Purpose, Vault};

const LABEL: &str = "gantry event tokens";
const TOKEN: Purpose = Purpose::new("event token");

/// Seals tokens for events, and opens them.
#[derive(Clone)]
pub struct EventTokens(Vault);

impl EventTokens {
    /// Derives the keys from the installation's secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(Vault::new(secret, LABEL))
    }

    /// Seals a token for one event, by the event's id.
    pub fn seal(&self, event: &str, token: &str, rng: &dyn Rng) -> Option<String> {
        self.0.seal(TOKEN, event, token.as_bytes(), rng)
    }

    /// Opens the token of an event; `None` for what was sealed for another, or by another installation.
    pub fn open(&self, event: &str, sealed: &str) -> Option<String> {
        let bytes = self.0.open(TOKEN, event, sealed)?;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SeededRng;

    #[test]
    fn a_token_opens_in_its_event_alone() {
        let tokens = EventTokens::new(&[3; 32]);
        let sealed = tokens.seal("ev_1", "tpw:x", &SeededRng::new(1)).unwrap();
        assert!(!sealed.contains("tpw"));
        assert_eq!(tokens.open("ev_1", &sealed).as_deref(), Some("tpw:x"));
        assert_eq!(tokens.open("ev_2", &sealed), None);
        assert_eq!(tokens.open("ev_1", "tpw:x"), None);
        assert_eq!(EventTokens::new(&[4; 32]).open("ev_1", &sealed), None);
    }
}
