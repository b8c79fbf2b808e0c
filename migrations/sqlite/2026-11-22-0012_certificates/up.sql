-- Certificates of custom domains: got from an authority (RFC 8555) or uploaded.
ALTER TABLE auth_domains ADD COLUMN cert_source text;
-- Another certificate has another version.
ALTER TABLE auth_domains ADD COLUMN cert_version text;
ALTER TABLE auth_domains ADD COLUMN cert_expires_at bigint;
-- Why the last try failed, and how many have failed since the last that did not.
ALTER TABLE auth_domains ADD COLUMN cert_error text;
ALTER TABLE auth_domains ADD COLUMN cert_tries bigint NOT NULL DEFAULT 0;
-- When the authority is to be asked; whoever asks moves it on first.
ALTER TABLE auth_domains ADD COLUMN cert_due_at bigint;
CREATE INDEX auth_domains__cert_due_at ON auth_domains (cert_due_at) WHERE cert_due_at IS NOT NULL;
-- For those that were proven before there was an authority.
CREATE INDEX auth_domains__domain_type__cert_due_at ON auth_domains (domain_type, cert_due_at);

-- Chain and private key, sealed. Of kind 'served', and of kind 'challenge' while an authority looks.
CREATE TABLE auth_certificates (
    domain_id text NOT NULL REFERENCES auth_domains (id) ON DELETE CASCADE,
    kind text NOT NULL,
    sealed text NOT NULL,
    PRIMARY KEY (domain_id, kind)
);

-- Who this installation is to an authority: the account's key, sealed.
CREATE TABLE auth_acme_accounts (
    directory text PRIMARY KEY,
    sealed text NOT NULL
);
