//! Domains: the host names of the LoginRocket API (contract 3.10).

use gantry_kernel::{DomainId, Problem, RealmId, Rng};

use super::certificate;
use super::check::Checks;
use super::realm::Sent;
use crate::store::{DomainPatch, DomainRow};

/// Proven, or given out by us.
pub(crate) const VERIFIED: &str = "verified";
/// A custom name that nobody has looked at yet.
const PENDING: &str = "pending";
/// A custom name whose record was looked for in vain.
const FAILED: &str = "failed";
/// What stands before a custom name in the name of the record that proves it.
const LABEL: &str = "_gantry";

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
    pub(crate) state: Sent<String>,
    pub(crate) certificate: certificate::Input,
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
    let state = state(&mut checks, input.state).unwrap_or_else(|| "active".to_owned());
    let custom = domain_type == "custom";
    let named = match custom {
        true => custom_name(&mut checks, input.domain, suffix),
        false => {
            let asked = input.subdomain.filter(|name| !name.trim().is_empty());
            our_name(&mut checks, Some(asked.unwrap_or_else(|| automatic(rng))), suffix)
        }
    };
    checks.done()?;
    Ok(DomainRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        domain_type,
        subdomain: named.subdomain,
        domain: named.domain,
        fqdn: named.fqdn,
        state,
        created_at: now,
        updated_at: now,
        dns_state: if custom { PENDING } else { VERIFIED }.to_owned(),
        cert_source: None,
        cert_version: None,
        cert_expires_at: None,
        cert_error: None,
        cert_tries: 0,
        cert_due_at: None,
    })
}

/// Reads what changes in a domain; what was not sent stays. Another custom name has to be proven anew.
pub(crate) fn change(input: Input, old: &DomainRow, suffix: &str, now: i64) -> Result<DomainPatch, Problem> {
    let mut checks = Checks::default();
    let custom = old.domain_type == "custom";
    if input.domain_type.is_some_and(|kind| kind != old.domain_type) {
        checks.fail("domain_type", "read_only");
    }
    let (own, foreign) = match custom {
        true => (input.domain, ("subdomain", input.subdomain)),
        false => (input.subdomain, ("domain", input.domain)),
    };
    // Never lost in silence: a name of the other kind is refused.
    if foreign.1.is_some_and(|name| !name.trim().is_empty()) {
        checks.fail(foreign.0, "read_only");
    }
    let mut patch = DomainPatch {
        state: state(&mut checks, input.state),
        updated_at: now,
        ..DomainPatch::default()
    };
    if let Some(name) = own {
        let named = match custom {
            true => custom_name(&mut checks, Some(name), suffix),
            false => our_name(&mut checks, Some(name), suffix),
        };
        if named.fqdn != old.fqdn {
            patch.dns_state = custom.then(|| PENDING.to_owned());
            patch.subdomain = Some(named.subdomain);
            patch.domain = Some(named.domain);
            patch.fqdn = Some(named.fqdn);
        }
    }
    checks.done()?;
    Ok(patch)
}

/// The record that proves a custom domain: a TXT record of this name, with this value. The value is the domain's own id, so it
/// proves that whoever controls the name means this realm and no other.
pub(crate) fn proof(row: &DomainRow) -> Option<(String, String)> {
    let name = row.domain.as_deref()?;
    Some((format!("{LABEL}.{name}"), format!("gantry={}", row.id)))
}

/// What a look at the records says of a domain.
pub(crate) fn judged(proven: bool) -> &'static str {
    if proven { VERIFIED } else { FAILED }
}

#[derive(Default)]
struct Named {
    subdomain: Option<String>,
    domain: Option<String>,
    fqdn: String,
}

fn state(checks: &mut Checks, sent: Sent<String>) -> Option<String> {
    sent.map(|state| checks.word("state", state.as_deref().unwrap_or("active"), &["active", "inactive"]))
}

fn custom_name(checks: &mut Checks, sent: Option<String>, suffix: &str) -> Named {
    let name = checks.required("domain", sent, 253).to_ascii_lowercase();
    if !name.is_empty() && !is_host(&name) {
        checks.fail("domain", "domain_format");
    }
    // The names below our own suffix are given out by us alone.
    if name == suffix || name.ends_with(&format!(".{suffix}")) {
        checks.fail("domain", "taken");
    }
    Named {
        fqdn: name.clone(),
        domain: Some(name),
        subdomain: None,
    }
}

fn our_name(checks: &mut Checks, sent: Option<String>, suffix: &str) -> Named {
    let name = checks.required("subdomain", sent, 63).to_ascii_lowercase();
    if !name.is_empty() && !is_label(&name) {
        checks.fail("subdomain", "subdomain_format");
    }
    Named {
        fqdn: format!("{name}.{suffix}"),
        subdomain: Some(name),
        domain: None,
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether a text is a host name of at least two labels, in lower case.
pub(crate) fn is_host(name: &str) -> bool {
    name.len() <= 253 && name.split('.').count() >= 2 && name.split('.').all(is_label)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use gantry_kernel::{Id, SeededRng};

    /// A custom domain that nobody has looked at yet.
    pub(crate) fn custom_row() -> DomainRow {
        let input = Input {
            domain_type: Some("custom".into()),
            domain: Some("login.example".into()),
            ..Input::default()
        };
        make(input).unwrap()
    }

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
            ..Input::default()
        };
        assert!(input(None, None).is_automatic());
        assert!(input(Some("loginrocket"), Some(" ")).is_automatic());
        assert!(!input(None, Some("mine")).is_automatic());
        assert!(!input(Some("custom"), None).is_automatic());
    }

    #[test]
    fn a_custom_name_has_to_be_proven_and_another_one_anew() {
        let custom = |name: &str| Input {
            domain: Some(name.into()),
            ..Input::default()
        };
        let mut row = custom_row();
        assert_eq!(row.dns_state, PENDING);
        assert_eq!(proof(&row).unwrap().0, "_gantry.login.example");
        row.dns_state = VERIFIED.to_owned();
        let patch = |input| change(input, &row, "localhost", 2);
        assert_eq!(patch(custom("Login.Example")).unwrap().dns_state, None);
        let moved = patch(custom("other.example")).unwrap();
        assert_eq!(
            (moved.dns_state.as_deref(), moved.fqdn.as_deref()),
            (Some(PENDING), Some("other.example"))
        );
        assert!(patch(custom("x.localhost")).is_err());
        let other_kind = Input {
            subdomain: Some("mine".into()),
            ..Input::default()
        };
        assert_eq!(patch(other_kind).unwrap_err().violations[0].key, "read_only");
        assert!(proof(&make(Input::default()).unwrap()).is_none());
    }
}
