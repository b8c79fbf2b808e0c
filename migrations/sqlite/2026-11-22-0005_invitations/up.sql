-- Invitations: the token's digest finds one, its sealed text is for the mail.
CREATE TABLE auth_invitations (
    id text PRIMARY KEY,
    realm_id text NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    invitation_type text NOT NULL,
    email text NOT NULL,
    org_id text REFERENCES auth_orgs (id) ON DELETE CASCADE,
    permissions text NOT NULL,
    auth_provider_id text REFERENCES auth_providers (id) ON DELETE CASCADE,
    -- With whoever invited go their invitations: else nothing would bound what these grant.
    inviting_user_id text REFERENCES auth_users (id) ON DELETE CASCADE,
    locale text NOT NULL,
    token_hash text NOT NULL,
    token_sealed text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    invited_at bigint,
    expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX auth_invitations__token_hash ON auth_invitations (token_hash);
CREATE INDEX auth_invitations__realm_id__email ON auth_invitations (realm_id, email, id);
CREATE INDEX auth_invitations__realm_id__invitation_type ON auth_invitations (realm_id, invitation_type, id);
CREATE INDEX auth_invitations__realm_id__id ON auth_invitations (realm_id, id);
CREATE INDEX auth_invitations__org_id ON auth_invitations (org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX auth_invitations__inviting_user_id ON auth_invitations (inviting_user_id, id) WHERE inviting_user_id IS NOT NULL;
CREATE INDEX auth_invitations__auth_provider_id ON auth_invitations (auth_provider_id) WHERE auth_provider_id IS NOT NULL;
CREATE INDEX auth_invitations__expires_at ON auth_invitations (expires_at);

-- Finds memberships that are over.
CREATE INDEX auth_memberships__expires_at ON auth_memberships (expires_at) WHERE expires_at IS NOT NULL;

-- The token that the action of an event made, sealed: mails are made of it.
ALTER TABLE event_events ADD COLUMN token_sealed text;
