-- Whether a mail signs in: off, link, code or both.
ALTER TABLE auth_realms ADD COLUMN email_login text NOT NULL DEFAULT 'off';

-- Mails that sign in (docs/adr/0013-sign-in-by-mail.md): one a user, the newest. Only digests are kept, so that a copy of the database
-- signs nobody in.
CREATE TABLE auth_email_logins (
    user_id text COLLATE "C" PRIMARY KEY REFERENCES auth_users (id) ON DELETE CASCADE,
    realm_id text COLLATE "C" NOT NULL REFERENCES auth_realms (id) ON DELETE CASCADE,
    -- The address that the mail was made for: it dies when the user has another.
    email text COLLATE "C" NOT NULL,
    -- Of the token in the mail.
    token_hash text COLLATE "C" NOT NULL,
    -- Of what the browser that asked holds, and of that with the code: eight digits alone could be found by trying. Absent without a code.
    handle_hash text COLLATE "C",
    code_hash text COLLATE "C",
    guesses bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX auth_email_logins__token_hash ON auth_email_logins (token_hash);
CREATE UNIQUE INDEX auth_email_logins__handle_hash ON auth_email_logins (handle_hash);
CREATE INDEX auth_email_logins__realm_id ON auth_email_logins (realm_id);
CREATE INDEX auth_email_logins__expires_at ON auth_email_logins (expires_at);
