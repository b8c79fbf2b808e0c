//! Signing keys: given once, taken from stock by one realm each, sealed to their rows.

use std::collections::HashSet;

use futures::future::join_all;
use gantry_kernel::Reason;

use super::stage::{SECRET, Stage, realm, violations};
use super::tokens::jwks;

#[tokio::test]
async fn provide_key_answers_the_same_however_often_it_is_asked() {
    let stage = Stage::new().await;
    let (one, two) = (realm(1), realm(2));
    let pem = stage.provide(&one, "rs256").await.unwrap();
    assert_eq!(pem.len(), 451);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"));
    assert_eq!(stage.provide(&one, "rs256").await.unwrap(), pem);
    assert_ne!(stage.provide(&two, "rs256").await.unwrap(), pem);
    let secret = stage.provide(&one, "hs256").await.unwrap();
    assert!(secret.starts_with("jsk_") && secret.len() >= 36 && secret.len() <= 256);
    assert_eq!(stage.provide(&one, "hs256").await.unwrap(), secret);
    assert_eq!(stage.provide(&one, "rs256").await.unwrap(), pem);
    let keys = jwks(&stage, &one).await;
    assert_eq!(keys.len(), 1);
    assert_ne!(keys[0].kid, jwks(&stage, &two).await[0].kid);
    assert_eq!(jwks(&stage, &realm(3)).await, []);
}

#[tokio::test]
async fn provide_key_refuses_other_algorithms_and_realms_that_are_none() {
    let stage = Stage::new().await;
    for algo in ["", "RS256", "none", "es256"] {
        let problem = stage.provide(&realm(1), algo).await.unwrap_err();
        assert_eq!(violations(&problem), ["jwt_algo:unknown_value"]);
    }
    assert_eq!(stage.texts("SELECT id AS text FROM session_keys").await, [""; 0]);
}

#[tokio::test]
async fn two_processes_that_provide_a_key_at_once_agree_on_it() {
    let stage = Stage::new().await;
    let other = stage.another(SECRET, 2);
    let one = realm(1);
    for algo in ["rs256", "hs256"] {
        let asked = [&stage, &other, &stage, &other].map(|stage| stage.provide(&one, algo));
        let given: HashSet<String> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(given.len(), 1, "{algo}");
    }
    assert_eq!(stage.texts("SELECT id AS text FROM session_keys").await.len(), 2);
}

#[tokio::test]
async fn two_processes_never_take_the_same_key_from_stock() {
    let stage = Stage::with_stock(3).await;
    let other = stage.another(SECRET, 2);
    stage.stocked(3).await;
    let stocked: HashSet<String> = stage
        .texts("SELECT public_key AS text FROM session_key_stock")
        .await
        .into_iter()
        .collect();
    assert_eq!(stocked.len(), 3);
    let realms = [realm(1), realm(2), realm(3)];
    let askers = [&stage, &other, &stage];
    let asked = realms
        .iter()
        .zip(askers)
        .map(|(realm, stage)| stage.provide(realm, "rs256"));
    let given: HashSet<String> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(given, stocked, "each key went to one realm");
    // The stock is filled again, and what was given away works: it is sealed to the id that it kept.
    stage.stocked(3).await;
    for (at, realm) in realms.iter().enumerate() {
        let mut user = stage.user(realm, at as u128);
        user.jwt_algo = "rs256".to_owned();
        assert!(stage.open(&user).await.unwrap().token.is_some());
    }
}

#[tokio::test]
async fn a_realm_that_has_a_key_takes_none_from_stock() {
    let stage = Stage::with_stock(2).await;
    let other = stage.another(SECRET, 2);
    stage.stocked(2).await;
    let one = realm(1);
    let asked = [&stage, &other, &stage, &other].map(|stage| stage.provide(&one, "rs256"));
    let given: HashSet<String> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(given.len(), 1);
    let kids = stage.texts("SELECT id AS text FROM session_keys").await;
    assert_eq!(kids.len(), 1);
    // Whoever came too late has put its key back.
    let stock = stage.texts("SELECT id AS text FROM session_key_stock").await;
    assert!(!stock.is_empty());
    assert!(!stock.contains(&kids[0]));
}

#[tokio::test]
async fn sealed_rows_that_were_swapped_are_refused() {
    let stage = Stage::new().await;
    let (one, two) = (realm(1), realm(2));
    stage.provide(&one, "hs256").await.unwrap();
    stage.provide(&two, "hs256").await.unwrap();
    let swap = format!(
        "UPDATE session_keys SET secret_sealed = (SELECT o.secret_sealed FROM session_keys o WHERE o.realm_id = '{two}') \
         WHERE realm_id = '{one}'"
    );
    assert_eq!(stage.sql(&swap).await, 1);
    assert_eq!(
        stage.provide(&one, "hs256").await.unwrap_err().reason,
        Reason::Inconsistent
    );
    assert_eq!(
        stage.open(&stage.user(&one, 1)).await.unwrap_err().reason,
        Reason::Inconsistent
    );
    assert_eq!(stage.texts("SELECT id AS text FROM session_sessions").await, [""; 0]);
    assert!(stage.open(&stage.user(&two, 2)).await.is_ok());
}

#[tokio::test]
async fn a_public_key_that_is_not_the_secrets_other_half_is_refused() {
    let stage = Stage::new().await;
    let (one, two) = (realm(1), realm(2));
    stage.provide(&one, "rs256").await.unwrap();
    stage.provide(&two, "rs256").await.unwrap();
    let swap = format!(
        "UPDATE session_keys SET public_key = (SELECT o.public_key FROM session_keys o WHERE o.realm_id = '{two}') \
         WHERE realm_id = '{one}'"
    );
    assert_eq!(stage.sql(&swap).await, 1);
    let mut user = stage.user(&one, 1);
    user.jwt_algo = "rs256".to_owned();
    assert_eq!(stage.open(&user).await.unwrap_err().reason, Reason::Inconsistent);
}

#[tokio::test]
async fn tokens_that_were_swapped_between_sessions_are_refused() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let (one, two) = (stage.open(&user).await.unwrap(), stage.open(&user).await.unwrap());
    let (one_record, two_record) = (super::stage::record(&one.id), super::stage::record(&two.id));
    let swap = format!(
        "UPDATE session_sessions SET token_sealed = (SELECT o.token_sealed FROM session_sessions o WHERE o.id = '{two_record}') \
         WHERE id = '{one_record}'"
    );
    assert_eq!(stage.sql(&swap).await, 1);
    assert_eq!(
        stage.look(&realm, &one.id, None).await.unwrap_err().reason,
        Reason::Inconsistent
    );
    assert!(stage.look(&realm, &two.id, None).await.is_ok());
}

#[tokio::test]
async fn t_22_a_copy_of_the_database_opens_nothing_and_tells_no_secret() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    stage.look(&realm, &opened.id, None).await.unwrap();
    let mut all = stage.texts("SELECT token_sealed AS text FROM session_sessions").await;
    all.extend(stage.texts("SELECT token_mark AS text FROM session_sessions").await);
    all.extend(stage.texts("SELECT id AS text FROM session_sessions").await);
    all.extend(stage.texts("SELECT secret_sealed AS text FROM session_keys").await);
    let all = all.join("\n");
    let token = opened.token.unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    assert!(all.contains(super::stage::record(&opened.id)));
    for hidden in [opened.id.split_at(26).1, signature, &token, secret.split_at(4).1] {
        assert!(!all.contains(hidden));
    }
    // Nor does it to a process with another secret.
    let thief = stage.another([0; 32], 3);
    assert_eq!(
        thief.look(&realm, &opened.id, None).await.unwrap_err().reason,
        Reason::SessionInvalid
    );
    assert_eq!(
        thief.provide(&realm, "hs256").await.unwrap_err().reason,
        Reason::Inconsistent
    );
}

#[tokio::test]
async fn t_22_every_session_has_a_key_of_its_own() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let mut codes = HashSet::new();
    for _ in 0..20 {
        let opened = stage.open(&user).await.unwrap();
        assert_eq!(opened.id.len(), 48);
        codes.insert(opened.id.split_at(26).1.to_owned());
    }
    assert_eq!(codes.len(), 20);
}
