//! A private Redis: loopback only, nothing on disk.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{own_directory, ready};
use crate::process::{Account, Process};

/// A running Redis; dropping it stops it.
#[derive(Debug)]
pub(super) struct Redis {
    pub(super) process: Process,
    pub(super) port: u16,
}

impl Redis {
    pub(super) async fn start(
        program: &Path,
        directory: &Path,
        port: u16,
        account: Option<&Account>,
    ) -> anyhow::Result<Self> {
        let data = own_directory(directory, "redis", account)?;
        let mut command = Command::new(program);
        command.current_dir(&data);
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        // No file is written: what the tests leave is worth nothing.
        command.args(["--save", "", "--appendonly", "no"]);
        let log = directory.join("redis.log");
        let mut process = Process::server("Redis", &mut command, &log, "TERM", account)?;
        ready("Redis", &mut process, async || pong(port).await.unwrap_or(false)).await?;
        Ok(Self { process, port })
    }

    /// Returns the address as clients write it.
    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

async fn pong(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"PING\r\n").await?;
    let mut answer = [0_u8; 7];
    stream.read_exact(&mut answer).await?;
    Ok(&answer == b"+PONG\r\n")
}
