//! `gantry health`.

use std::process::ExitCode;
use std::time::Duration;

use gantry_config::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::print;
use crate::cli::Output;

/// Longer than a healthy answer ever takes.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn run(config: &Config, addr: Option<String>, grpc: bool, output: Output) -> anyhow::Result<ExitCode> {
    let own = if grpc { config.grpc.addr } else { config.http.addr };
    let addr = addr.unwrap_or_else(|| own.to_string());
    let asked = async {
        if grpc {
            over_grpc(&addr).await
        } else {
            over_http(&addr).await
        }
    };
    let answer = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in 3 seconds")));
    let ready = answer.is_ok();
    let why = answer.err().map(|error| error.to_string());
    print(
        output,
        || serde_json::json!({ "ready": ready, "why": why }),
        || {
            why.clone()
                .map_or("ready".to_owned(), |why| format!("not ready: {why}"))
        },
    );
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn over_http(addr: &str) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET /health/ready HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    if answer.starts_with("HTTP/1.1 200") {
        return Ok(());
    }
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default().trim().to_owned();
    anyhow::bail!(
        "{}",
        if body.is_empty() {
            "not HTTP; for HTTPS ask through its own name".to_owned()
        } else {
            body
        }
    )
}

async fn over_grpc(addr: &str) -> anyhow::Result<()> {
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{addr}"))?
        .connect()
        .await?;
    let answer = HealthClient::new(channel)
        .check(HealthCheckRequest { service: String::new() })
        .await?;
    if answer.into_inner().status == tonic_health::pb::health_check_response::ServingStatus::Serving as i32 {
        return Ok(());
    }
    anyhow::bail!("not serving")
}
