//! Gantry in several processes on loopback: auth, session, event, and gateways.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use gantry_testkit::db::{Backend, TestDb};
use gantry_testkit::port::HeldPort;
use tempfile::TempDir;

use super::{Api, ROOT_KEY, Server, gantry};

/// What the processes of one installation know each other by.
pub(crate) const CLUSTER_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// 32 bytes in base64.
const SECRET_KEY: &str = "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMuLi4=";

/// A service that can be a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Auth,
    Session,
    Event,
}

impl Service {
    pub(crate) const ALL: [Self; 3] = [Self::Auth, Self::Session, Self::Event];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Session => "session",
            Self::Event => "event",
        }
    }
}

/// How an installation is set up: its database, where its services listen, and settings beside.
pub(crate) struct Plan {
    dir: TempDir,
    _database: TestDb,
    /// The database as the services reach it; a test may put a proxy between.
    pub(crate) database_url: String,
    /// `http`, or `https` where the services show certificates.
    pub(crate) scheme: &'static str,
    ports: BTreeMap<Service, HeldPort>,
    sockets: Option<PathBuf>,
    settings: Vec<(String, String)>,
}

impl Plan {
    /// An installation on an empty PostgreSQL database.
    pub(crate) async fn new() -> Self {
        let database = TestDb::on(Backend::Postgres).await;
        Self {
            dir: tempfile::tempdir().unwrap(),
            database_url: database.url().to_owned(),
            _database: database,
            scheme: "http",
            ports: Service::ALL.map(|service| (service, HeldPort::new())).into(),
            sockets: None,
            settings: Vec::new(),
        }
    }

    /// Lets the services meet on unix sockets in a folder.
    pub(crate) fn at_sockets_in(&mut self, folder: &Path) {
        self.sockets = Some(folder.to_owned());
    }

    fn socket(&self, service: Service) -> Option<PathBuf> {
        Some(self.sockets.as_ref()?.join(service.name()))
    }

    /// Adds a setting of all its processes.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.settings.push((name.to_owned(), value.into()));
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn url(&self, service: Service) -> String {
        match self.socket(service) {
            Some(path) => format!("unix://{}", path.display()),
            None => format!("{}://{}", self.scheme, self.ports[&service].addr()),
        }
    }

    /// The command of a process.
    fn process(&self, role: &str) -> Command {
        let mut command = gantry(self.dir.path(), &["serve", "--role", role]);
        command.env("GANTRY_CLUSTER_SECRET", CLUSTER_SECRET);
        for service in Service::ALL {
            let variable = format!("GANTRY_WIRES__{}", service.name().to_uppercase());
            command.env(variable, self.url(service));
        }
        for (name, value) in &self.settings {
            command.env(name, value);
        }
        command
    }

    pub(crate) fn service(&self, service: Service) -> Command {
        let mut command = self.process(service.name());
        command
            .env("GANTRY_GRPC_ADDR", self.ports[&service].addr().to_string())
            .env("DATABASE_URL", &self.database_url)
            .env("GANTRY_SECRET_KEY", SECRET_KEY);
        if let Some(path) = self.socket(service) {
            command.env("GANTRY_GRPC__SOCKET", path);
        }
        if service == Service::Auth {
            command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
        }
        command
    }

    /// A gateway: it is told nothing of the database.
    pub(crate) fn gateway(&self) -> Command {
        self.process("gateway")
    }

    /// Starts the three services at once and so many gateways.
    pub(crate) async fn start(self, gateways: usize) -> Cluster {
        let started = Service::ALL.map(|service| {
            let command = self.service(service);
            async move { (service, Server::start(&command).await) }
        });
        let services = futures::future::join_all(started).await.into_iter().collect();
        let mut cluster = Cluster {
            services,
            gateways: Vec::new(),
            plan: self,
        };
        for _ in 0..gateways {
            cluster.gateways.push(Server::start(&cluster.plan.gateway()).await);
        }
        for gateway in &cluster.gateways {
            Api::at(&gateway.http).until_ready().await;
        }
        cluster
    }
}

/// An installation at work. The processes go before what they stand on.
pub(crate) struct Cluster {
    pub(crate) gateways: Vec<Server>,
    pub(crate) services: BTreeMap<Service, Server>,
    pub(crate) plan: Plan,
}

impl Cluster {
    pub(crate) fn api(&self, gateway: usize) -> Api {
        Api::at(&self.gateways[gateway].http)
    }

    pub(crate) fn service(&mut self, service: Service) -> &mut Server {
        self.services.get_mut(&service).unwrap()
    }

    /// Starts a service again that has ended, at its old address.
    pub(crate) async fn restart(&mut self, service: Service) {
        let server = Server::start(&self.plan.service(service)).await;
        self.services.insert(service, server);
    }

    /// Ends all processes as an operator does, gateways first.
    pub(crate) async fn stop(&mut self) {
        for gateway in &mut self.gateways {
            gateway.stop().await;
        }
        for server in self.services.values_mut() {
            server.stop().await;
        }
    }
}
