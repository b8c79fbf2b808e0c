-- What configures a realm beside its own settings: OAuth2 apps, custom domains, named permissions, links.
ALTER TABLE auth_client_apps ADD COLUMN allowed_scopes text NOT NULL DEFAULT '[]';
ALTER TABLE auth_client_apps ADD COLUMN app_type text;
ALTER TABLE auth_client_apps ADD COLUMN logo text;
ALTER TABLE auth_client_apps ADD COLUMN trusted boolean NOT NULL DEFAULT false;
-- A digest: the secret has more than 128 random bits.
ALTER TABLE auth_client_apps ADD COLUMN secret_hash text;

ALTER TABLE auth_domains ADD COLUMN dns_state text NOT NULL DEFAULT 'verified';
-- Nobody has looked yet.
UPDATE auth_domains SET dns_state = 'pending' WHERE domain_type = 'custom';

-- Users and what hangs on them with an id up to this one are gone: a reset says it at once, and removes them after.
ALTER TABLE auth_realms ADD COLUMN wiped_to text NOT NULL DEFAULT '';
-- Set when the realm is deleted: from then on nobody sees it.
ALTER TABLE auth_realms ADD COLUMN deleted_at bigint;

CREATE TABLE auth_named_permissions (
    id text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    name text NOT NULL,
    permission text NOT NULL,
    auto_grant boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX auth_named_permissions__realm_id__permission ON auth_named_permissions (realm_id, permission);
CREATE INDEX auth_named_permissions__realm_id__id ON auth_named_permissions (realm_id, id);

CREATE TABLE auth_resource_links (
    id text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    title text NOT NULL,
    link_url text NOT NULL,
    resource_type text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX auth_resource_links__realm_id__id ON auth_resource_links (realm_id, id);
