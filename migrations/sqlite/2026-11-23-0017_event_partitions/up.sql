-- SQLite divides no tables, and its installations are small: events that are over go in batches alone (ADR 12). Notifications are found by
-- their event's id here too, so that both databases have the same queries; the key by which they hang on events stays, and does no harm.
CREATE INDEX event_notifications__event_id ON event_notifications (event_id);
