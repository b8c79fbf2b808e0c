ALTER TABLE event_hooks DROP COLUMN old_secret_until;
ALTER TABLE event_hooks DROP COLUMN old_secret_sealed;
ALTER TABLE event_hooks DROP COLUMN secret_sealed;
DROP TABLE event_lanes;
DROP TABLE event_notifications;
