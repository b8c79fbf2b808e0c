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
use tonic::{Code, Request, Status};

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

/// The demo realm's name below the domain of automatic names: the example page knows it.
const SUBDOMAIN: &str = "demo";

/// Makes a realm with a domain, an app and a user, which takes passkeys for pages of this machine, and mails as a way in; mails lead to
/// the app's page, which may ask from its own origin.
pub(crate) async fn make(wires: &Wires, rng: &dyn Rng, page: &str) -> Result<Demo, Status> {
    let mut auth = AuthClient::new(wires.auth.clone());
    let realm = RealmInput {
        name: Some("Demo".to_owned()),
        email_verification: Some("requested".to_owned()),
        email_login: Some("both".to_owned()),
        org_mode: Some("multi_user".to_owned()),
        allowed_origins: origins(page),
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
    let domain = |subdomain: Option<&str>| CreateDomainRequest {
        domain: Some(DomainInput {
            subdomain: subdomain.map(str::to_owned),
            ..DomainInput::default()
        }),
        ..Default::default()
    };
    let domain = match auth.create_domain(as_manager(domain(Some(SUBDOMAIN)), id)).await {
        Ok(domain) => domain.into_inner(),
        // Another realm of the database has the name.
        Err(status) if status.code() == Code::InvalidArgument => {
            auth.create_domain(as_manager(domain(None), id)).await?.into_inner()
        }
        Err(status) => return Err(status),
    };
    let app = ClientAppInput {
        name: Some("Demo app".to_owned()),
        redirect_uris: vec![page.to_owned()],
        ..ClientAppInput::default()
    };
    let app = CreateClientAppRequest {
        client_app: Some(app),
        ..Default::default()
    };
    auth.create_client_app(as_manager(app, id)).await?;
    let passkeys = AuthProviderInput {
        provider_type: Some("passkey".to_owned()),
        rp_id: Some("localhost".to_owned()),
        present: vec!["provider_type".to_owned(), "rp_id".to_owned()],
        ..AuthProviderInput::default()
    };
    let passkeys = CreateAuthProviderRequest {
        auth_provider: Some(passkeys),
        ..Default::default()
    };
    auth.create_auth_provider(as_manager(passkeys, id)).await?;
    let (email, password) = ("demo@example.com".to_owned(), password(rng));
    let user = UserInput {
        email: Some(email.clone()),
        first_name: Some("Demo".to_owned()),
        last_name: Some("User".to_owned()),
        password: Some(password.clone()),
        // So that whoever signs in by mail keeps the password that was printed.
        email_verification: Some("verified".to_owned()),
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

/// The host of the demo realm that was made at an earlier start.
pub(crate) async fn host_of(wires: &Wires, realm_id: &str) -> Result<Option<String>, Status> {
    let request = as_manager(ListDomainsRequest::default(), realm_id);
    let domains = AuthClient::new(wires.auth.clone()).list_domains(request).await?;
    Ok(domains
        .into_inner()
        .collection
        .into_iter()
        .next()
        .map(|domain| domain.fqdn))
}

/// The page's origin, by name and by address: programs that serve folders name either.
fn origins(page: &str) -> Vec<String> {
    let origin = page.trim_end_matches('/');
    vec![origin.to_owned(), origin.replacen("localhost", "127.0.0.1", 1)]
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
