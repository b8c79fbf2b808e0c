//! The demo realm of `gantry dev`: made through the same rpcs that a back end calls.

use gantry_gateway::Wires;
use gantry_kernel::Rng;
use gantry_proto::Access;
use gantry_proto::Permission;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::*;
use gantry_proto::options::v1::Caller;
use gantry_rpc::{CALLER, caller_header};
use tonic::metadata::MetadataMap;
use tonic::{Request, Status};

/// What a newcomer needs to sign in.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Demo {
    /// The realm.
    pub realm_id: String,
    /// The LoginRocket host.
    pub host: String,
    /// The user.
    pub email: String,
    /// The user's password; shown once.
    pub password: String,
}

/// Makes a realm with a domain, an app, an org and a user.
pub(crate) async fn make(wires: &Wires, rng: &dyn Rng) -> Result<Demo, Status> {
    let mut auth = AuthClient::new(wires.auth.clone());
    let realm = RealmInput {
        name: Some("Demo".to_owned()),
        ..RealmInput::default()
    };
    let realm = auth
        .create_realm(as_manager(
            CreateRealmRequest {
                realm: Some(realm),
                request: None,
            },
            "",
        ))
        .await?
        .into_inner();
    let id = realm.id.as_str();
    let domain = CreateDomainRequest {
        domain: Some(DomainInput::default()),
        ..Default::default()
    };
    let domain = auth.create_domain(as_manager(domain, id)).await?.into_inner();
    let app = ClientAppInput {
        name: Some("Demo app".to_owned()),
        ..ClientAppInput::default()
    };
    let app = CreateClientAppRequest {
        client_app: Some(app),
        ..Default::default()
    };
    auth.create_client_app(as_manager(app, id)).await?;
    let (email, password) = ("demo@example.com".to_owned(), password(rng));
    let user = UserInput {
        email: Some(email.clone()),
        first_name: Some("Demo".to_owned()),
        last_name: Some("User".to_owned()),
        password: Some(password.clone()),
        ..UserInput::default()
    };
    let user = CreateUserRequest {
        user: Some(user),
        ..Default::default()
    };
    auth.create_user(as_manager(user, id)).await?;
    Ok(Demo {
        host: domain.fqdn,
        realm_id: realm.id,
        email,
        password,
    })
}

/// 20 characters of base62: 119 bits.
fn password(rng: &dyn Rng) -> String {
    gantry_kernel::base62::encode(rng.u128()).chars().skip(2).collect()
}

fn as_manager<T>(message: T, realm: &str) -> Request<T> {
    let caller = Caller {
        access: Access::Key as i32,
        permission: Permission::Manage as i32,
        realm_id: realm.to_owned(),
        ..Caller::default()
    };
    let mut headers = http::HeaderMap::new();
    headers.insert(CALLER, caller_header(&caller));
    Request::from_parts(
        MetadataMap::from_headers(headers),
        tonic::Extensions::default(),
        message,
    )
}
