//! Mails that would have been sent, kept for a page to show them: for a developer's machine that has no mail server.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::smtp::{Outside, Unsent, compose};
use crate::rules::letter::Letter;

/// The most mails that are kept.
const MOST: usize = 200;
/// Who such mails are from.
const SENDER: &str = "no-reply@localhost";

/// A mail that would have been sent.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// Counts from one, in the order of sending.
    pub number: u64,
    /// When it would have been sent, in milliseconds.
    pub at_ms: i64,
    /// Whom it is for.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Its head, as a mail server would get it.
    pub headers: String,
    /// For those who read text.
    pub text: Option<String>,
    /// For everybody else.
    pub html: Option<String>,
}

/// The last mails that would have been sent.
#[derive(Debug, Clone, Default)]
pub struct Preview(Arc<Mutex<VecDeque<Previewed>>>);

impl Preview {
    /// All that are kept, the newest first.
    pub fn list(&self) -> Vec<Previewed> {
        self.0.lock().iter().rev().cloned().collect()
    }

    /// One of them.
    pub fn find(&self, number: u64) -> Option<Previewed> {
        self.0.lock().iter().find(|mail| mail.number == number).cloned()
    }

    /// Takes a mail as a mail server would; one that cannot be written as a mail is refused here too.
    pub(super) fn take(&self, realm: &str, outside: &Outside<'_>, letter: Letter) -> Result<String, Unsent> {
        let from = (SENDER.to_owned(), Some(realm.to_owned()));
        let Letter { subject, text, html } = letter.clone();
        let message = compose(&from, outside, letter)?;
        let mut kept = self.0.lock();
        let number = kept.back().map_or(1, |mail| mail.number + 1);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(Previewed {
            number,
            at_ms: outside.now,
            to: outside.to.to_owned(),
            subject,
            headers: message.headers().to_string(),
            text,
            html,
        });
        Ok("shown on the page of mails, since there is no mail server".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(preview: &Preview, to: &str) -> Result<String, Unsent> {
        let outside = Outside {
            id: "ent_1",
            to,
            now: 1_767_225_600_000,
        };
        let letter = Letter {
            subject: "Hi".to_owned(),
            text: Some("there".to_owned()),
            html: None,
        };
        preview.take("Acme", &outside, letter)
    }

    #[test]
    fn the_oldest_makes_room() {
        let preview = Preview::default();
        for number in 1..=450 {
            take(&preview, &format!("u{number}@a.example")).unwrap();
        }
        let kept = preview.list();
        assert_eq!((kept.len(), kept[0].number), (MOST, 450));
        assert_eq!(kept[0].to, "u450@a.example");
        assert!(kept[0].headers.contains("To: u450@a.example"), "{}", kept[0].headers);
        assert!(preview.find(450).is_some() && preview.find(250).is_none());
    }

    #[test]
    fn what_is_no_mail_is_not_shown_as_one() {
        let preview = Preview::default();
        assert!(take(&preview, "nobody").is_err());
        assert!(preview.list().is_empty());
    }
}
