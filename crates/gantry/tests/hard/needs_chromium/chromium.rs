//! A headless Chromium that does what people do, and is gone when the test is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use futures::FutureExt;
use gantry_testkit::process::Process;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::common::until;

/// A browser window.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
}

impl Chromium {
    /// Opens a browser whose person reads these languages, and closes it whatever comes of the work.
    pub(crate) async fn with(languages: &str, work: impl AsyncFnOnce(&Self)) {
        let home = tempfile::tempdir().unwrap();
        let mut process = Process::start(&chromedriver(home.path()));
        let line = process.line_with("started successfully on port").await;
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap();
        // The library's client wants a provider even for plain HTTP; the first one wins.
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                     "--disable-background-networking", "--disable-component-update", "--window-size=900,1100"],
            "binary": mortal_chromium(home.path()),
            "prefs": {"intl.accept_languages": languages, "intl.selected_languages": languages},
        });
        let mut wanted = Capabilities::new();
        wanted.set("browserName", "chrome").unwrap();
        wanted.set("goog:chromeOptions", options).unwrap();
        // What a page says to the console is read when a test fails.
        wanted.set("goog:loggingPrefs", json!({"browser": "ALL"})).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted)
            .await
            .unwrap();
        let browser = Self { driver };
        let done = AssertUnwindSafe(work(&browser)).catch_unwind().await;
        if done.is_err() {
            browser.tell().await;
        }
        browser.driver.quit().await.unwrap();
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    }

    /// Tells what is on the screen.
    async fn tell(&self) {
        let url = self.driver.current_url().await;
        let seen = self.script("return document.body.innerText", &[]).await;
        eprintln!("── the browser, at {url:?} ──\n{}", seen.as_str().unwrap_or_default());
        if let Some(folder) = option_env!("CARGO_TARGET_TMPDIR") {
            let shot = Path::new(folder).join("browser.png");
            eprintln!("── its screen is in {}: {:?}", shot.display(), self.shoot(&shot).await);
        }
    }

    /// Takes a picture of the screen.
    pub(crate) async fn shoot(&self, file: &Path) -> WebDriverResult<()> {
        self.driver.screenshot(file).await
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// Runs a script and returns what it returns.
    pub(crate) async fn script(&self, script: &str, arguments: &[Value]) -> Value {
        let arguments: Arc<[Value]> = arguments.into();
        self.driver.execute(script, arguments).await.unwrap().json().clone()
    }

    /// Waits until something is to be seen.
    pub(crate) async fn see(&self, css: &str) -> WebElement {
        until(css, async || {
            let found = self.driver.find(By::Css(css)).await.ok()?;
            found.is_displayed().await.ok()?.then_some(found)
        })
        .await
    }

    /// Waits until a text is to be seen in a place.
    pub(crate) async fn read(&self, css: &str, part: &str) -> String {
        until(&format!("{part:?} in {css}"), async || {
            let found = self.driver.find(By::Css(css)).await.ok()?;
            let text = found.text().await.ok()?;
            text.contains(part).then_some(text)
        })
        .await
    }

    /// Clicks what can be clicked by now.
    pub(crate) async fn click(&self, css: &str) {
        until(&format!("{css} can be clicked"), async || {
            let found = self.driver.find(By::Css(css)).await.ok()?;
            found.is_enabled().await.ok()?.then_some(())?;
            found.click().await.ok()
        })
        .await;
    }

    /// Fills the fields of a section's form by hand, and sends it.
    pub(crate) async fn submit(&self, section: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let field = self.see(&format!("#{section} [name={name}]")).await;
            field.clear().await.unwrap();
            field.send_keys(*value).await.unwrap();
        }
        self.click(&format!("#{section} form button")).await;
    }

    /// Says something to the browser that no page could.
    pub(crate) async fn tell_devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap()
    }

    /// Gives the browser an authenticator of its own, with a person before it who agrees to everything; tells its id.
    pub(crate) async fn authenticator(&self) -> Value {
        let options = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        });
        self.tell_devtools("WebAuthn.enable", json!({})).await;
        let made = self.tell_devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options }));
        made.await["authenticatorId"].clone()
    }

    /// Unfolds a part of the page.
    pub(crate) async fn unfold(&self, section: &str) {
        self.click(&format!("#{section} > summary")).await;
        self.see(&format!("#{section} form button")).await;
    }
}

/// The program between the tests and the browser, on a free port, with its files in a folder of the test.
fn chromedriver(home: &Path) -> Command {
    let mut command = Command::new("chromedriver");
    command
        .arg("--port=0")
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home)
        .env("TMPDIR", home);
    command
}

/// Chromium, told to die with the program that starts it: a test runner that kills a test would otherwise leave it behind.
fn mortal_chromium(home: &Path) -> String {
    let file = home.join("chromium");
    fs::write(&file, "#!/bin/sh\nexec setpriv --pdeathsig=KILL chromium \"$@\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file.to_str().unwrap().to_owned()
}
