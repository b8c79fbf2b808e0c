//! The page and what the server refuses, in the browser's language.

use serde_json::json;

use super::{Chromium, Stage};

/// What a person sees who gets the password wrong, and then chooses one that anybody would guess.
async fn refused_in(languages: &str, tag: &str, sign_in: &str, login_failed: &str) {
    let stage = Stage::start().await;
    stage.person("ana@example.com").await;
    Chromium::with(languages, async |browser| {
        browser.goto(&stage.example).await;
        browser.read("#signin h1", sign_in).await;
        assert_eq!(browser.script("return document.documentElement.lang", &[]).await, tag);
        stage.sign_in(browser, "ana@example.com", "not the password").await;
        browser.read("#error", login_failed).await;
        browser.click("#signin [data-show=signup]").await;
        let weak = [("email", "new@example.com"), ("password", "password1")];
        browser.submit("signup", &weak).await;
        let said = browser.see("#error").await.text().await.unwrap();
        assert!(!said.is_empty() && !said.contains("assword"), "{said}");
        let right = browser
            .script("return getComputedStyle(document.body).direction", &[])
            .await;
        assert_eq!(right == json!("rtl"), tag == "ar");
    })
    .await;
    stage.end().await;
}

#[tokio::test]
async fn in_spanish() {
    refused_in("es-MX,es", "es", "Iniciar sesión", "Error al iniciar sesión").await;
}

#[tokio::test]
async fn in_japanese() {
    refused_in("ja", "ja", "ログイン", "ログインに失敗しました").await;
}

#[tokio::test]
async fn in_arabic_from_right_to_left() {
    refused_in("ar", "ar", "تسجيل الدخول", "فشل تسجيل الدخول").await;
}

#[tokio::test]
async fn a_language_is_chosen_on_the_page() {
    let stage = Stage::start().await;
    Chromium::with("en-US,en", async |browser| {
        browser.goto(&stage.example).await;
        browser.read("#signin h1", "Sign in").await;
        browser.click("#language option[value=de]").await;
        browser.read("#signin h1", "Anmelden").await;
        stage.sign_in(browser, "nobody@example.com", "not the password").await;
        browser.read("#error", "Anmeldung fehlgeschlagen").await;
    })
    .await;
    stage.end().await;
}
