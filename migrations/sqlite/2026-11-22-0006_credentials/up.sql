-- What providers settle beyond their state, and what credentials hold beyond a password's hash.
ALTER TABLE auth_providers ADD COLUMN name text;
ALTER TABLE auth_providers ADD COLUMN min_complexity text;
ALTER TABLE auth_providers ADD COLUMN required_chars text NOT NULL DEFAULT '[]';
ALTER TABLE auth_providers ADD COLUMN client_id text;
-- Sealed.
ALTER TABLE auth_providers ADD COLUMN client_secret text;
-- JSON: where an external provider answers, and how it names the fields of a profile.
ALTER TABLE auth_providers ADD COLUMN external text NOT NULL DEFAULT '{}';
ALTER TABLE auth_providers ADD COLUMN updated_at bigint NOT NULL DEFAULT 0;
UPDATE auth_providers SET updated_at = created_at;
-- One of a type: a type names its provider in paths. Custom ones may be many.
CREATE UNIQUE INDEX auth_providers__realm_id__provider_type ON auth_providers (realm_id, provider_type)
    WHERE provider_type <> 'oauth2';

ALTER TABLE auth_credentials ADD COLUMN name text;
ALTER TABLE auth_credentials ADD COLUMN state text NOT NULL DEFAULT 'active';
-- The last time step of a one-time code that was used: no step is used twice.
ALTER TABLE auth_credentials ADD COLUMN last_step bigint;
ALTER TABLE auth_credentials ADD COLUMN provider_user_id text;
-- Sealed.
ALTER TABLE auth_credentials ADD COLUMN access_token text;
ALTER TABLE auth_credentials ADD COLUMN token_expires_at bigint;
CREATE UNIQUE INDEX auth_credentials__auth_provider_id__provider_user_id
    ON auth_credentials (auth_provider_id, provider_user_id) WHERE provider_user_id IS NOT NULL;

CREATE TABLE auth_recovery_codes (
    code_hash text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL
);
CREATE INDEX auth_recovery_codes__user_id ON auth_recovery_codes (user_id);
CREATE INDEX auth_recovery_codes__realm_id ON auth_recovery_codes (realm_id);
