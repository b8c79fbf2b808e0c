//! Looks for new passwords among stolen ones, at a service that is told the beginning of a digest alone (k-anonymity).

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use gantry_egress::{Egress, Policy};
use gantry_kernel::Secret;
use http::Request;

/// How long the service may take: somebody waits who chooses a password.
const TIME: Duration = Duration::from_secs(1);
/// Hexadecimal digits that the service is told.
const TOLD: usize = 5;

/// Where passwords are looked for; nowhere without an address.
#[derive(Debug, Clone)]
pub(crate) struct Breached {
    url: Option<Arc<str>>,
    egress: Egress,
}

impl Breached {
    /// Looks at an address of the operator's, which may be anywhere, like their mail server.
    pub(crate) fn new(url: Option<String>, proxy: Option<Secret>) -> Self {
        let everywhere = ["0.0.0.0/0", "::/0"].into_iter().filter_map(|net| net.parse().ok());
        let policy = Policy {
            allow: everywhere.collect(),
            allow_http: true,
            proxy,
        };
        Self {
            url: url.map(|url| url.trim_end_matches('/').into()),
            egress: Egress::new(policy),
        }
    }

    /// Whether a password is known to have been stolen. When the service does not tell, it is not: a service that is away must not keep
    /// people from choosing one.
    pub(crate) async fn knows(&self, password: &Secret) -> bool {
        let Some(url) = &self.url else {
            return false;
        };
        let hex = hex_of(password);
        let Some((told, kept)) = hex.split_at_checked(TOLD) else {
            return false;
        };
        match tokio::time::timeout(TIME, self.ask(url, told)).await {
            Ok(Ok(lines)) => is_listed(&lines, kept),
            Ok(Err(why)) => not_told(&why),
            Err(_elapsed) => not_told("it took too long"),
        }
    }

    async fn ask(&self, url: &str, told: &str) -> Result<String, String> {
        let request = Request::get(format!("{url}/{told}"))
            // So that the length of the answer does not tell which digits were asked for.
            .header("add-padding", "true")
            .header("user-agent", "gantry")
            .body(Vec::new())
            .map_err(|error| error.to_string())?;
        let answer = self.egress.send(request).await.map_err(|error| error.to_string())?;
        match answer.status().is_success() {
            true => String::from_utf8(answer.into_body()).map_err(|error| error.to_string()),
            false => Err(format!("it answered {}", answer.status())),
        }
    }
}

fn not_told(why: &str) -> bool {
    tracing::warn!(why, "a new password was not looked for among stolen ones");
    false
}

/// The SHA-1 of a password in upper-case hexadecimal, as such services list it.
fn hex_of(password: &Secret) -> String {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text does not fail.
        let _written = write!(hex, "{byte:02X}");
        hex
    })
}

/// Whether a line has the rest of a digest, and a count that is not padding.
fn is_listed(lines: &str, kept: &str) -> bool {
    lines
        .lines()
        .filter_map(|line| line.trim().split_once(':'))
        .any(|(rest, count)| {
            rest.eq_ignore_ascii_case(kept) && count.trim().parse::<u64>().is_ok_and(|count| count > 0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sha_1_in_hexadecimal() {
        let hex = hex_of(&Secret::new("abc"));
        assert_eq!(hex, "A9993E364706816ABA3E25717850C26C9CD0D89D");
    }

    #[test]
    fn only_a_line_of_the_same_digest_with_a_count_is_a_hit() {
        let kept = "E364706816ABA3E25717850C26C9CD0D89D";
        for (lines, hit) in [
            (format!("{kept}:3"), true),
            (format!("0:1\r\n{}:10\r\n", kept.to_lowercase()), true),
            (format!("{kept}:0"), false),
            (format!("{kept}:"), false),
            (kept.to_owned(), false),
            (format!("{}:3", kept.get(1..).unwrap_or_default()), false),
            (String::new(), false),
        ] {
            assert_eq!(is_listed(&lines, kept), hit, "{lines}");
        }
    }

    #[tokio::test]
    async fn without_an_address_nobody_is_asked() {
        assert!(!Breached::new(None, None).knows(&Secret::new("password")).await);
    }
}
