-- Session's tables: sessions, and the keys that sign their tokens.
CREATE TABLE session_sessions (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    user_id text NOT NULL,
    client_app_id text,
    ip text,
    client text,
    -- The last token built, sealed, and a digest of what it says: handed back until it changes.
    token_sealed text,
    token_mark text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_sessions__realm_id__user_id ON session_sessions (realm_id, user_id, id);
CREATE INDEX session_sessions__realm_id ON session_sessions (realm_id, id);
CREATE INDEX session_sessions__expires_at ON session_sessions (expires_at);

CREATE TABLE session_keys (
    id text PRIMARY KEY,
    realm_id text NOT NULL,
    algo text NOT NULL,
    -- PEM (SPKI) for rs256; null for hs256.
    public_key text,
    secret_sealed text NOT NULL,
    created_at bigint NOT NULL,
    retired_at bigint
);
CREATE UNIQUE INDEX session_keys__live__realm_id__algo ON session_keys (realm_id, algo) WHERE retired_at IS NULL;
CREATE INDEX session_keys__realm_id ON session_keys (realm_id, id);

-- RSA keys made ahead of need.
CREATE TABLE session_key_stock (
    id text PRIMARY KEY,
    public_key text NOT NULL,
    secret_sealed text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE session_outbox (
    id text PRIMARY KEY,
    holder text NOT NULL,
    created_at bigint NOT NULL,
    body text NOT NULL
);
