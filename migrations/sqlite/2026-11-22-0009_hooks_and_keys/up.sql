-- Session: keys that follow one another, OAuth2 sessions. Event: hooks, and the providers that they deliver by.
DROP INDEX session_keys__live__realm_id__algo;
-- From when on a key signs, if none newer does.
ALTER TABLE session_keys ADD COLUMN signs_from bigint NOT NULL DEFAULT 0;
-- Whether the realm was given the key because it had none: of those there is one, whoever asks at once.
ALTER TABLE session_keys ADD COLUMN provided boolean NOT NULL DEFAULT true;
-- A key that is retired is removed.
DELETE FROM session_keys WHERE retired_at IS NOT NULL;
ALTER TABLE session_keys DROP COLUMN retired_at;
CREATE UNIQUE INDEX session_keys__provided__realm_id__algo ON session_keys (realm_id, algo) WHERE provided;

CREATE TABLE session_oauth (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    user_id text NOT NULL,
    client_app_id text NOT NULL,
    -- The session by which the user was signed in; the OAuth2 session ends with it.
    session_id text,
    -- Digests: a copy of the database opens nothing.
    code_hash text NOT NULL,
    code_expires_at bigint NOT NULL,
    redirect_uri text NOT NULL,
    code_challenge text,
    nonce text,
    scopes text NOT NULL,
    access_hash text,
    ip text,
    client text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX session_oauth__code_hash ON session_oauth (code_hash);
CREATE INDEX session_oauth__realm_id ON session_oauth (realm_id, id);
CREATE INDEX session_oauth__realm_id__user_id ON session_oauth (realm_id, user_id);
CREATE INDEX session_oauth__expires_at ON session_oauth (expires_at);

-- What a realm had up to these was wiped: sessions by id, events by id. It is gone at once, and removed after.
CREATE TABLE session_wipes (
    realm_id text PRIMARY KEY,
    up_to text NOT NULL
);
CREATE TABLE event_wipes (
    realm_id text PRIMARY KEY,
    up_to text NOT NULL
);

CREATE TABLE event_smtp_providers (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    provider_name text NOT NULL,
    provider_type text NOT NULL,
    state text NOT NULL,
    email_from text NOT NULL,
    email_from_name text,
    smtp_host text NOT NULL,
    smtp_port bigint NOT NULL,
    smtp_user text,
    password_sealed text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX event_smtp_providers__realm_id__id ON event_smtp_providers (realm_id, id);

CREATE TABLE event_list_providers (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    provider_name text NOT NULL,
    provider_type text NOT NULL,
    state text NOT NULL,
    api_endpoint text,
    provider_account text,
    valid_list_ids text NOT NULL,
    api_key_sealed text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX event_list_providers__realm_id__id ON event_list_providers (realm_id, id);

CREATE TABLE event_hooks (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    hook_type text NOT NULL,
    state text NOT NULL,
    event_types text NOT NULL,
    delay bigint NOT NULL,
    -- Of a webhook: its address, sealed, since it may hold a password.
    destination_sealed text,
    -- Of a mailing list: who keeps it.
    list_provider_id text REFERENCES event_list_providers (id),
    -- What else its type has.
    settings text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX event_hooks__realm_id__id ON event_hooks (realm_id, id);
CREATE INDEX event_hooks__list_provider_id ON event_hooks (list_provider_id);

CREATE TABLE event_subscriptions (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    hook_id text NOT NULL REFERENCES event_hooks (id) ON DELETE CASCADE,
    user_id text NOT NULL,
    list_state text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX event_subscriptions__hook_id__user_id ON event_subscriptions (hook_id, user_id);
CREATE INDEX event_subscriptions__realm_id__id ON event_subscriptions (realm_id, id);
CREATE INDEX event_subscriptions__realm_id__hook_id ON event_subscriptions (realm_id, hook_id, id);
CREATE INDEX event_subscriptions__realm_id__user_id ON event_subscriptions (realm_id, user_id, id);
