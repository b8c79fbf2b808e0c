-- The log of deliveries: each attempt of a notification, whatever came of it.
CREATE TABLE event_attempts (
    notification_id text COLLATE "C" NOT NULL REFERENCES event_notifications (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    at bigint NOT NULL,
    took_ms bigint NOT NULL,
    delivered boolean NOT NULL,
    -- What the receiver answered, where it speaks HTTP and did.
    status bigint,
    destination text,
    result text NOT NULL,
    PRIMARY KEY (notification_id, number)
);

-- What is told one after the other: a user's events, for a hook that wants them in order.
ALTER TABLE event_notifications ADD COLUMN order_key text COLLATE "C";
-- Attempts before it was last begun anew: a replay has its own two days.
ALTER TABLE event_notifications ADD COLUMN attempts_before bigint NOT NULL DEFAULT 0;
CREATE INDEX event_notifications__lane_id__state ON event_notifications (lane_id, state, id);
CREATE INDEX event_notifications__lane_id__order_key ON event_notifications (lane_id, order_key, event_id)
    WHERE due_at IS NOT NULL AND order_key IS NOT NULL;
CREATE INDEX event_notifications__waiting ON event_notifications (id) WHERE due_at IS NOT NULL;

ALTER TABLE event_hooks ADD COLUMN ordered boolean NOT NULL DEFAULT false;
-- Since when nothing has arrived, and how many attempts failed since.
ALTER TABLE event_hooks ADD COLUMN failing_since bigint;
ALTER TABLE event_hooks ADD COLUMN failing_count bigint NOT NULL DEFAULT 0;

-- The hook that an event tells of.
ALTER TABLE event_events ADD COLUMN hook_id text COLLATE "C";
