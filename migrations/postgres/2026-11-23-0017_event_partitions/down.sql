SET LOCAL statement_timeout = 0;
ALTER TABLE event_events RENAME TO event_events_divided;
CREATE TABLE event_events (LIKE event_events_divided);
INSERT INTO event_events SELECT * FROM event_events_divided;
-- With its partitions, and with the names of their indexes.
DROP TABLE event_events_divided;
ALTER TABLE event_events ADD CONSTRAINT event_events_pkey PRIMARY KEY (seq);
CREATE UNIQUE INDEX event_events__id ON event_events (id text_pattern_ops);
CREATE INDEX event_events__realm_id__seq ON event_events (realm_id, seq);
CREATE INDEX event_events__realm_id__request_id ON event_events (realm_id, request_id, id) WHERE request_id IS NOT NULL;
CREATE INDEX event_events__realm_id__membership_id ON event_events (realm_id, membership_id, id) WHERE membership_id IS NOT NULL;
CREATE INDEX event_events__realm_id__user_id ON event_events (realm_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX event_events__realm_id__org_id ON event_events (realm_id, org_id, id) WHERE org_id IS NOT NULL;
CREATE INDEX event_events__realm_id__auth_provider_id ON event_events (realm_id, auth_provider_id, id) WHERE auth_provider_id IS NOT NULL;
CREATE INDEX event_events__realm_id__invitation_id ON event_events (realm_id, invitation_id, id) WHERE invitation_id IS NOT NULL;
CREATE INDEX event_events__realm_id__event_type ON event_events (realm_id, event_type, id);
CREATE INDEX event_events__realm_id__id ON event_events (realm_id, id);

DELETE FROM event_notifications WHERE NOT EXISTS (SELECT 1 FROM event_events WHERE seq = event_seq);
DROP INDEX event_notifications__event_id;
CREATE INDEX event_notifications__event_seq ON event_notifications (event_seq);
ALTER TABLE event_notifications ADD CONSTRAINT event_notifications_event_seq_fkey
    FOREIGN KEY (event_seq) REFERENCES event_events (seq) ON DELETE CASCADE;
