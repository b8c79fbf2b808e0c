//! Calls of encoded bytes: the gateway knows no message by name.

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataMap;
use tonic::{Request, Status, Streaming};

use gantry_rpc::Wire;

/// Calls an rpc with an encoded message, and answers with the encoded answer.
///
/// # Errors
/// What the service says.
pub(crate) async fn call(
    wire: Wire,
    path: &'static str,
    message: Vec<u8>,
    metadata: MetadataMap,
) -> Result<Bytes, Status> {
    let mut client = tonic::client::Grpc::new(wire);
    client.ready().await?;
    let request = Request::from_parts(metadata, tonic::Extensions::default(), Bytes::from(message));
    let answer = client.unary(request, PathAndQuery::from_static(path), Raw).await?;
    Ok(answer.into_inner())
}

/// Calls an rpc whose answer is a stream, and answers when the stream has begun.
///
/// # Errors
/// What the service says.
pub(crate) async fn stream(
    wire: Wire,
    path: &'static str,
    message: Vec<u8>,
    metadata: MetadataMap,
) -> Result<Streaming<Bytes>, Status> {
    let mut client = tonic::client::Grpc::new(wire);
    client.ready().await?;
    let request = Request::from_parts(metadata, tonic::Extensions::default(), Bytes::from(message));
    let path = PathAndQuery::from_static(path);
    Ok(client.server_streaming(request, path, Raw).await?.into_inner())
}

/// Bytes in, bytes out.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        target.put(item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}
