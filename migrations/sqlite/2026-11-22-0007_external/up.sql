-- Sign-ins at external providers that have ended well: each state is good for one. What is still open is kept nowhere.
CREATE TABLE auth_external_states (
    id text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL
);
CREATE INDEX auth_external_states__realm_id ON auth_external_states (realm_id);
CREATE INDEX auth_external_states__expires_at ON auth_external_states (expires_at);
