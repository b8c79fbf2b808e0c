//! The least honest work for each workload: the baseline that Gantry is measured beside.
//!
//! One process, one database, no gateway, no limits, no events, no logs, no tenants, no checks of what may be done. It
//! does what cannot be left out, as fast as this machine allows: passwords are hashed on one thread per core that keeps
//! its memory, tokens are signed with a parsed key, reads are pipelined over few connections. Never run it as a server.

mod events;
mod hashing;
mod routes;
mod store;
mod tokens;

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;

/// What to serve, and to how many.
#[derive(Debug, Parser)]
struct Options {
    /// Address of an empty PostgreSQL database
    #[arg(long)]
    database: String,
    /// Users to make, `user0@bench.example` and so on
    #[arg(long, default_value_t = 1000)]
    users: i64,
    /// Sessions to make, spread over the users
    #[arg(long, default_value_t = 20_000)]
    sessions: i64,
    /// The password of every user
    #[arg(long, default_value = "correct horse battery staple")]
    password: String,
    /// Address of a database of Gantry's, whose events are to be listed and added to
    #[arg(long)]
    events: Option<String>,
}

/// What every request works with.
#[derive(Debug)]
struct Ceiling {
    store: store::Store,
    hashing: hashing::Pool,
    tokens: tokens::Signer,
    events: Option<events::Events>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let cores = std::thread::available_parallelism()?.get();
    let events = match &options.events {
        Some(url) => Some(events::Events::open(url).await?),
        None => None,
    };
    let ceiling = Ceiling {
        events,
        store: store::Store::open(&options.database).await?,
        hashing: hashing::Pool::start(cores)?,
        tokens: tokens::Signer::generate()?,
    };
    let hash = hashing::hash(&options.password)?;
    let token = ceiling.tokens.sign("usr_seed", "user@bench.example", "kss_seed")?;
    ceiling
        .store
        .seed(options.users, options.sessions, &hash, &token)
        .await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("ceiling ready http=http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    axum::serve(listener, routes::router(Arc::new(ceiling)))
        .await
        .context("the server ended")
}
