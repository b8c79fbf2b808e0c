//! `gantry doctor`.

use std::process::ExitCode;
use std::sync::Arc;

use gantry_config::Loaded;
use gantry_kernel::SystemClock;
use gantry_limits::Limiter;

use super::print;
use crate::check;
use crate::cli::Output;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    good: bool,
    text: String,
}

pub(super) async fn run(loaded: &Loaded, output: Output) -> anyhow::Result<ExitCode> {
    let _telemetry = gantry_telemetry::init(&super::quiet(loaded))?;
    let mut findings = vec![
        settings(loaded),
        data_dir(loaded),
        database(loaded).await,
        redis(loaded).await,
    ];
    findings.push(address("http.addr", loaded.config.http.addr, "GANTRY_HTTP_ADDR").await);
    findings.push(address("grpc.addr", loaded.config.grpc.addr, "GANTRY_GRPC_ADDR").await);
    let good = findings.iter().all(|finding| finding.good);
    print(
        output,
        || {
            findings
                .iter()
                .map(|f| serde_json::json!({ "what": f.what, "good": f.good, "text": f.text }))
                .collect()
        },
        || {
            let line = |f: &Finding| format!("{}  {:10}  {}", if f.good { "ok  " } else { "FAIL" }, f.what, f.text);
            findings.iter().map(line).collect::<Vec<_>>().join("\n")
        },
    );
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn settings(loaded: &Loaded) -> Finding {
    let from = loaded.file.as_ref().map_or("defaults and environment".to_owned(), |f| {
        format!("{} and environment", f.display())
    });
    Finding {
        what: "settings",
        good: true,
        text: format!("read from {from}"),
    }
}

fn data_dir(loaded: &Loaded) -> Finding {
    let dir = &loaded.config.data_dir;
    let tried = std::fs::create_dir_all(dir).and_then(|()| tempfile_in(dir));
    let text = match &tried {
        Ok(()) => format!("{} can be written", dir.display()),
        Err(error) => format!(
            "{}: {error}; set GANTRY_DATA_DIR to a directory of this user",
            dir.display()
        ),
    };
    Finding {
        what: "data_dir",
        good: tried.is_ok(),
        text,
    }
}

fn tempfile_in(dir: &std::path::Path) -> std::io::Result<()> {
    let path = dir.join(".doctor");
    std::fs::write(&path, b"")?;
    std::fs::remove_file(path)
}

async fn database(loaded: &Loaded) -> Finding {
    let asked = async {
        let db = check::open_database(&loaded.config)?;
        let pending = db.pending().await.map_err(check::database_error)?;
        anyhow::Ok((db.system(), pending.len()))
    };
    match asked.await {
        Ok((system, 0)) => Finding {
            what: "database",
            good: true,
            text: format!("{system} answers and is up to date"),
        },
        Ok((system, missing)) => {
            let text = format!(
                "{system} answers; {missing} migrations are missing: `gantry migrate` or the next start applies them"
            );
            Finding {
                what: "database",
                good: true,
                text,
            }
        }
        Err(error) => Finding {
            what: "database",
            good: false,
            text: error.to_string(),
        },
    }
}

async fn redis(loaded: &Loaded) -> Finding {
    let what = "redis";
    let Some(settings) = check::redis_settings(&loaded.config) else {
        return Finding {
            what,
            good: true,
            text: "not configured: limits are kept in memory, per process".to_owned(),
        };
    };
    match Limiter::redis(settings, Arc::new(SystemClock::new())).await {
        Ok(limiter) if limiter.check().await.reachable => Finding {
            what,
            good: true,
            text: "answers".to_owned(),
        },
        Ok(_) => Finding {
            what,
            good: false,
            text: "does not answer: limits fall back to memory; check REDIS_URL".to_owned(),
        },
        Err(error) => Finding {
            what,
            good: false,
            text: format!("{error}; check REDIS_URL"),
        },
    }
}

async fn address(what: &'static str, addr: std::net::SocketAddr, variable: &str) -> Finding {
    match tokio::net::TcpListener::bind(addr).await {
        Ok(_) => Finding {
            what,
            good: true,
            text: format!("{addr} is free"),
        },
        Err(error) => {
            let text = format!("{addr}: {error}; is Gantry running already? else set {variable}");
            Finding {
                what,
                good: error.kind() == std::io::ErrorKind::AddrInUse,
                text,
            }
        }
    }
}
