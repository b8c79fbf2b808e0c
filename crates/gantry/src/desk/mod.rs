//! What `gantry dev` serves beside Gantry itself, on addresses that this machine alone reaches: mails that were not sent, and the
//! example page. No other command has it.

mod example;
mod mails;

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::{HeaderMap, header};
use gantry_event::Preview;
use tokio::net::TcpListener;

use crate::StartError;

/// Where mails are shown, unless somebody else has the port.
const MAILS: u16 = 8025;

/// The addresses, taken before Gantry starts, so that nobody waits for what cannot be.
pub(crate) struct Desk {
    mails: Option<(TcpListener, SocketAddr, Preview)>,
    example: Option<(TcpListener, SocketAddr)>,
}

impl Desk {
    /// Takes an address for the mails, where these are shown, and the one for the example, where it is asked for.
    pub(crate) async fn open(mails: Option<Preview>, example: Option<SocketAddr>) -> Result<Self, StartError> {
        let mails = match mails {
            None => None,
            Some(preview) => {
                let listener = match bind((Ipv4Addr::LOCALHOST, MAILS).into()).await {
                    Ok(listener) => listener,
                    Err(_taken) => bind((Ipv4Addr::LOCALHOST, 0).into()).await?,
                };
                let addr = listener.local_addr().map_err(StartError::config)?;
                Some((listener, addr, preview))
            }
        };
        let example = match example {
            None => None,
            Some(addr) => {
                let listener = bind(addr).await?;
                let addr = listener.local_addr().map_err(StartError::config)?;
                Some((listener, addr))
            }
        };
        Ok(Self { mails, example })
    }

    /// Where mails are shown.
    pub(crate) fn mails_url(&self) -> Option<String> {
        let (_, addr, _) = self.mails.as_ref()?;
        Some(format!("http://{addr}{}", mails::PATH))
    }

    /// Where the example is. By name: a browser makes no passkeys for a bare address.
    pub(crate) fn example_url(&self) -> Option<String> {
        let (_, addr) = self.example.as_ref()?;
        Some(example::url(addr.port()))
    }

    /// Serves until the process ends. `login` is where the demo realm signs in.
    pub(crate) fn serve(self, login: &str) {
        if let Some((listener, addr, preview)) = self.mails {
            serve(listener, mails::router(preview, addr));
        }
        if let Some((listener, _)) = self.example {
            serve(listener, example::router(login));
        }
    }
}

/// Where the example is when nobody says otherwise, however it is served.
pub(crate) fn usual_example() -> String {
    example::url(example::PORT)
}

async fn bind(addr: SocketAddr) -> Result<TcpListener, StartError> {
    let taken = |error| {
        StartError::Listen(format!(
            "cannot listen on {addr}: {error}; name a free address: --example=127.0.0.1:9001"
        ))
    };
    TcpListener::bind(addr).await.map_err(taken)
}

fn serve(listener: TcpListener, router: Router) {
    drop(gantry_telemetry::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::warn!(%error, "a page of gantry dev is served no more");
        }
    }));
}

/// Whether a page is asked for by its own address: a website that has its name lead here gets nothing.
fn is_own(headers: &HeaderMap, addr: SocketAddr) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| host == addr.to_string() || host == format!("localhost:{}", addr.port()))
}
