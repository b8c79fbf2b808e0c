-- Auth's tables: who is this, and what may they do.
CREATE TABLE auth_realms (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    public_name text,
    environment text,
    state text NOT NULL,
    custom text NOT NULL,
    default_locale text NOT NULL,
    available_locales text NOT NULL,
    email_verification text NOT NULL,
    org_mode text NOT NULL,
    signup text NOT NULL,
    name_field text NOT NULL,
    org_name_field text NOT NULL,
    password_field text NOT NULL,
    username_field text NOT NULL,
    allowed_origins text NOT NULL,
    lr_features text NOT NULL,
    look text NOT NULL,
    access_token_minutes bigint NOT NULL,
    jwt_algo text NOT NULL,
    jwt_minutes bigint,
    jwt_scopes text NOT NULL,
    session_minutes bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE auth_providers (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    provider_type text NOT NULL,
    state text NOT NULL,
    min_length bigint,
    created_at bigint NOT NULL
);
CREATE INDEX auth_providers__realm_id ON auth_providers (realm_id, id);

CREATE TABLE auth_users (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    state text NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_pending text,
    email_verification text NOT NULL,
    first_name text,
    last_name text,
    username text,
    username_key text COLLATE "C",
    locale text,
    reference text COLLATE "C",
    custom text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    last_login_at bigint
);
CREATE UNIQUE INDEX auth_users__realm_id__email ON auth_users (realm_id, email);
CREATE UNIQUE INDEX auth_users__realm_id__username_key ON auth_users (realm_id, username_key);
CREATE INDEX auth_users__realm_id__id ON auth_users (realm_id, id);
-- Partial, since many have no reference: what is absent costs no index entry.
CREATE INDEX auth_users__realm_id__reference ON auth_users (realm_id, reference, id) WHERE reference IS NOT NULL;
CREATE INDEX auth_users__realm_id__state ON auth_users (realm_id, state, id);

CREATE TABLE auth_credentials (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    auth_provider_id text COLLATE "C" NOT NULL REFERENCES auth_providers (id) ON DELETE CASCADE,
    credential_type text NOT NULL,
    secret text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX auth_credentials__user_id ON auth_credentials (user_id, id);
CREATE INDEX auth_credentials__realm_id ON auth_credentials (realm_id);
CREATE INDEX auth_credentials__auth_provider_id ON auth_credentials (auth_provider_id);
CREATE UNIQUE INDEX auth_credentials__password__user_id ON auth_credentials (user_id) WHERE credential_type = 'password';

CREATE TABLE auth_orgs (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    state text NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    custom text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX auth_orgs__realm_id__id ON auth_orgs (realm_id, id);
CREATE INDEX auth_orgs__realm_id__name_key ON auth_orgs (realm_id, name_key, id);
-- Lists are by id and by name, and each filter has an index in either order: without statistics SQLite takes one that saves
-- the sort before one that saves the reading.
CREATE INDEX auth_orgs__realm_id__reference__id ON auth_orgs (realm_id, reference, id) WHERE reference IS NOT NULL;
CREATE INDEX auth_orgs__realm_id__reference__name_key ON auth_orgs (realm_id, reference, name_key, id)
    WHERE reference IS NOT NULL;
CREATE INDEX auth_orgs__realm_id__state__id ON auth_orgs (realm_id, state, id);
CREATE INDEX auth_orgs__realm_id__state__name_key ON auth_orgs (realm_id, state, name_key, id);

CREATE TABLE auth_memberships (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    org_id text COLLATE "C" NOT NULL REFERENCES auth_orgs (id) ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    permissions text NOT NULL,
    expires_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX auth_memberships__org_id__user_id ON auth_memberships (org_id, user_id);
CREATE INDEX auth_memberships__org_id__id ON auth_memberships (org_id, id);
CREATE INDEX auth_memberships__user_id__id ON auth_memberships (user_id, id);
CREATE INDEX auth_memberships__realm_id ON auth_memberships (realm_id);

CREATE TABLE auth_client_apps (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    client_type text NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    redirect_uris text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX auth_client_apps__realm_id__id ON auth_client_apps (realm_id, id);

CREATE TABLE auth_domains (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    domain_type text NOT NULL,
    subdomain text,
    domain text,
    fqdn text COLLATE "C" NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX auth_domains__fqdn ON auth_domains (fqdn);
CREATE INDEX auth_domains__realm_id__id ON auth_domains (realm_id, id);

CREATE TABLE auth_api_keys (
    id text COLLATE "C" PRIMARY KEY,
    key_hash text COLLATE "C" NOT NULL,
    name text NOT NULL,
    permission text NOT NULL,
    realm_id text COLLATE "C" REFERENCES auth_realms (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    revoked_at bigint
);
CREATE UNIQUE INDEX auth_api_keys__key_hash ON auth_api_keys (key_hash);
CREATE INDEX auth_api_keys__realm_id ON auth_api_keys (realm_id);

CREATE TABLE auth_outbox (
    id text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    created_at bigint NOT NULL,
    body text NOT NULL
);
