//! The list of queries about how users show who they are: providers, credentials, second factors.

use gantry_kernel::{IdSource, Page};
use gantry_outbox::NewEvent;

use super::{
    CredentialRow, ExternalLogin, ExternalUser, Factor, ProviderRow, RecoveryCodeRow, Store, TokenRow, UserRow, pg,
    sqlite,
};

gantry_db::store!(Store {
    /// Lists a realm's auth providers.
    read providers::list_providers(realm: String, state: Option<String>, page: Page) -> Vec<ProviderRow>;
    /// Finds a realm's auth provider by id or by type.
    read providers::find_provider(realm: String, named: String) -> Option<ProviderRow>;
    /// Adds an auth provider.
    write providers::add_provider(provider: ProviderRow) -> ();
    /// Changes an auth provider's settings; tells whether there was one.
    write providers::set_provider(provider: ProviderRow) -> bool;
    /// Removes an auth provider with its credentials; tells whether there was one.
    write providers::remove_provider(realm: String, id: String) -> bool;

    /// Lists a user's credentials.
    read credentials::list_credentials(user: String) -> Vec<CredentialRow>;
    /// Finds a credential of a realm.
    read credentials::find_credential(realm: String, id: String) -> Option<CredentialRow>;
    /// Lists a user's second factors that count: verified, of a provider that is active.
    read credentials::list_factors(realm: String, user: String) -> Vec<CredentialRow>;
    /// Adds a credential to a user.
    write credentials::add_credential(credential: CredentialRow) -> ();
    /// Renames a credential.
    write credentials::set_credential_name(realm: String, id: String, name: String, now: i64) -> Option<CredentialRow>;
    /// Uses a time step up, and makes the credential count.
    write credentials::activate_credential(realm: String, id: String, step: i64, now: i64) -> CredentialRow;
    /// Removes a credential, with the recovery codes where it was the last second factor; tells whether there was one.
    write credentials::remove_credential(realm: String, id: String, holder: String, events: Vec<NewEvent>) -> bool;
    /// Puts recovery codes in the place of all that there were.
    write credentials::put_recovery_codes(user: String, fresh: Vec<RecoveryCodeRow>) -> ();
    /// Uses up the token of a login and its second factor, both or neither.
    write credentials::finish_mfa(token: TokenRow, factor: Factor, now: i64) -> ();
    /// Tells whether a sign-in at an external provider has ended already.
    read external::is_state_used(id: String) -> bool;
    /// Uses a sign-in's state up, and finds, ties or makes its user.
    write external::external_sign_in(login: ExternalLogin, ids: IdSource) -> ExternalUser;
    /// Uses a passkey ceremony up; tells whether this was the first call to.
    write passkeys::use_ceremony(id: String, realm: String, expires_at: i64, now: i64) -> bool;
    /// Finds a passkey by the name that its authenticator gave it, with its user.
    read passkeys::find_passkey(realm: String, provider: String, named: String) -> Option<(CredentialRow, UserRow)>;
    /// Adds a passkey to a user.
    write passkeys::add_passkey(credential: CredentialRow, holder: String, events: Vec<NewEvent>) -> ();
    /// Keeps a passkey as it has signed; tells whether it is there and its counter went on.
    write passkeys::use_passkey(realm: String, id: String, body: String, count: i64, now: i64) -> bool;
    /// Removes a user's passkey; tells whether they had it.
    write passkeys::remove_passkey(realm: String, user: String, id: String, holder: String, events: Vec<NewEvent>) -> bool;
    /// Tells whether a user has this recovery code.
    read credentials::has_recovery_code(user: String, hash: String) -> bool;
});
