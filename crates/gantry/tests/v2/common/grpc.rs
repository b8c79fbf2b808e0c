//! A program that calls Gantry over gRPC, with metadata of its own choice.

use gantry_kernel::{Problem, Reason};
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

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
        // By way of headers: what is binary to gRPC is given here as it travels.
        let header = |(name, value): &(&str, &str)| {
            let name: http::HeaderName = name.parse().unwrap();
            (name, value.parse::<http::HeaderValue>().unwrap())
        };
        Self {
            channel: self.channel.clone(),
            metadata: MetadataMap::from_headers(metadata.iter().map(header).collect()),
        }
    }

    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        Request::from_parts(self.metadata.clone(), tonic::Extensions::default(), message)
    }

    /// Calls any rpc with a message that says nothing, and answers with the problem that came of it, if any.
    pub(crate) async fn call(&self, rpc: &gantry_proto::Rpc) -> Result<(), Problem> {
        let path = http::uri::PathAndQuery::from_static(rpc.path);
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        client.ready().await.unwrap();
        let answer: Result<(), Status> = match rpc.streams {
            true => client.server_streaming(self.request(()), path, codec).await.map(|_| ()),
            false => client
                .unary(self.request(()), path, codec)
                .await
                .map(Response::into_inner),
        };
        answer.map_err(|status| gantry_rpc::from_status(&status))
    }

    /// The reason of a refusal; `None` for a success.
    pub(crate) async fn reason(&self, rpc: &gantry_proto::Rpc) -> Option<Reason> {
        self.call(rpc).await.err().map(|problem| problem.reason)
    }
}
