//! `gantry dev`.

use std::process::ExitCode;

use gantry_config::Config;

use super::serve::Told;
use crate::cli::Output;
use crate::{Demo, Gantry, Roles, Running, World, demo};

/// Serves on this machine alone; at the first start makes an API key and a demo realm, and shows them once.
pub(super) async fn run(config: Config, output: Output) -> anyhow::Result<ExitCode> {
    let telemetry = gantry_telemetry::init(&gantry_telemetry::Config::from_settings(&config, "gantry"))?;
    let data_dir = config.data_dir.display().to_string();
    let own_key = config.root_api_key.clone();
    let world = World::default();
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
    println!("{}", running.ready_line());
    let Some(setup) = running.setup.clone() else {
        anyhow::bail!("auth did not start")
    };
    if setup.list_keys().await?.iter().all(|key| key.name == "root") {
        let key = match own_key {
            Some(key) => key,
            None => setup.create_key("dev", "manage", None).await?.1,
        };
        let made = demo::make(&running.wires, &*rng).await?;
        if output == Output::Json {
            println!("{}", serde_json::json!({ "api_key": key.expose(), "demo": made }));
        } else {
            println!("{}", welcome(&running, key.expose(), &made));
        }
        // Marks the demo as made, also where the operator brought the key.
        setup.create_key("demo", "read", Some(made.realm_id)).await?;
    } else if output == Output::Text {
        println!(
            "The key and the password were shown at the first start. For a new key: gantry key create. To begin anew: rm -r {data_dir}"
        );
    }
    told.until_told(running).await;
    telemetry.shutdown().await;
    Ok(ExitCode::SUCCESS)
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
