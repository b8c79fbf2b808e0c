//! The rpcs, one a file: proto in, rule, proto out.

mod activate_jwt_key;
mod check_session;
mod check_token;
mod create_jwt_key;
mod create_oauth2_session;
mod create_session;
mod delete_jwt_key;
mod delete_login_session;
mod delete_session;
mod end_sessions;
mod exchange_oauth2_code;
mod find_session;
mod get_jwks;
mod get_jwt_key;
mod get_login_session;
mod get_oauth2_session;
mod get_session;
mod get_stamps;
mod list_jwt_keys;
mod list_sessions;
mod open_session;
mod provide_key;
mod wipe_realm;

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
    list_jwt_keys(ListJwtKeysRequest) -> JwtKeyList;
    get_jwt_key(GetJwtKeyRequest) -> JwtKey;
    create_jwt_key(CreateJwtKeyRequest) -> JwtKey;
    activate_jwt_key(ActivateJwtKeyRequest) -> JwtKey;
    delete_jwt_key(DeleteJwtKeyRequest) -> JwtKey;
    create_oauth2_session(CreateOauth2SessionRequest) -> Oauth2Session;
    get_oauth2_session(GetOauth2SessionRequest) -> Oauth2Session;
    exchange_oauth2_code(ExchangeOauth2CodeRequest) -> Oauth2Session;
    check_token(CheckTokenRequest) -> CheckTokenResponse;
    check_session(CheckSessionRequest) -> CheckSessionResponse;
    find_session(FindSessionRequest) -> FindSessionResponse;
    open_session(OpenSessionRequest) -> OpenSessionResponse;
    end_sessions(EndSessionsRequest) -> EndSessionsResponse;
    get_stamps(GetStampsRequest) -> GetStampsResponse;
    provide_key(ProvideKeyRequest) -> ProvideKeyResponse;
    wipe_realm(WipeRealmRequest) -> WipeRealmResponse;
}
