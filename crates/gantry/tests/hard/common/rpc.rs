//! What programs do over gRPC.

use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use super::{ROOT_KEY, Realm};

/// A way to a service that is reached plainly; it connects when it is used.
pub(crate) fn channel(url: &str) -> Channel {
    Endpoint::from_shared(url.to_owned()).unwrap().connect_lazy()
}

/// A call by the holder of the account-wide manage key.
pub(crate) fn with_key<T>(message: T, realm: &Realm) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authrocket-api-key", ROOT_KEY.parse().unwrap());
    request
        .metadata_mut()
        .insert("authrocket-realm", realm.id.parse().unwrap());
    request
}
