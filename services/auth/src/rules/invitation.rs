//! Invitations: what the four types hold, and what they grant (contract 3.11).

use gantry_db::JsonText;
use gantry_kernel::{Id, InvitationId, OrgId, Problem, ProviderId, Reason, Rng, UserId, base62};
use gantry_seal::{Purpose, Vault};

use super::check::{Checks, SHORT};
use super::key::digest;
use super::membership::permissions;
use super::realm::Sent;
use crate::store::{InvitationPatch, InvitationRow, RealmRow};

/// The types, in the words of the contract.
pub(crate) const TYPES: [&str; 4] = ["org", "preverify", "referral", "request"];
/// How long an invitation is good for, in milliseconds: 30 days.
const LIFETIME_MS: i64 = 30 * 24 * 3600 * 1000;
/// What tokens of invitations begin with.
const TOKEN: &str = "nvt:";
/// What the vault seals tokens for.
const SEALED: Purpose = Purpose::new("invitation token");

/// An invitation as a caller sent it; `None` for what they did not name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) invitation_type: Sent<String>,
    pub(crate) email: Sent<String>,
    pub(crate) org_id: Sent<String>,
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) auth_provider_id: Sent<String>,
    pub(crate) inviting_user_id: Sent<String>,
    pub(crate) locale: Sent<String>,
    /// In milliseconds.
    pub(crate) expires_at: Sent<i64>,
}

/// Makes and reads what an invitation's mail carries.
pub(crate) struct Tokens<'a> {
    pub(crate) vault: &'a Vault,
    pub(crate) rng: &'a dyn Rng,
}

impl Tokens<'_> {
    /// A new token of an invitation: its digest and its sealed text.
    fn fresh(&self, id: &str) -> Result<(String, String), Problem> {
        let text = format!("{TOKEN}{}", base62::encode(self.rng.u128()));
        let sealed = self.vault.seal(SEALED, id, text.as_bytes(), self.rng);
        Ok((digest(&text), sealed.ok_or(Reason::Internal)?))
    }

    /// An invitation's token; none when another installation's secret sealed it.
    pub(crate) fn read(&self, row: &InvitationRow) -> Option<String> {
        let bytes = self.vault.open(SEALED, &row.id, &row.token_sealed)?;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

/// The digest of what may be an invitation's token; none for what cannot be one.
pub(crate) fn digest_of(text: &str) -> Option<String> {
    let code = text.strip_prefix(TOKEN)?;
    base62::decode(code).map(|_| digest(text))
}

/// Reads a new invitation.
pub(crate) fn new(
    input: Input,
    id: &InvitationId,
    realm: &RealmRow,
    tokens: &Tokens<'_>,
    now: i64,
) -> Result<InvitationRow, Problem> {
    let mut checks = Checks::default();
    let kind = checks.required("invitation_type", input.invitation_type.clone().flatten(), SHORT);
    if !kind.is_empty() {
        checks.word("invitation_type", &kind, &TYPES);
    }
    let email = super::check::email(&mut checks, input.email.clone().flatten());
    let org_id = checks.text("org_id", input.org_id.clone().flatten(), SHORT);
    match (kind.as_str(), &org_id) {
        ("org", None) => checks.fail("org_id", "required"),
        ("org", Some(id)) if OrgId::parse(id).is_err() => checks.fail("org_id", "not_found"),
        ("org", _) | (_, None) => {}
        (_, Some(_)) => checks.fail("org_id", "not_applicable"),
    }
    let parts = parts(&mut checks, &kind, &input, realm, now);
    checks.done()?;
    let (token_hash, token_sealed) = tokens.fresh(id.as_str())?;
    Ok(InvitationRow {
        id: id.as_str().to_owned(),
        realm_id: realm.id.clone(),
        invitation_type: kind,
        email,
        org_id,
        permissions: parts.permissions.unwrap_or_else(|| JsonText::strings::<&str>(&[])),
        auth_provider_id: parts.auth_provider_id.flatten(),
        inviting_user_id: parts.inviting_user_id.flatten(),
        locale: parts.locale.unwrap_or_else(|| realm.default_locale.clone()),
        token_hash,
        token_sealed,
        created_at: now,
        updated_at: now,
        invited_at: None,
        expires_at: parts.expires_at.unwrap_or_else(|| now.saturating_add(LIFETIME_MS)),
    })
}

/// Reads what a caller changes in an invitation; nothing sent changes nothing. With a new address comes a new token: whoever got the
/// old mail has nothing in hand any more (T-35).
pub(crate) fn change(
    input: Input,
    row: &InvitationRow,
    realm: &RealmRow,
    tokens: &Tokens<'_>,
    now: i64,
) -> Result<Option<InvitationPatch>, Problem> {
    let mut checks = Checks::default();
    let fixed = [
        ("invitation_type", &input.invitation_type, Some(&row.invitation_type)),
        ("org_id", &input.org_id, row.org_id.as_ref()),
    ];
    for (field, sent, kept) in fixed {
        if sent.as_ref().is_some_and(|sent| sent.as_ref() != kept) {
            checks.fail(field, "cannot_change");
        }
    }
    let mut patch = parts(&mut checks, &row.invitation_type, &input, realm, now);
    if let Some(sent) = input.email {
        patch.email = Some(super::check::email(&mut checks, sent)).filter(|email| *email != row.email);
    }
    checks.done()?;
    if patch.email.is_some() {
        let (hash, sealed) = tokens.fresh(&row.id)?;
        (patch.token_hash, patch.token_sealed) = (Some(hash), Some(sealed));
    }
    let nothing = InvitationPatch {
        updated_at: now,
        ..InvitationPatch::default()
    };
    Ok(Some(patch).filter(|patch| *patch != nothing))
}

/// What may be said of a new invitation and changed in an old one.
fn parts(checks: &mut Checks, kind: &str, input: &Input, realm: &RealmRow, now: i64) -> InvitationPatch {
    let asked = input.permissions.as_ref();
    if let Some(asked) = asked {
        permissions(checks, asked);
        if kind != "org" && !asked.is_empty() {
            checks.fail("permissions", "not_applicable");
        }
    }
    let auth_provider_id =
        reference::<ProviderId>(checks, "auth_provider_id", &input.auth_provider_id, kind == "preverify");
    let inviting_user_id = reference::<UserId>(checks, "inviting_user_id", &input.inviting_user_id, kind != "request");
    let locale = input.locale.clone().map(|sent| {
        let locale = checks
            .text("locale", sent, SHORT)
            .unwrap_or_else(|| realm.default_locale.clone());
        checks.locale("locale", &locale)
    });
    let expires_at = input
        .expires_at
        .map(|sent| sent.unwrap_or_else(|| now.saturating_add(LIFETIME_MS)));
    if expires_at.is_some_and(|at| at <= now) {
        checks.fail("expires_at", "in_the_past");
    }
    InvitationPatch {
        permissions: asked.map(|asked| JsonText::strings(asked)),
        auth_provider_id,
        inviting_user_id,
        locale,
        expires_at,
        updated_at: now,
        ..InvitationPatch::default()
    }
}

/// A reference that only some types have.
fn reference<T: Id>(checks: &mut Checks, field: &str, sent: &Sent<String>, applies: bool) -> Sent<String> {
    sent.clone().map(|sent| {
        let id = checks.text(field, sent, SHORT)?;
        if !applies {
            checks.fail(field, "not_applicable");
        } else if T::parse(&id).is_err() {
            checks.fail(field, "not_found");
        }
        Some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{RealmId, SeededRng};

    use crate::rules::realm;

    fn tried(change: impl FnOnce(&mut Input)) -> Result<InvitationRow, Vec<(String, String)>> {
        let sent = |text: &str| Some(Some(text.to_owned()));
        let mut input = Input {
            invitation_type: sent("referral"),
            email: sent(" New@Example.com"),
            ..Input::default()
        };
        change(&mut input);
        let (vault, rng) = (Vault::new(&[1; 32], "test"), SeededRng::new(1));
        let tokens = Tokens {
            vault: &vault,
            rng: &rng,
        };
        let settings = realm::fresh(&RealmId::from_bits(1), 1);
        new(input, &InvitationId::from_bits(1), &settings, &tokens, 1)
            .map_err(|p| p.violations.into_iter().map(|v| (v.field, v.key)).collect())
    }

    fn wrong(change: impl FnOnce(&mut Input)) -> Vec<String> {
        let list = tried(change).unwrap_err().into_iter();
        list.map(|(field, key)| format!("{field}:{key}")).collect()
    }

    fn sent(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    #[test]
    fn defaults_are_the_realms_language_and_thirty_days() {
        let row = tried(|_| {}).unwrap();
        assert_eq!((row.email.as_str(), row.locale.as_str()), ("new@example.com", "en"));
        assert_eq!(row.expires_at, 1 + LIFETIME_MS);
        assert_eq!(
            (row.org_id, row.invited_at, row.permissions.to_strings()),
            (None, None, vec![])
        );
    }

    #[test]
    fn each_type_has_its_own_fields() {
        let org = OrgId::from_bits(1).into_string();
        assert_eq!(wrong(|i| i.invitation_type = None), ["invitation_type:required"]);
        assert_eq!(
            wrong(|i| i.invitation_type = sent("friend")),
            ["invitation_type:unknown_value"]
        );
        assert_eq!(wrong(|i| i.invitation_type = sent("org")), ["org_id:required"]);
        assert_eq!(wrong(|i| i.org_id = sent(&org)), ["org_id:not_applicable"]);
        assert_eq!(
            wrong(|i| i.permissions = Some(vec!["a".to_owned()])),
            ["permissions:not_applicable"]
        );
        let provider = ProviderId::from_bits(1).into_string();
        assert_eq!(
            wrong(|i| i.auth_provider_id = sent(&provider)),
            ["auth_provider_id:not_applicable"]
        );
        let inviter = UserId::from_bits(1).into_string();
        let requested = wrong(|i| {
            i.invitation_type = sent("request");
            i.inviting_user_id = sent(&inviter);
        });
        assert_eq!(requested, ["inviting_user_id:not_applicable"]);
        assert_eq!(wrong(|i| i.expires_at = Some(Some(1))), ["expires_at:in_the_past"]);
        assert_eq!(
            wrong(|i| i.inviting_user_id = sent("usr_' or 1=1")),
            ["inviting_user_id:not_found"]
        );
        assert_eq!(wrong(|i| i.email = None), ["email:required"]);
    }

    #[test]
    fn t_35_a_new_address_comes_with_a_new_token() {
        let row = tried(|_| {}).unwrap();
        let (vault, rng) = (Vault::new(&[1; 32], "test"), SeededRng::new(2));
        let tokens = Tokens {
            vault: &vault,
            rng: &rng,
        };
        let settings = realm::fresh(&RealmId::from_bits(1), 1);
        let to = |email: &str| {
            let input = Input {
                email: sent(email),
                ..Input::default()
            };
            change(input, &row, &settings, &tokens, 2).unwrap()
        };
        assert_eq!(to("NEW@example.com"), None, "it is the same address");
        let moved = to("other@example.com").unwrap();
        assert!(moved.token_hash.is_some_and(|hash| hash != row.token_hash));
        assert_eq!(change(Input::default(), &row, &settings, &tokens, 2).unwrap(), None);
        // What is kept tells the token only to who has the installation's secret.
        let text = tokens.read(&row).unwrap();
        assert!(text.starts_with(TOKEN) && digest_of(&text).as_ref() == Some(&row.token_hash));
        let stranger = Vault::new(&[2; 32], "test");
        assert_eq!(
            Tokens {
                vault: &stranger,
                rng: &rng
            }
            .read(&row),
            None
        );
    }

    #[test]
    fn t_17_only_a_token_of_an_invitation_is_looked_up() {
        for text in [
            "",
            "nvt:",
            "nvt_0000000000000000000001",
            "tpw:0000000000000000000001",
            "nvt:0",
        ] {
            assert_eq!(digest_of(text), None, "{text}");
        }
    }
}
