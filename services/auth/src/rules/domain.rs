//! Domains: the host names of the LoginRocket API (contract 3.10).

use gantry_kernel::{DomainId, Problem, RealmId, Rng};

use super::check::Checks;
use crate::store::DomainRow;

const ADJECTIVES: [&str; 32] = [
    "amber", "brave", "bright", "calm", "clear", "clever", "crisp", "eager", "early", "fair", "gentle", "glad",
    "golden", "grand", "happy", "honest", "jolly", "keen", "kind", "lively", "lucky", "mellow", "merry", "noble",
    "proud", "quick", "quiet", "ready", "silver", "steady", "sunny", "swift",
];
const NOUNS: [&str; 32] = [
    "badger", "beaver", "birch", "brook", "canyon", "cedar", "comet", "crane", "falcon", "fern", "forest", "fox",
    "harbor", "heron", "island", "lake", "lark", "maple", "meadow", "meteor", "oak", "orchid", "otter", "owl", "pine",
    "raven", "river", "robin", "sparrow", "summit", "tiger", "willow",
];

/// A domain as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) domain_type: Option<String>,
    pub(crate) subdomain: Option<String>,
    pub(crate) domain: Option<String>,
}

impl Input {
    fn kind(&self) -> &str {
        self.domain_type.as_deref().unwrap_or("loginrocket")
    }

    /// Whether the name is left to us.
    pub(crate) fn is_automatic(&self) -> bool {
        self.kind() == "loginrocket" && self.subdomain.as_deref().unwrap_or_default().trim().is_empty()
    }
}

/// A free-looking subdomain: adjective, noun and four hexadecimal digits.
pub(crate) fn automatic(rng: &dyn Rng) -> String {
    let mut bytes = [0_u8; 4];
    rng.fill(&mut bytes);
    let [a, b, c, d] = bytes;
    let pick =
        |words: &[&'static str], byte: u8| words.get(usize::from(byte) % words.len()).copied().unwrap_or("gantry");
    format!("{}-{}-{c:02x}{d:02x}", pick(&ADJECTIVES, a), pick(&NOUNS, b))
}

/// Reads a domain as a caller sent it; `suffix` is what automatic host names end in.
pub(crate) fn new(
    input: Input,
    id: &DomainId,
    realm: &RealmId,
    suffix: &str,
    rng: &dyn Rng,
    now: i64,
) -> Result<DomainRow, Problem> {
    let mut checks = Checks::default();
    let domain_type = checks.word("domain_type", input.kind(), &["loginrocket", "custom"]);
    let (mut subdomain, mut domain, mut fqdn) = (None, None, String::new());
    if domain_type == "custom" {
        let name = checks.required("domain", input.domain, 253).to_ascii_lowercase();
        if !name.is_empty() && !is_host(&name) {
            checks.fail("domain", "domain_format");
        }
        // The names below our own suffix are given out by us alone.
        if name == suffix || name.ends_with(&format!(".{suffix}")) {
            checks.fail("domain", "taken");
        }
        fqdn.clone_from(&name);
        domain = Some(name);
    } else {
        let asked = checks
            .text("subdomain", input.subdomain, 63)
            .map(|name| name.to_ascii_lowercase());
        let name = asked.unwrap_or_else(|| automatic(rng));
        if !is_label(&name) {
            checks.fail("subdomain", "subdomain_format");
        }
        fqdn = format!("{name}.{suffix}");
        subdomain = Some(name);
    }
    checks.done()?;
    Ok(DomainRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        domain_type,
        subdomain,
        domain,
        fqdn,
        state: "active".to_owned(),
        created_at: now,
        updated_at: now,
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_host(name: &str) -> bool {
    name.len() <= 253 && name.split('.').count() >= 2 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, SeededRng};

    fn make(input: Input) -> Result<DomainRow, Problem> {
        new(
            input,
            &DomainId::from_bits(1),
            &RealmId::from_bits(1),
            "localhost",
            &SeededRng::new(1),
            1,
        )
    }

    #[test]
    fn an_automatic_name_is_a_bare_host() {
        let row = make(Input::default()).unwrap();
        let label = row.subdomain.unwrap();
        assert_eq!(row.fqdn, format!("{label}.localhost"));
        assert_eq!(label.split('-').count(), 3);
        assert_eq!(label.rsplit('-').next().unwrap().len(), 4);
    }

    #[test]
    fn names_below_our_suffix_cannot_be_claimed_as_custom() {
        for name in ["localhost", "victim.localhost", "a..b", "x_y.example", "-a.example", ""] {
            let input = Input {
                domain_type: Some("custom".into()),
                domain: Some(name.into()),
                ..Input::default()
            };
            assert!(make(input).is_err(), "{name}");
        }
        let input = Input {
            domain_type: Some("custom".into()),
            domain: Some("Login.Example".into()),
            ..Input::default()
        };
        assert_eq!(make(input).unwrap().fqdn, "login.example");
    }

    #[test]
    fn a_name_is_left_to_us_when_none_was_sent() {
        let input = |kind: Option<&str>, name: Option<&str>| Input {
            domain_type: kind.map(str::to_owned),
            subdomain: name.map(str::to_owned),
            domain: None,
        };
        assert!(input(None, None).is_automatic());
        assert!(input(Some("loginrocket"), Some(" ")).is_automatic());
        assert!(!input(None, Some("mine")).is_automatic());
        assert!(!input(Some("custom"), None).is_automatic());
    }
}
