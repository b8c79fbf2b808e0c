//! A program that calls Gantry over gRPC, with metadata of its own choice.

use tonic::Request;
use tonic::metadata::{MetadataKey, MetadataMap};
use tonic::transport::Channel;

use super::App;

/// A connection to the gRPC address, and the metadata that each call carries.
#[derive(Clone)]
pub(crate) struct Grpc {
    pub(crate) channel: Channel,
    metadata: MetadataMap,
}

impl Grpc {
    pub(crate) fn to(app: &App, metadata: &[(&str, &str)]) -> Self {
        let url = format!("http://{}", app.running.grpc.unwrap());
        let channel = Channel::from_shared(url).unwrap().connect_lazy();
        Self {
            channel,
            metadata: MetadataMap::new(),
        }
        .with(metadata)
    }

    /// The same connection, with other metadata.
    pub(crate) fn with(&self, metadata: &[(&str, &str)]) -> Self {
        let mut map = MetadataMap::new();
        for (name, value) in metadata {
            let name: MetadataKey<tonic::metadata::Ascii> = name.parse().unwrap();
            map.insert(name, value.parse().unwrap());
        }
        Self {
            channel: self.channel.clone(),
            metadata: map,
        }
    }

    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        Request::from_parts(self.metadata.clone(), tonic::Extensions::default(), message)
    }
}
