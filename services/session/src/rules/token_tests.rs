//! What a token says, for each kind of caller and scope.

use super::super::profile::Algo;
use super::super::signing::{NewKey, make_hs256};
use super::*;
use gantry_kernel::{Id, RealmId, SeededRng, UserId};
use serde_json::{Value, json};

fn profile() -> Profile {
    Profile {
        realm_id: RealmId::from_bits(1),
        user_id: UserId::from_bits(2),
        active: true,
        name: "Ana Ruiz".to_owned(),
        email: "ana@example.com".to_owned(),
        email_verified: false,
        first_name: Some("Ana".to_owned()),
        last_name: None,
        username: None,
        locale: Some("es".to_owned()),
        reference: Some("A-1".to_owned()),
        custom: Some(r#"{"n":1,"f":1.50}"#.to_owned()),
        orgs: vec![org("org_a", true), org("org_b", false)],
        account: None,
        conditions: Vec::new(),
        algo: Algo::Hs256,
        jwt_minutes: 0,
        session_minutes: 60,
        scopes: vec!["openid".to_owned()],
    }
}

fn org(id: &str, selected: bool) -> OrgEntry {
    OrgEntry {
        membership_id: format!("mb_{id}"),
        org_id: id.to_owned(),
        name: "Acme".to_owned(),
        permissions: vec!["ar:owner".to_owned()],
        selected,
        reference: Some("R".to_owned()),
        custom: Some("{}".to_owned()),
    }
}

fn draft(profile: &Profile, audience: Audience) -> Draft<'_> {
    Draft {
        issuer: "https://authrocket.com",
        kid: "jwk_1",
        session: "kss_1",
        profile,
        audience,
        ends: 500,
    }
}

fn said(draft: &Draft<'_>) -> (Value, Value) {
    let NewKey { secret, .. } = make_hs256(&SeededRng::new(1));
    let token = draft
        .sign(&SigningKey::parse(Algo::Hs256, &secret).unwrap(), 100)
        .unwrap();
    let part = |at: usize| {
        let part = token.split('.').nth(at).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    (part(0), part(1))
}

#[test]
fn a_token_says_who_and_no_more_than_its_scopes() {
    let profile = profile();
    let (header, claims) = said(&draft(&profile, Audience::Core));
    assert_eq!(header, json!({"typ": "JWT", "alg": "HS256", "kid": "jwk_1"}));
    assert_eq!(
        claims,
        json!({
            "iss": "https://authrocket.com", "sub": profile.user_id.as_str(), "rid": profile.realm_id.as_str(),
            "sid": "kss_1", "iat": 100, "exp": 500, "name": "Ana Ruiz", "email": "ana@example.com",
            "email_verified": false, "given_name": "Ana", "locale": "es",
        })
    );
}

#[test]
fn scopes_add_reference_custom_and_orgs() {
    let mut profile = profile();
    profile.scopes = ["ar.orgs", "ar.custom", "ar.reference"].map(str::to_owned).to_vec();
    let (_, claims) = said(&draft(&profile, Audience::Core));
    assert_eq!(claims["ref"], "A-1");
    assert_eq!(claims["cs"].to_string(), r#"{"n":1,"f":1.50}"#.replace("1.50", "1.5"));
    assert_eq!(claims["orgs"].as_array().unwrap().len(), 2);
    assert_eq!(
        claims["orgs"][1],
        json!({"mid": "mb_org_b", "oid": "org_b", "name": "Acme", "perm": ["ar:owner"], "selected": false, "ref": "R", "cs": {}})
    );
}

#[test]
fn a_loginrocket_token_holds_exactly_the_selected_org() {
    let mut profile = profile();
    profile.account = Some("org_b".to_owned());
    let (_, claims) = said(&draft(&profile, Audience::LoginRocket));
    assert_eq!(
        claims["orgs"],
        json!([{"mid": "mb_org_b", "oid": "org_b", "name": "Acme", "perm": ["ar:owner"], "selected": true}])
    );
    profile.account = None;
    let (_, claims) = said(&draft(&profile, Audience::LoginRocket));
    assert_eq!(claims["orgs"], json!([]));
}

#[test]
fn a_mark_changes_with_everything_that_a_token_says() {
    let base = profile();
    let first = draft(&base, Audience::Core).mark().unwrap();
    assert_eq!(first, draft(&base, Audience::Core).mark().unwrap());
    let mut named = profile();
    named.name = "Ana".to_owned();
    let mut rs256 = profile();
    rs256.algo = Algo::Rs256;
    let others = [
        draft(&named, Audience::Core),
        draft(&rs256, Audience::Core),
        draft(&base, Audience::LoginRocket),
        Draft {
            ends: 501,
            ..draft(&base, Audience::Core)
        },
        Draft {
            kid: "jwk_2",
            ..draft(&base, Audience::Core)
        },
        Draft {
            session: "kss_2",
            ..draft(&base, Audience::Core)
        },
        Draft {
            issuer: "https://b",
            ..draft(&base, Audience::Core)
        },
    ];
    for other in others {
        assert_ne!(other.mark().unwrap(), first);
    }
    assert_eq!(marked_end(&first, Audience::Core), Some((500, true)));
    assert_eq!(marked_end(&first, Audience::LoginRocket), Some((500, false)));
    assert_eq!(marked_end("x", Audience::Core), None);
}

#[test]
fn t_18_a_key_of_another_algorithm_signs_nothing() {
    let mut profile = profile();
    profile.algo = Algo::Rs256;
    let NewKey { secret, .. } = make_hs256(&SeededRng::new(1));
    let key = SigningKey::parse(Algo::Hs256, &secret).unwrap();
    assert!(draft(&profile, Audience::Core).sign(&key, 100).is_err());
}
