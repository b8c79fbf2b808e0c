DROP TABLE auth_email_logins;
ALTER TABLE auth_realms DROP COLUMN email_login;
