//! What every rpc of Auth stands on, and the list of the rpcs.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_kernel::{Clock, EventId, IdSource, Problem, RealmId, Reason, Rng};
use gantry_outbox::{NewEvent, Relay};
use gantry_proto::auth::v2::auth_server;
use gantry_proto::auth::v2::*;
use gantry_proto::options::v1::Caller;
use gantry_proto::session::v2::{LoginProfile, LoginResult};
use gantry_rpc::{Call, Resolver, SessionState, Wire};
use gantry_seal::{EventTokens, Vault};
use tonic::{Request, Response, Status};

use crate::certificates::Certificates;
use crate::dns::Dns;
use crate::external::Discovery;
use crate::held::Held;
use crate::password::{Breached, Passwords};
use crate::rpc;
use crate::rules::cause::Cause;
use crate::rules::provider::Allowed;
use crate::rules::throttle::Throttle;
use crate::store::Store;

/// What every rpc stands on.
#[derive(Clone)]
pub(crate) struct Auth {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) ids: IdSource,
    pub(crate) vault: Vault,
    pub(crate) event_tokens: EventTokens,
    pub(crate) providers: Allowed,
    pub(crate) discovery: Discovery,
    pub(crate) passwords: Passwords,
    pub(crate) breached: Breached,
    pub(crate) throttle: Throttle,
    pub(crate) session: Wire,
    pub(crate) event: Wire,
    pub(crate) relay: Relay,
    /// Says that a task is left to finish.
    pub(crate) tasks: Arc<tokio::sync::Notify>,
    pub(crate) login_domain: Arc<str>,
    pub(crate) dns: Arc<dyn Dns>,
    pub(crate) certificates: Certificates,
}

impl Auth {
    /// An event of now, caused by a call.
    pub(crate) fn event(&self, realm: &RealmId, event_type: &str, cause: &Cause) -> NewEvent {
        let id: EventId = self.ids.id();
        NewEvent {
            ip: cause.ip.clone(),
            client: cause.client.clone(),
            request_id: cause.request_id.clone(),
            ..NewEvent::new(id, realm, event_type, self.clock.now_ms())
        }
    }
}

impl Auth {
    /// An event with the token of which its mail is made.
    pub(crate) fn with_token(&self, event: NewEvent, token: &str) -> Result<NewEvent, Problem> {
        let sealed = self.event_tokens.seal(&event.id, token, &*self.rng);
        Ok(NewEvent {
            token_sealed: Some(sealed.ok_or(Reason::Internal)?),
            ..event
        })
    }
}

/// Auth as tonic serves it.
pub(crate) struct Service(pub(crate) Auth);

macro_rules! rpcs {
    ($( $name:ident($request:ty) -> $answer:ty; )*) => {
        #[tonic::async_trait]
        impl auth_server::Auth for Service {
            $(
                async fn $name(&self, request: Request<$request>) -> Result<Response<$answer>, Status> {
                    let call = Call::of(&request).map_err(|problem| gantry_rpc::to_status(&problem))?;
                    let answer = rpc::$name::$name(&self.0, &call, request.into_inner()).await;
                    answer.map(Response::new).map_err(|error| call.to_reader(error.into()))
                }
            )*
        }
    };
}

rpcs! {
    list_realms(ListRealmsRequest) -> RealmList;
    get_realm(GetRealmRequest) -> Realm;
    create_realm(CreateRealmRequest) -> Realm;
    update_realm(UpdateRealmRequest) -> Realm;
    delete_realm(DeleteRealmRequest) -> Realm;
    reset_realm(ResetRealmRequest) -> Realm;
    list_users(ListUsersRequest) -> UserList;
    get_user(GetUserRequest) -> User;
    create_user(CreateUserRequest) -> User;
    update_user(UpdateUserRequest) -> User;
    delete_user(DeleteUserRequest) -> User;
    update_user_password(UpdateUserPasswordRequest) -> User;
    update_user_profile(UpdateUserProfileRequest) -> User;
    request_email_verification(RequestEmailVerificationRequest) -> Token;
    verify_email(VerifyEmailRequest) -> User;
    generate_password_token(GeneratePasswordTokenRequest) -> Token;
    reset_password_with_token(ResetPasswordWithTokenRequest) -> Authenticated;
    accept_invitation(AcceptInvitationRequest) -> User;
    authenticate_user(AuthenticateUserRequest) -> Authenticated;
    authenticate_token(AuthenticateTokenRequest) -> Authenticated;
    generate_recovery_codes(GenerateRecoveryCodesRequest) -> RecoveryCodes;
    get_credential(GetCredentialRequest) -> Credential;
    create_credential(CreateCredentialRequest) -> Credential;
    update_credential(UpdateCredentialRequest) -> Credential;
    delete_credential(DeleteCredentialRequest) -> Credential;
    verify_credential(VerifyCredentialRequest) -> Credential;
    list_auth_providers(ListAuthProvidersRequest) -> AuthProviderList;
    get_auth_provider(GetAuthProviderRequest) -> AuthProvider;
    create_auth_provider(CreateAuthProviderRequest) -> AuthProvider;
    update_auth_provider(UpdateAuthProviderRequest) -> AuthProvider;
    delete_auth_provider(DeleteAuthProviderRequest) -> AuthProvider;
    list_authorize_urls(ListAuthorizeUrlsRequest) -> AuthorizeUrlList;
    get_authorize_url(GetAuthorizeUrlRequest) -> AuthorizeUrl;
    authorize_code(AuthorizeCodeRequest) -> Authenticated;
    authorize_token(AuthorizeTokenRequest) -> Authenticated;
    list_orgs(ListOrgsRequest) -> OrgList;
    get_org(GetOrgRequest) -> Org;
    create_org(CreateOrgRequest) -> Org;
    update_org(UpdateOrgRequest) -> Org;
    delete_org(DeleteOrgRequest) -> Org;
    list_memberships(ListMembershipsRequest) -> MembershipList;
    get_membership(GetMembershipRequest) -> Membership;
    create_membership(CreateMembershipRequest) -> Membership;
    update_membership(UpdateMembershipRequest) -> Membership;
    delete_membership(DeleteMembershipRequest) -> Membership;
    list_invitations(ListInvitationsRequest) -> InvitationList;
    get_invitation(GetInvitationRequest) -> Invitation;
    create_invitation(CreateInvitationRequest) -> Invitation;
    update_invitation(UpdateInvitationRequest) -> Invitation;
    delete_invitation(DeleteInvitationRequest) -> Invitation;
    send_invitation(SendInvitationRequest) -> Invitation;
    list_client_apps(ListClientAppsRequest) -> ClientAppList;
    get_client_app(GetClientAppRequest) -> ClientApp;
    create_client_app(CreateClientAppRequest) -> ClientApp;
    update_client_app(UpdateClientAppRequest) -> ClientApp;
    delete_client_app(DeleteClientAppRequest) -> ClientApp;
    list_domains(ListDomainsRequest) -> DomainList;
    get_domain(GetDomainRequest) -> Domain;
    create_domain(CreateDomainRequest) -> Domain;
    update_domain(UpdateDomainRequest) -> Domain;
    delete_domain(DeleteDomainRequest) -> Domain;
    verify_domain(VerifyDomainRequest) -> Domain;
    get_named_permission(GetNamedPermissionRequest) -> NamedPermission;
    create_named_permission(CreateNamedPermissionRequest) -> NamedPermission;
    update_named_permission(UpdateNamedPermissionRequest) -> NamedPermission;
    delete_named_permission(DeleteNamedPermissionRequest) -> NamedPermission;
    get_resource_link(GetResourceLinkRequest) -> ResourceLink;
    create_resource_link(CreateResourceLinkRequest) -> ResourceLink;
    update_resource_link(UpdateResourceLinkRequest) -> ResourceLink;
    delete_resource_link(DeleteResourceLinkRequest) -> ResourceLink;
    login(LoginRequest) -> LoginResult;
    verify_login(VerifyLoginRequest) -> LoginResult;
    forgot_password(ForgotPasswordRequest) -> LoginResult;
    reset_password(ResetPasswordRequest) -> LoginResult;
    change_password(ChangePasswordRequest) -> LoginResult;
    update_profile(UpdateProfileRequest) -> LoginResult;
    request_invitation(RequestInvitationRequest) -> LoginResult;
    signup(SignupRequest) -> LoginResult;
    confirm_email(ConfirmEmailRequest) -> LoginResult;
    start_email_login(StartEmailLoginRequest) -> LoginResult;
    finish_email_login(FinishEmailLoginRequest) -> LoginResult;
    start_passkey_registration(StartPasskeyRegistrationRequest) -> PasskeyCeremony;
    finish_passkey_registration(FinishPasskeyRegistrationRequest) -> AddedPasskey;
    list_passkeys(ListPasskeysRequest) -> PasskeyList;
    delete_passkey(DeletePasskeyRequest) -> LoginResult;
    start_passkey_login(StartPasskeyLoginRequest) -> PasskeyCeremony;
    finish_passkey_login(FinishPasskeyLoginRequest) -> LoginResult;
    resolve_key(ResolveKeyRequest) -> ResolvedKey;
    resolve_host(ResolveHostRequest) -> ResolvedHost;
    describe_login(DescribeLoginRequest) -> LoginProfile;
    describe_realm(DescribeRealmRequest) -> DescribeRealmResponse;
    describe_recipient(DescribeRecipientRequest) -> DescribeRecipientResponse;
    get_versions(GetVersionsRequest) -> GetVersionsResponse;
    check_client(CheckClientRequest) -> CheckClientResponse;
    find_certificates(FindCertificatesRequest) -> FindCertificatesResponse;
}

impl Resolver for Auth {
    fn key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        async move {
            let found = rpc::resolve_key::find(self, key).await;
            found.map_err(|error| gantry_rpc::from_status(&Status::from(error)))
        }
        .boxed()
    }

    fn session<'a>(&'a self, session: &'a str, realm_id: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>> {
        async move { Ok(Arc::new(Held::find(self, session, realm_id).await?) as SessionState) }.boxed()
    }
}
