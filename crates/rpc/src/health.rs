//! `grpc.health.v1` and reflection, the same for every service.

use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// Says whether the services of this process may be sent work.
#[derive(Clone)]
pub struct Ready {
    reporter: HealthReporter,
    names: Vec<&'static str>,
}

impl Ready {
    /// Tells those who ask.
    pub async fn set(&self, ready: bool) {
        let status = if ready {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        for name in &self.names {
            self.reporter.set_service_status(*name, status).await;
        }
    }

    /// Ends the streams of those who watch, after they have heard the last word: they would hold up the end.
    pub async fn end(&self) {
        for name in &self.names {
            self.reporter.clone().clear_service_status(name).await;
        }
    }
}

/// Adds the health service for the services named; they start as not serving.
pub async fn health(routes: Routes, names: &[&'static str]) -> (Routes, Ready) {
    let (reporter, service) = tonic_health::server::health_reporter();
    let mut all = vec![""];
    all.extend_from_slice(names);
    let ready = Ready { reporter, names: all };
    ready.set(false).await;
    (routes.add_service(service), ready)
}

/// Adds reflection over the whole contract.
///
/// # Errors
/// When the descriptors that the build made do not decode: then nothing works.
pub fn reflection(routes: Routes) -> Result<Routes, tonic_reflection::server::Error> {
    let service = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(gantry_proto::DESCRIPTORS)
        .build_v1()?;
    Ok(routes.add_service(service))
}
