ALTER TABLE event_events DROP COLUMN token_sealed;
DROP INDEX auth_memberships__expires_at;
DROP TABLE auth_invitations;
