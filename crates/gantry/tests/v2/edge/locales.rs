//! The language of messages (contract 1.8): who asks for which, on both APIs.

use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::json;

use crate::common::{App, TestRealm};

const ASKED: [(&str, &str); 20] = [
    ("", "en"),
    ("en", "en"),
    ("es", "es"),
    ("es-MX", "es"),
    ("ES-mx,es;q=0.9,en;q=0.8", "es"),
    ("ja-JP", "ja"),
    ("fi, ja;q=0.5, es;q=0.4", "ja"),
    ("en;q=0.1, es;q=0.9", "es"),
    ("es;q=0, ja;q=0.1", "ja"),
    ("fi-FI, sv", "en"),
    ("not a language!!", "en"),
    ("*", "en"),
    ("de-AT", "de"),
    ("zh-TW, zh;q=0.9", "zh-Hant"),
    ("zh-CN", "zh-Hans"),
    ("pt-PT", "pt-BR"),
    ("ar-EG", "ar"),
    ("iw-IL", "he"),
    ("pl, en;q=0.5", "pl"),
    ("tr", "tr"),
];

/// What an empty login is told in each language.
fn missing(locale: &str) -> [&'static str; 2] {
    match locale {
        "es" => [
            "El campo correo electrónico es obligatorio",
            "El campo contraseña es obligatorio",
        ],
        "ja" => ["メールアドレスは必須です", "パスワードは必須です"],
        "de" => ["„E-Mail-Adresse“ ist erforderlich", "„Passwort“ ist erforderlich"],
        "zh-Hant" => ["「電子郵件」為必填欄位", "「密碼」為必填欄位"],
        "zh-Hans" => ["“电子邮件”为必填项", "“密码”为必填项"],
        "pt-BR" => ["O campo “E-mail” é obrigatório", "O campo “Senha” é obrigatório"],
        "ar" => [
            "الحقل «\u{2068}البريد الإلكتروني\u{2069}» مطلوب",
            "الحقل «\u{2068}كلمة المرور\u{2069}» مطلوب",
        ],
        "he" => [
            "השדה \"\u{2068}דוא״ל\u{2069}\" הוא שדה חובה",
            "השדה \"\u{2068}סיסמה\u{2069}\" הוא שדה חובה",
        ],
        "pl" => ["Pole „Adres e-mail” jest wymagane", "Pole „Hasło” jest wymagane"],
        "tr" => ["“E-posta adresi” alanı zorunludur", "“Parola” alanı zorunludur"],
        _ => ["Email is required", "Password is required"],
    }
}

async fn login_in(realm: &TestRealm<'_>, asked: &str) -> Vec<String> {
    let request = realm.anyone(Method::POST, "/v2/login").header(ACCEPT_LANGUAGE, asked);
    realm.app.send(request.json(&json!({}))).await.errors(422)
}

#[tokio::test]
async fn the_core_api_speaks_the_caller_s_language_else_english() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"default_locale": "ja"})).await;
    let body = json!({"realm_id": realm.id, "user": {"email": "nonsense", "password": "x"}});
    for (asked, locale) in ASKED {
        let request = app
            .root(Method::POST, "/v2/users")
            .header(ACCEPT_LANGUAGE, asked)
            .json(&body);
        let told = app.send(request).await.errors(422);
        let expected = match locale {
            "es" => "El campo correo electrónico debe ser una dirección de correo electrónico",
            "ja" => "メールアドレスにはメールアドレスを入力してください",
            "en" => "Email must be an email address",
            other => {
                let locale = gantry_locales::Locale::exact(other).unwrap();
                &gantry_locales::violation(locale, "email", "not_an_email", &[])
            }
        };
        assert!(told.iter().any(|text| text == expected), "{asked}: {told:?}");
    }
    app.post("/v2/users", body).await.errors(422);
}

#[tokio::test]
async fn login_rocket_speaks_the_browser_s_language_else_the_realm_s() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = app.realm().await;
    for (asked, locale) in ASKED {
        assert_eq!(login_in(&realm, asked).await, missing(locale), "{asked}");
    }
    let spanish = app.realm_with(json!({"default_locale": "es"})).await;
    for (asked, locale) in [("", "es"), ("fi", "es"), ("ja", "ja"), ("en-GB", "en"), ("*", "es")] {
        assert_eq!(login_in(&spanish, asked).await, missing(locale), "{asked}");
    }
    let narrow = json!({"default_locale": "es", "available_locales": ["es", "ja"]});
    let narrow = app.realm_with(narrow).await;
    for (asked, locale) in [("en", "es"), ("en, ja;q=0.1", "ja")] {
        assert_eq!(login_in(&narrow, asked).await, missing(locale), "{asked}");
    }
}

#[tokio::test]
async fn every_error_of_login_rocket_is_translated() {
    let app = App::start_with(|config| {
        let set = gantry_config::LimitOverride {
            max: Some(1),
            ..Default::default()
        };
        config.limits.insert("jwks".to_owned(), set);
    })
    .await;
    let realm = app.realm().await;
    let at = |method: Method, path: &str| realm.anyone(method, path).header(ACCEPT_LANGUAGE, "es-MX");
    realm.get("/connect/jwks").await.expect(200);
    for (status, request, text) in [
        (403, at(Method::GET, "/v2/session?session=x"), "error.session_invalid"),
        (405, at(Method::PUT, "/v2/login"), "error.method_not_allowed"),
        (
            406,
            at(Method::POST, "/v2/login").header("accept", "text/html"),
            "error.not_acceptable",
        ),
        (
            415,
            at(Method::POST, "/v2/login").header("content-type", "a/b").body("x"),
            "error.unsupported_media_type",
        ),
        (429, at(Method::GET, "/connect/jwks"), "error.rate_limited"),
    ] {
        let reply = app.send(request).await;
        let expected = gantry_locales::t(gantry_locales::Locale::Es, text, &[]);
        assert_eq!(reply.errors(status), [expected.as_str()], "{text}");
        assert_eq!(reply.json()["error"], expected);
        assert_eq!(reply.json()["result"], "error");
    }
    let elsewhere = app
        .anyone(Method::POST, "/v2/login")
        .header(ACCEPT_LANGUAGE, "ja")
        .json(&json!({}));
    assert_eq!(app.send(elsewhere).await.errors(404), ["見つかりません"]);
}

#[tokio::test]
async fn tags_are_kept_as_they_are_shown() {
    let app = App::start().await;
    let realm = json!({"default_locale": "ZH-hant", "available_locales": ["pt-br", "ZH-HANT", "PT-BR"]});
    let realm = app.realm_with(realm).await;
    let shown = app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200);
    assert_eq!(shown["default_locale"], "zh-Hant");
    assert_eq!(shown["available_locales"], json!(["pt-BR", "zh-Hant"]));
    for (asked, told) in [("pt", "Falha ao entrar"), ("de", "登入失敗"), ("zh-CN", "登入失敗")] {
        let login = realm.anyone(Method::POST, "/v2/login").header(ACCEPT_LANGUAGE, asked);
        let login = login.json(&json!({"email": "nobody@example.com", "password": "wrong password"}));
        assert_eq!(realm.app.send(login).await.errors(422), [told], "{asked}");
    }
    let user = |locale: &str| {
        let user = json!({"email": format!("{locale}@example.com"), "locale": locale});
        app.post("/v2/users", json!({"realm_id": realm.id, "user": user}))
    };
    assert_eq!(user("ZH-hans").await.expect(201)["locale"], "zh-Hans");
    let told = user("es-MX").await.errors(422);
    let all: Vec<_> = gantry_locales::Locale::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(told, [format!("Language must be one of: {}", all.join(", "))]);
}

#[tokio::test]
async fn a_header_does_not_set_the_user_s_language_on_the_core_api() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"realm_id": realm.id, "user": {"email": "ana@example.com"}});
    let request = app
        .root(Method::POST, "/v2/users")
        .header(ACCEPT_LANGUAGE, "es")
        .json(&body);
    assert_eq!(app.send(request).await.expect(201)["locale"], json!(null));
}

#[tokio::test]
async fn whoever_has_proven_who_they_are_is_answered_in_the_language_they_chose() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"available_locales": ["en", "es", "ja"]})).await;
    let asked = |method: Method, path: &str, body: serde_json::Value| {
        let request = realm.anyone(method, path).header(ACCEPT_LANGUAGE, "es");
        app.send(request.json(&body))
    };
    for (email, chosen, told) in [
        ("ana@example.com", json!("ja"), "メールアドレスは必須です"),
        (
            "bob@example.com",
            json!(null),
            "El campo correo electrónico es obligatorio",
        ),
        // A language that the realm does not speak.
        (
            "cy@example.com",
            json!("de"),
            "El campo correo electrónico es obligatorio",
        ),
    ] {
        realm.user(email).await;
        let session = realm.session_of(email).await;
        let profile = json!({"session": session, "locale": chosen});
        asked(Method::PUT, "/v2/profile", profile).await.expect(200);
        let none = asked(Method::PUT, "/v2/profile", json!({"session": session, "email": null})).await;
        assert_eq!(none.errors(422), [told], "{email}");
    }
}

#[tokio::test]
async fn t_07_no_language_tells_that_there_is_a_user() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    app.put(&path, json!({"realm_id": realm.id, "user": {"locale": "ja"}}))
        .await
        .expect(200);
    let asked = |path: &str, body: serde_json::Value| {
        let request = realm.anyone(Method::POST, path).header(ACCEPT_LANGUAGE, "es");
        app.send(request.json(&body))
    };
    let login = json!({"email": "ana@example.com", "password": "wrong password"});
    let refused = asked("/v2/login", login).await.errors(422);
    assert_eq!(
        refused,
        [gantry_locales::t(gantry_locales::Locale::Es, "error.login_failed", &[])]
    );
    // Behind the right password it tells nothing any more.
    let authenticator = realm.authenticator(&user).await;
    let half = realm.login("ana@example.com").await.expect(200)["token"].clone();
    let code = json!({"token": half, "code": authenticator.wrong(&app)});
    assert_eq!(
        asked("/v2/login/verify", code).await.errors(422),
        ["確認に失敗しました"]
    );
}

#[tokio::test]
async fn the_token_of_a_mail_is_proof_enough_for_the_language() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    app.put(&path, json!({"realm_id": realm.id, "user": {"locale": "ja"}}))
        .await
        .expect(200);
    let forgot = realm
        .post("/v2/password/forgot", json!({"email": "ana@example.com"}))
        .await;
    let token = realm.app.mailed(&realm.id, &forgot, "user.password.resetting").await;
    let reset = realm
        .anyone(Method::POST, "/v2/password/reset")
        .header(ACCEPT_LANGUAGE, "es");
    let reset = reset.json(&json!({ "token": token }));
    assert_eq!(app.send(reset).await.errors(422), ["パスワードは必須です"]);
}
