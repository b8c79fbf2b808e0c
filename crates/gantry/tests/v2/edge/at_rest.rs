//! T-33: what a copy of the database does not tell.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::common::{App, Authenticator};

/// Everything that is kept of what somebody could sign in with.
const KEPT: &str = "SELECT secret AS text FROM auth_credentials UNION ALL SELECT client_secret FROM auth_providers \
    WHERE client_secret IS NOT NULL UNION ALL SELECT code_hash FROM auth_recovery_codes UNION ALL SELECT token_hash FROM auth_tokens";

#[tokio::test]
async fn t_33_nothing_that_signs_in_is_kept_in_the_clear() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.switch("totp", "active").await;
    let new = realm.new_totp(&user).await;
    let authenticator = realm.authenticator(&user).await;
    let half = realm.half("ana@example.com").await;
    let path = "/v2/users/ana@example.com/generate_recovery_codes";
    let codes = realm.create(path, json!({})).await.expect(201)["codes"].clone();
    let provider = json!({"provider_type": "google", "client_id": "x", "client_secret": "CanaryClientSecret"});
    realm
        .create("/v2/auth_providers", json!({ "auth_provider": provider }))
        .await
        .expect(201);

    let kept = app.texts(KEPT).await;
    // A password, two apps, a client's secret, ten codes, half a login.
    assert_eq!(kept.len(), 1 + 2 + 1 + 10 + 1, "{kept:?}");
    let mut secrets = vec![b"CanaryClientSecret".to_vec()];
    for app in [&Authenticator::of(&new), &authenticator] {
        secrets.push(app.secret.clone());
    }
    secrets.push(new["otp_secret"].as_str().unwrap().into());
    secrets.push(half.split_once(':').unwrap().1.into());
    for code in codes.as_array().unwrap() {
        let code = code.as_str().unwrap();
        secrets.push(code.into());
        secrets.push(code.replace('-', "").into());
    }
    for text in &kept {
        for secret in &secrets {
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            let plain = String::from_utf8_lossy(secret).into_owned();
            for written in [plain, hex, STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)] {
                assert!(
                    !text.to_lowercase().contains(&written.to_lowercase()),
                    "{written} in {text}"
                );
            }
        }
    }
    // What was sealed for one row is worth nothing in another.
    let swap = format!(
        "UPDATE auth_credentials SET secret = (SELECT c.secret FROM auth_credentials c WHERE c.id = '{}') WHERE id = '{}'",
        new["id"].as_str().unwrap(),
        authenticator.id
    );
    app.sql(&swap).await;
    let code = Authenticator::of(&new).code(&app);
    assert_eq!(realm.finish(&half, &code).await.errors(422), ["Verification failed"]);
}
