//! `gantry health`.

mod tls;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use gantry_config::Config;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
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
            over_grpc(config, &addr).await
        } else {
            over_http(config, &addr).await
        }
    };
    let answer = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in 3 seconds")));
    let ready = answer.is_ok();
    let why = answer.err().map(|error| format!("{error:#}"));
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

async fn over_http(config: &Config, addr: &str) -> anyhow::Result<()> {
    let stream = TcpStream::connect(addr).await?;
    let answer = if config.http.tls.certificates.is_empty() {
        exchange(stream, addr).await?
    } else {
        exchange(tls::connect(stream).await?, addr).await?
    };
    if answer.starts_with("HTTP/1.1 200") {
        return Ok(());
    }
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default().trim();
    anyhow::bail!(
        "{}",
        if body.is_empty() {
            "what answers is not Gantry"
        } else {
            body
        }
    )
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, addr: &str) -> std::io::Result<String> {
    let request = format!("GET /health/ready HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

async fn over_grpc(config: &Config, addr: &str) -> anyhow::Result<()> {
    let scheme = if config.grpc.tls.cert.is_some() {
        "https"
    } else {
        "http"
    };
    let mut endpoint = Endpoint::from_shared(format!("{scheme}://{addr}"))?;
    if scheme == "https" {
        endpoint = endpoint.tls_config(as_any_process(config)?)?;
    }
    let answer = HealthClient::new(endpoint.connect().await?)
        .check(HealthCheckRequest { service: String::new() })
        .await?;
    if answer.into_inner().status == ServingStatus::Serving as i32 {
        return Ok(());
    }
    anyhow::bail!("not serving")
}

/// What the installation's processes show each other: a service with mutual TLS answers nobody else.
fn as_any_process(config: &Config) -> anyhow::Result<ClientTlsConfig> {
    let tls = &config.cluster.tls;
    let Some(ca) = &tls.ca else {
        anyhow::bail!(
            "gRPC is served with TLS here: set cluster.tls.ca, and cluster.tls.cert and cluster.tls.key where it is mutual"
        )
    };
    let read = |path: &Path| std::fs::read(path).with_context(|| path.display().to_string());
    let mut client = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(ca)?));
    if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
        client = client.identity(Identity::from_pem(read(cert)?, read(key)?));
    }
    Ok(client)
}
