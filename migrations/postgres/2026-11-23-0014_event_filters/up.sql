-- Events by the provider or the invitation that they concern, and by the hook that was told of them.
CREATE INDEX event_events__realm_id__auth_provider_id ON event_events (realm_id, auth_provider_id, id) WHERE auth_provider_id IS NOT NULL;
CREATE INDEX event_events__realm_id__invitation_id ON event_events (realm_id, invitation_id, id) WHERE invitation_id IS NOT NULL;
-- The event's id beside its seq: what a hook was told of is listed in the order of ids.
ALTER TABLE event_notifications ADD COLUMN event_id text COLLATE "C";
UPDATE event_notifications SET event_id = (SELECT id FROM event_events WHERE seq = event_seq);
ALTER TABLE event_notifications ALTER COLUMN event_id SET NOT NULL;
CREATE INDEX event_notifications__hook_id__event_id ON event_notifications (hook_id, event_id) WHERE hook_id IS NOT NULL;
