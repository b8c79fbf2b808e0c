-- One-time tokens: only a digest is kept, so that a copy of the database resets no password.
CREATE TABLE auth_tokens (
    token_hash text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    purpose text NOT NULL,
    -- The address that the token was made for: it dies when the user has another.
    email text NOT NULL,
    -- JSON that the purpose needs beside.
    detail text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX auth_tokens__realm_id ON auth_tokens (realm_id);
CREATE INDEX auth_tokens__user_id__purpose ON auth_tokens (user_id, purpose, created_at);
CREATE INDEX auth_tokens__expires_at ON auth_tokens (expires_at);

-- What a transaction has decided and other services must do: written with the change, removed when it is done. No foreign key, since
-- what it is about may be gone by then.
CREATE TABLE auth_tasks (
    id text PRIMARY KEY,
    body text NOT NULL,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL
);
CREATE INDEX auth_tasks__due_at ON auth_tasks (due_at);
