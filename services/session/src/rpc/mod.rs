//! The rpcs, one a file: proto in, rule, proto out.

mod check_session;
mod check_token;
mod create_session;
mod delete_login_session;
mod delete_session;
mod end_sessions;
mod get_jwks;
mod get_login_session;
mod get_session;
mod list_sessions;
mod open_session;
mod provide_key;

use gantry_proto::session::v2 as wire;
use gantry_proto::session::v2::session_server::Session;
use tonic::{Request, Response, Status};

use crate::error::Result;
use crate::state::State;

fn answer<T>(result: Result<T>) -> std::result::Result<Response<T>, Status> {
    match result {
        Ok(message) => Ok(Response::new(message)),
        Err(failure) => Err(failure.into_status()),
    }
}

macro_rules! rpcs {
    ($( $name:ident ( $request:ident ) -> $answer:ident; )*) => {
        #[tonic::async_trait]
        impl Session for State { $(
            async fn $name(
                &self,
                request: Request<wire::$request>,
            ) -> std::result::Result<Response<wire::$answer>, Status> {
                answer($name::$name(self, request).await)
            }
        )* }
    };
}

rpcs! {
    list_sessions(ListSessionsRequest) -> SessionList;
    get_session(GetSessionRequest) -> SessionRecord;
    create_session(CreateSessionRequest) -> SessionRecord;
    delete_session(DeleteSessionRequest) -> SessionRecord;
    get_login_session(GetLoginSessionRequest) -> LoginResult;
    delete_login_session(DeleteLoginSessionRequest) -> LoginResult;
    get_jwks(GetJwksRequest) -> Jwks;
    check_token(CheckTokenRequest) -> CheckTokenResponse;
    check_session(CheckSessionRequest) -> CheckSessionResponse;
    open_session(OpenSessionRequest) -> OpenSessionResponse;
    end_sessions(EndSessionsRequest) -> EndSessionsResponse;
    provide_key(ProvideKeyRequest) -> ProvideKeyResponse;
}
