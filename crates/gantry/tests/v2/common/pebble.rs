//! Pebble, a certificate authority for tests that speaks ACME (RFC 8555), as a process.

use std::path::Path;
use std::process::Command;

use gantry_testkit::port::HeldPort;
use gantry_testkit::process::Process;
use serde_json::json;

use super::NameServer;

/// An authority at work. It looks for names where the name server says they are.
pub(crate) struct Pebble {
    /// The address of its directory.
    pub(crate) directory: String,
    _process: Process,
    _settings: tempfile::NamedTempFile,
}

impl Pebble {
    /// Starts it with the papers of its own HTTPS (for `localhost`); it makes its handshakes with names at the gateway's port.
    pub(crate) async fn start(names: &NameServer, (cert, key): (&Path, &Path), gateway: &HeldPort) -> Self {
        let [directory, management] = [(); 2].map(|()| HeldPort::new());
        let text = json!({"pebble": {
            "listenAddress": directory.addr().to_string(),
            "managementListenAddress": management.addr().to_string(),
            "certificate": cert,
            "privateKey": key,
            "httpPort": 1,
            "tlsPort": gateway.addr().port(),
        }});
        let settings = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(settings.path(), text.to_string()).unwrap();
        let mut command = Command::new("pebble");
        command.arg("-config").arg(settings.path());
        command.args(["-dnsserver", &names.address.to_string()]);
        // It looks at once, and each time anew.
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_AUTHZREUSE", "0");
        let mut process = Process::start(&command);
        process.line_with("ACME directory available").await;
        Self {
            directory: format!("https://localhost:{}/dir", directory.addr().port()),
            _process: process,
            _settings: settings,
        }
    }
}
