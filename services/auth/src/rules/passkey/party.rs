//! The relying party: for which domain a realm's passkeys are, and the pages that may ask for them. Both come from what configures the
//! realm; nothing that a request says of itself counts (T-15, T-26).

use gantry_kernel::{Page, PageLimits, Problem, RealmId, Reason};
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::error::Error;
use crate::rules::domain::VERIFIED;
use crate::rules::provider::{PASSKEY, rp_id};
use crate::service::Auth;
use crate::store::RealmRow;

/// A realm that takes passkeys.
pub(super) struct Party {
    pub(super) settings: RealmRow,
    pub(super) provider: crate::store::ProviderRow,
    pub(super) webauthn: Webauthn,
}

/// Finds what a realm has settled.
///
/// # Errors
/// When it has no active provider of passkeys, or no page could use them.
pub(super) async fn find(auth: &Auth, realm: &RealmId) -> Result<Party, Error> {
    let of_realm = || realm.as_str().to_owned();
    let all = || Page {
        max_results: PageLimits::MAX,
        ..Page::default()
    };
    let provider = auth.store.find_provider(of_realm(), PASSKEY.to_owned()).await?;
    let provider = provider.filter(|row| row.state == "active").ok_or_else(off)?;
    let settings = auth.store.find_realm(of_realm()).await?.ok_or(Reason::NotFound)?;
    let mut pages = settings.allowed_origins.to_strings();
    for app in auth.store.list_client_apps(of_realm(), all()).await? {
        if app.state == "active" {
            pages.extend(app.redirect_uris.to_strings());
        }
    }
    for host in auth.store.list_domains(of_realm(), all()).await? {
        if host.state == "active" && host.dns_state == VERIFIED {
            pages.push(format!("https://{}", host.fqdn));
        }
    }
    let domain = rp_id(&provider).unwrap_or_default().to_owned();
    let name = settings.public_name.as_ref().unwrap_or(&settings.name);
    let webauthn = build(&domain, name, &origins(&domain, &pages));
    let webauthn = webauthn.ok_or_else(|| {
        tracing::warn!(
            realm = realm.as_str(),
            rp_id = domain,
            "no page of the realm belongs to the domain of its passkeys"
        );
        off()
    })?;
    Ok(Party {
        settings,
        provider,
        webauthn,
    })
}

fn off() -> Problem {
    Problem::field("", "provider_inactive")
}

fn build(domain: &str, name: &str, origins: &[Url]) -> Option<Webauthn> {
    let (first, others) = origins.split_first()?;
    let mut builder = WebauthnBuilder::new(domain, first).ok()?.rp_name(name);
    for origin in others {
        builder = builder.append_allowed_origin(origin);
    }
    builder.build().ok()
}

/// The origins of pages where browsers let the passkeys of a domain be used: on the domain or below it, over HTTPS; on this machine
/// over plain HTTP too.
fn origins(domain: &str, pages: &[String]) -> Vec<Url> {
    let mut found: Vec<Url> = Vec::new();
    for page in pages.iter().filter_map(|page| Url::parse(page).ok()) {
        let Some(Host::Domain(host)) = page.host() else {
            continue;
        };
        let here = host == "localhost" || host.ends_with(".localhost");
        let secure = page.scheme() == "https" || (page.scheme() == "http" && here);
        let below = host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if secure
            && below
            && !domain.is_empty()
            && let Ok(origin) = Url::parse(&page.origin().ascii_serialization())
            && !found.contains(&origin)
        {
            found.push(origin);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(domain: &str, pages: &[&str]) -> Vec<String> {
        let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
        origins(domain, &pages).into_iter().map(String::from).collect()
    }

    #[test]
    fn t_26_only_pages_of_the_domain_count() {
        let pages = [
            "https://app.example.com/login?x=1",
            "https://app.example.com/other",
            "https://example.com:8443",
            "https://badexample.com",
            "https://example.com.evil.example",
            "http://app.example.com",
            "https://192.0.2.1",
            "myapp://example.com/back",
            "nonsense",
        ];
        let good = ["https://app.example.com/", "https://example.com:8443/"];
        assert_eq!(of("example.com", &pages), good);
        assert_eq!(of("app.example.com", &pages), ["https://app.example.com/"]);
        assert_eq!(of("", &pages), [""; 0]);
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        let pages = [
            "http://localhost:4000",
            "http://a.localhost:1",
            "http://notlocalhost",
            "http://127.0.0.1:4000",
        ];
        assert_eq!(
            of("localhost", &pages),
            ["http://localhost:4000/", "http://a.localhost:1/"]
        );
    }

    #[test]
    fn a_domain_without_a_page_takes_no_passkeys() {
        assert!(build("example.com", "Test", &[]).is_none());
        let page = Url::parse("https://example.com").unwrap();
        assert!(build("example.com", "Test", &[page]).is_some());
    }
}
