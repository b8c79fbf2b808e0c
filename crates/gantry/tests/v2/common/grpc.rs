//! A service with an API key, at the real gRPC address.

use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

use super::App;

/// A connection to the app's gRPC address.
pub(crate) type Grpc = Channel;

impl App {
    /// Connects as any gRPC client would.
    pub(crate) async fn grpc(&self) -> Grpc {
        let addr = self.running.grpc.unwrap();
        let endpoint = Channel::from_shared(format!("http://{addr}")).unwrap();
        endpoint.connect().await.unwrap()
    }
}

/// A message with an API key in its metadata, and a realm where the key is for all of them.
pub(crate) fn keyed<T>(message: T, key: &str, realm: &str) -> Request<T> {
    let mut request = Request::new(message);
    let text = |text: &str| -> MetadataValue<Ascii> { text.parse().unwrap() };
    request.metadata_mut().insert("authrocket-api-key", text(key));
    if !realm.is_empty() {
        request.metadata_mut().insert("authrocket-realm", text(realm));
    }
    request
}
