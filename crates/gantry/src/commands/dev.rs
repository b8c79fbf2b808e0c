//! `gantry dev`.

use std::net::SocketAddr;
use std::process::ExitCode;

use gantry_config::Config;
use gantry_event::Preview;

use super::serve::Told;
use crate::cli::Output;
use crate::desk::{self, Desk};
use crate::{Demo, Gantry, Roles, Running, World, demo};

/// Serves on this machine alone; at the first start makes an API key and a demo realm, and shows them once.
pub(super) async fn run(config: Config, example: Option<SocketAddr>, output: Output) -> anyhow::Result<ExitCode> {
    let telemetry = gantry_telemetry::init(&gantry_telemetry::Config::from_settings(&config, "gantry"))?;
    let data_dir = config.data_dir.display().to_string();
    let own_key = config.root_api_key.clone();
    // Where mail is sent it is not shown.
    let mails = config.smtp.host.is_none().then(Preview::default);
    let desk = Desk::open(mails.clone(), example).await?;
    let pages = Pages::of(&desk);
    let world = World {
        mails,
        ..World::default()
    };
    let rng = std::sync::Arc::clone(&world.rng);
    let mut told = Told::listen()?;
    let gantry = Gantry {
        config,
        roles: Roles::ALL,
        world,
    };
    let Some(running) = told.unless_told(gantry.start()).await else {
        return Ok(ExitCode::SUCCESS);
    };
    let running = running?;
    println!("{}{}", running.ready_line(), pages.of_ready_line());
    let Some(setup) = running.setup.clone() else {
        anyhow::bail!("auth did not start")
    };
    let keys = setup.list_keys().await?;
    let host = if keys.iter().all(|key| key.name == "root") {
        let key = match own_key {
            Some(key) => key,
            None => setup.create_key("dev", "manage", None).await?.1,
        };
        let made = demo::make(&running.wires, &*rng, &pages.example_or_usual()).await?;
        if output == Output::Json {
            println!(
                "{}",
                serde_json::json!({ "api_key": key.expose(), "demo": made, "mails": pages.mails, "example": pages.example })
            );
        } else {
            println!("{}", welcome(&running, key.expose(), &made));
        }
        // Marks the demo as made, also where the operator brought the key.
        setup.create_key("demo", "read", Some(made.realm_id)).await?;
        Some(made.host)
    } else {
        if output == Output::Text {
            println!(
                "The key and the password were shown at the first start. For a new key: gantry key create. To begin anew: rm -r {data_dir}"
            );
        }
        let demo = keys
            .into_iter()
            .find(|key| key.name == "demo")
            .and_then(|key| key.realm_id);
        match demo {
            Some(realm) => demo::host_of(&running.wires, &realm).await?,
            None => None,
        }
    };
    if output == Output::Text {
        print!("{}", pages.told());
    }
    desk.serve(&login_url(&running, host.as_deref().unwrap_or_default()));
    told.until_told(running).await;
    telemetry.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// What is served beside Gantry itself.
struct Pages {
    mails: Option<String>,
    example: Option<String>,
}

impl Pages {
    fn of(desk: &Desk) -> Self {
        Self {
            mails: desk.mails_url(),
            example: desk.example_url(),
        }
    }

    fn of_ready_line(&self) -> String {
        let pages = [("mails", &self.mails), ("example", &self.example)];
        let told = pages
            .into_iter()
            .filter_map(|(name, url)| Some(format!(" {name}={}", url.as_ref()?)));
        told.collect()
    }

    fn example_or_usual(&self) -> String {
        self.example.clone().unwrap_or_else(desk::usual_example)
    }

    /// For people.
    fn told(&self) -> String {
        let mut told = String::new();
        if let Some(url) = &self.mails {
            told.push_str(&format!(
                "\nThere is no mail server: what would be mailed is shown at {url}\n"
            ));
        }
        match &self.example {
            Some(url) => told.push_str(&format!("The example page signs up and in at {url}\n")),
            None => told.push_str("To sign up and in with a browser, start with --example.\n"),
        }
        told
    }
}

/// Where a realm signs in.
fn login_url(running: &Running, host: &str) -> String {
    let scheme = if running.https { "https" } else { "http" };
    let port = running.http.map_or(0, |addr| addr.port());
    format!("{scheme}://{host}:{port}")
}

fn welcome(running: &Running, key: &str, demo: &Demo) -> String {
    let addr = running.http.map(|addr| addr.to_string()).unwrap_or_default();
    let port = running.http.map_or(0, |addr| addr.port());
    let Demo {
        realm_id,
        host,
        email,
        password,
    } = demo;
    format!(
        "
  API key (account-wide, shown this once)  {key}
  Demo realm                               {realm_id}
  LoginRocket host                         http://{host}:{port}
  Demo user                                {email}
  Password (shown this once)               {password}

Sign the user in, list the realm's users, see what happened:

curl -s http://{host}:{port}/v2/login -d email={email} -d password={password}

curl -s http://{addr}/v2/users -H 'Authrocket-Api-Key: {key}' -H 'Authrocket-Realm: {realm_id}'

curl -s http://{addr}/v2/events -H 'Authrocket-Api-Key: {key}' -H 'Authrocket-Realm: {realm_id}'
"
    )
}
