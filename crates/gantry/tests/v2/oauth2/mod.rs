//! `/v2/sessions/oauth2` (contract 3.6)

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest;

use crate::common::{App, Reply, TestRealm, claims};

const PATH: &str = "/v2/sessions/oauth2";
const BACK: &str = "https://shop.example/cb";
// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A realm with a user and an app that may sign users in.
struct Shop<'a> {
    realm: TestRealm<'a>,
    user: Value,
    app: Value,
}

impl<'a> Shop<'a> {
    async fn open(app: &'a App, kind: &str) -> Self {
        let realm = app.realm().await;
        let user = realm.user("ana@example.com").await;
        let fields = json!({"client_type": "oauth2", "app_type": kind, "name": "Shop", "redirect_uris": [BACK]});
        let made = realm.create("/v2/client_apps", json!({ "client_app": fields })).await;
        Self {
            user,
            app: made.expect(201),
            realm,
        }
    }

    /// Asks for a code; what is given goes before what is usual.
    async fn ask(&self, fields: Value) -> Reply {
        let mut session = json!({"client_app_id": self.app["id"], "redirect_uri": BACK, "user_id": self.user["id"]});
        merge(&mut session, fields);
        self.realm.create(PATH, json!({ "session": session })).await
    }

    async fn code(&self, fields: Value) -> String {
        self.ask(fields).await.expect(201)["code"].as_str().unwrap().to_owned()
    }

    /// Gives a code for tokens.
    async fn exchange(&self, code: &str, fields: Value) -> Reply {
        let mut session = json!({"client_app_id": self.app["id"], "code": code});
        if let Some(secret) = self.app.get("secret") {
            session["client_app_secret"] = secret.clone();
        }
        merge(&mut session, fields);
        let path = format!("{PATH}/code");
        self.realm.create(&path, json!({ "session": session })).await
    }

    async fn look(&self, token: &Value) -> Reply {
        self.realm.read(&format!("{PATH}/{}", token.as_str().unwrap())).await
    }
}

fn merge(into: &mut Value, fields: Value) {
    for (name, value) in fields.as_object().unwrap() {
        into[name] = value.clone();
    }
}

#[tokio::test]
async fn a_code_is_given_for_tokens_that_tell_who_the_user_is() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let asked = shop
        .ask(json!({"scopes": "openid email", "nonce": "n-1"}))
        .await
        .expect(201);
    let mut expected = json!({
        "object": "oauth2_session", "id": asked["id"], "realm_id": shop.realm.id, "user_id": shop.user["id"],
        "client_app_id": shop.app["id"], "redirect_uri": BACK, "scopes": ["openid", "email"], "token_type": "Bearer",
        "expires_in": 60, "expires_at": 1_767_225_660, "created_at": 1_767_225_600.0, "code": asked["code"],
    });
    assert_eq!(asked, expected);
    // Until its code is taken it opens nothing.
    shop.look(&asked["id"]).await.errors(404);

    let given = shop
        .exchange(asked["code"].as_str().unwrap(), json!({}))
        .await
        .expect(201);
    let profile = json!({"sub": shop.user["id"], "email": "ana@example.com", "email_verified": false});
    expected.as_object_mut().unwrap().remove("code");
    merge(
        &mut expected,
        json!({"expires_in": 3600, "expires_at": 1_767_229_200, "profile": profile}),
    );
    let mut rest = given.clone();
    let (access, id_token) = (rest["access_token"].take(), rest["id_token"].take());
    rest.as_object_mut()
        .unwrap()
        .retain(|name, _| name != "access_token" && name != "id_token");
    assert_eq!(rest, expected);

    let said = claims(id_token.as_str().unwrap());
    let host = format!("https://{}", shop.realm.host);
    assert_eq!(
        said,
        json!({
            "sub": shop.user["id"], "email": "ana@example.com", "email_verified": false, "iss": host,
            "aud": shop.app["id"], "iat": 1_767_225_600, "exp": 1_767_229_200, "auth_time": 1_767_225_600, "nonce": "n-1",
        })
    );
    let jwks = shop.realm.get("/connect/jwks").await.expect(200);
    verified(id_token.as_str().unwrap(), &jwks);
    for name in [&access, &given["id"]] {
        assert_eq!(shop.look(name).await.expect(200), expected);
    }
    app.clock.advance_ms(1000 * 3600);
    shop.look(&access).await.errors(404);
}

/// Checks a signature by the published keys alone.
fn verified(token: &str, jwks: &Value) {
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_value(jwks.clone()).unwrap();
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.validate_exp = false;
    rules.validate_aud = false;
    jsonwebtoken::decode::<Value>(token, &key, &rules).unwrap();
}

#[tokio::test]
async fn t_25_a_code_is_good_once_and_its_thief_ends_what_it_gave() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let code = shop.code(json!({})).await;
    let given = shop.exchange(&code, json!({})).await.expect(201);
    shop.look(&given["access_token"]).await.expect(200);
    // Whoever cannot prove to be the app changes nothing.
    shop.exchange(&code, json!({"client_app_secret": "x"}))
        .await
        .errors(422);
    shop.look(&given["access_token"]).await.expect(200);
    shop.exchange(&code, json!({})).await.errors(422);
    shop.look(&given["access_token"]).await.errors(404);
    // Of many at once one gets it.
    let code = shop.code(json!({})).await;
    let tries = (0..8).map(|_| shop.exchange(&code, json!({})));
    let replies = futures::future::join_all(tries).await;
    assert!(replies.iter().filter(|reply| reply.status == 201).count() <= 1);
}

#[tokio::test]
async fn t_25_a_code_is_its_app_s_its_address_s_and_its_minute_s() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let other = Shop::open(&app, "web").await;
    let fields = json!({"client_type": "oauth2", "redirect_uris": [BACK]});
    let rival = shop
        .realm
        .create("/v2/client_apps", json!({ "client_app": fields }))
        .await
        .expect(201);
    let code = shop.code(json!({})).await;
    let mut texts = Vec::new();
    for wrong in [
        json!({"client_app_secret": null}),
        json!({"client_app_secret": ""}),
        json!({"client_app_secret": rival["secret"]}),
        json!({"client_app_id": rival["id"], "client_app_secret": rival["secret"]}),
        json!({"client_app_id": other.app["id"], "client_app_secret": other.app["secret"]}),
        json!({"client_app_id": "nonsense"}),
        json!({"redirect_uri": "https://shop.example/cb/"}),
        json!({"code_verifier": VERIFIER}),
        json!({"code": format!("{code}x")}),
        json!({"code": shop.app["secret"]}),
    ] {
        let reply = shop.exchange(&code, wrong.clone()).await;
        assert_eq!(reply.errors(422).len(), 1, "{wrong}");
        texts.push(reply.text);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "what is wrong is not told");
    // Another realm's key finds nothing.
    other
        .exchange(
            &code,
            json!({"client_app_id": shop.app["id"], "client_app_secret": shop.app["secret"]}),
        )
        .await
        .errors(422);
    // None of that has used it up.
    shop.exchange(&code, json!({"redirect_uri": BACK})).await.expect(201);
    let late = shop.code(json!({})).await;
    app.clock.advance_ms(1000 * 60);
    shop.exchange(&late, json!({})).await.errors(422);
}

#[tokio::test]
async fn t_25_pkce_is_never_downgraded() {
    let app = App::start().await;
    for kind in ["native", "browser"] {
        let shop = Shop::open(&app, kind).await;
        shop.ask(json!({})).await.errors(422);
        shop.ask(json!({"code_challenge": CHALLENGE})).await.errors(422);
        shop.ask(json!({"code_challenge": VERIFIER, "code_challenge_method": "plain"}))
            .await
            .errors(422);
        let pkce = json!({"code_challenge": CHALLENGE, "code_challenge_method": "S256"});
        let code = shop.code(pkce).await;
        for wrong in [
            json!({}),
            json!({"code_verifier": ""}),
            json!({"code_verifier": CHALLENGE}),
        ] {
            shop.exchange(&code, wrong).await.errors(422);
        }
        shop.exchange(&code, json!({"code_verifier": VERIFIER}))
            .await
            .expect(201);
    }
    // An app with a secret may do without; but who began with a proof has to bring it.
    let shop = Shop::open(&app, "web").await;
    let code = shop
        .code(json!({"code_challenge": CHALLENGE, "code_challenge_method": "S256"}))
        .await;
    shop.exchange(&code, json!({})).await.errors(422);
    shop.exchange(&code, json!({"code_verifier": VERIFIER}))
        .await
        .expect(201);
}

#[tokio::test]
async fn t_24_only_registered_addresses_and_what_else_an_app_may_ask_for() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let standard = shop.realm.list("/v2/client_apps").await[0]["id"].clone();
    for wrong in [
        json!({"redirect_uri": "https://evil.example/cb"}),
        json!({"redirect_uri": "https://shop.example/cb/../x"}),
        json!({"redirect_uri": "https://shop.example/cb?x=1"}),
        json!({"redirect_uri": null}),
        json!({"client_app_id": standard}),
        json!({"client_app_id": "app_0000000000000000000000"}),
        json!({"client_app_id": null}),
        json!({"user_id": "usr_0000000000000000000000"}),
        json!({"user_id": "ana@example.com"}),
        json!({"user_id": null}),
        json!({"session": "kss_nonsense"}),
        json!({"scopes": ["openid", "ar.orgs"]}),
        json!({"nonce": "x".repeat(600)}),
    ] {
        assert_eq!(shop.ask(wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
}

#[tokio::test]
async fn t_21_what_may_no_longer_be_used_opens_nothing() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let path = format!("/v2/client_apps/{}", shop.app["id"].as_str().unwrap());
    let tokens = async |fields: Value| {
        let code = shop.code(fields).await;
        shop.exchange(&code, json!({})).await.expect(201)["access_token"].clone()
    };
    // The app is switched off, and on again.
    let token = tokens(json!({})).await;
    let waiting = shop.code(json!({})).await;
    let set = async |state: &str| {
        let request = shop
            .realm
            .core(Method::PUT, &path)
            .json(&json!({"client_app": {"state": state}}));
        app.send(request).await.expect(200)
    };
    set("inactive").await;
    shop.look(&token).await.errors(404);
    shop.exchange(&waiting, json!({})).await.errors(422);
    shop.ask(json!({})).await.errors(422);
    set("active").await;
    shop.look(&token).await.expect(200);
    // The session ends by which the user was signed in.
    let session = shop.realm.open(&shop.user).await;
    let by_session = json!({"session": session["id"], "user_id": null});
    let token = tokens(by_session.clone()).await;
    let waiting = shop.code(by_session.clone()).await;
    shop.look(&token).await.expect(200);
    let ended = format!("/v2/sessions/{}", session["id"].as_str().unwrap());
    app.send(shop.realm.core(Method::DELETE, &ended)).await.expect(200);
    shop.look(&token).await.errors(404);
    shop.exchange(&waiting, json!({})).await.errors(422);
    shop.ask(by_session).await.errors(422);
    // The realm is switched off.
    let token = tokens(json!({})).await;
    let realm = format!("/v2/realms/{}", shop.realm.id);
    app.put(&realm, json!({"realm": {"state": "inactive"}}))
        .await
        .expect(200);
    shop.look(&token).await.errors(404);
}

#[tokio::test]
async fn t_17_a_token_of_one_kind_opens_nothing_of_another() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let code = shop.code(json!({})).await;
    let given = shop.exchange(&code, json!({})).await.expect(201);
    let fresh = shop.code(json!({})).await;
    let login = shop.realm.login("ana@example.com").await.expect(200);
    let session = |token: &str| format!("/v2/sessions/{token}");
    for token in [&given["access_token"], &given["id_token"], &given["id"], &json!(fresh)] {
        shop.realm.read(&session(token.as_str().unwrap())).await.errors(404);
        let path = format!("/v2/session?session={}", token.as_str().unwrap());
        shop.realm.get(&path).await.errors(403);
    }
    for token in [
        &login["token"],
        &login["session"],
        &given["id_token"],
        &json!(fresh),
        &json!(code),
    ] {
        shop.look(token).await.errors(404);
    }
    for token in [
        &login["token"],
        &login["session"],
        &given["access_token"],
        &given["id_token"],
    ] {
        shop.exchange(token.as_str().unwrap(), json!({})).await.errors(422);
    }
    // Published clients take no id token for a login: it comes from another issuer.
    assert_ne!(
        claims(given["id_token"].as_str().unwrap())["iss"],
        claims(login["token"].as_str().unwrap())["iss"]
    );
}

#[tokio::test]
async fn t_33_what_the_database_keeps_opens_nothing() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let code = shop.code(json!({})).await;
    let given = shop.exchange(&code, json!({})).await.expect(201);
    let access = given["access_token"].as_str().unwrap();
    // The record's id is no key, nor is it with the digest that is kept.
    let digest = URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(access.as_bytes()));
    let record = given["id"].as_str().unwrap();
    for forged in [
        format!("{record}{}", &digest[..22]),
        format!("{record}{}", "0".repeat(22)),
        digest,
    ] {
        shop.look(&json!(forged)).await.errors(404);
    }
    let looked = shop.look(&given["access_token"]).await;
    for hidden in [access, code.as_str(), shop.app["secret"].as_str().unwrap()] {
        assert!(!looked.text.contains(hidden));
    }
}

#[tokio::test]
async fn t_03_permissions_and_realms_hold() {
    let app = App::start().await;
    let shop = Shop::open(&app, "web").await;
    let other = app.realm().await;
    let code = shop.code(json!({})).await;
    let given = shop.exchange(&code, json!({})).await.expect(201);
    let path = format!("{PATH}/{}", given["access_token"].as_str().unwrap());
    let (reader, stranger) = (
        app.key("read", Some(&shop.realm.id)).await,
        app.key("manage", Some(&other.id)).await,
    );
    app.send(app.holder(&reader, Method::GET, &path)).await.expect(200);
    app.send(app.holder(&reader, Method::POST, PATH)).await.errors(403);
    app.send(app.holder(&reader, Method::POST, &format!("{PATH}/code")))
        .await
        .errors(403);
    app.send(app.holder(&stranger, Method::GET, &path)).await.errors(404);
    let body = json!({"session": {"client_app_id": shop.app["id"], "redirect_uri": BACK, "user_id": shop.user["id"]}});
    app.send(app.holder(&stranger, Method::POST, PATH).json(&body))
        .await
        .errors(422);
}
