//! The gRPC services of one process behind one address, each behind its own guard.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_rpc::Guard;
use http::{Request, Response};
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;

/// Sends a call to the guard of its service; what belongs to none goes to health and reflection.
#[derive(Clone)]
pub(crate) struct Switch {
    pub(crate) services: Vec<(&'static str, Guard)>,
    pub(crate) common: Routes,
}

impl Service<Request<Body>> for Switch {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let name = request
            .uri()
            .path()
            .trim_start_matches('/')
            .split('/')
            .next()
            .unwrap_or_default();
        match self.services.iter_mut().find(|(service, _)| *service == name) {
            Some((_, guard)) => guard.call(request),
            None => {
                let answer = self.common.call(request);
                async move {
                    match answer.await {
                        Ok(response) => Ok(response),
                        Err(never) => match never {},
                    }
                }
                .boxed()
            }
        }
    }
}
