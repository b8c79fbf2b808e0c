-- Events by months: what is over for every realm goes by dropping a table (ADR 12). The table that was there becomes the first partition, as
-- it is, and reaches to the end of this month; the Event service makes those that follow.

-- Reading the whole table once, and one index of it, may take longer than any request.
SET LOCAL statement_timeout = 0;

-- Notifications are found by their event's id, which is unique over all partitions; they are removed with it by whoever removes it.
ALTER TABLE event_notifications DROP CONSTRAINT event_notifications_event_seq_fkey;
DROP INDEX event_notifications__event_seq;
CREATE INDEX event_notifications__event_id ON event_notifications (event_id);

ALTER TABLE event_events RENAME TO event_events_first;
-- The key would have to name what the table is divided by. Each seq is given out once, under a lock (event_sequence).
ALTER TABLE event_events_first DROP CONSTRAINT event_events_pkey;
DO $$
DECLARE
    old text;
BEGIN
    FOR old IN SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = 'event_events_first'::regclass LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', old, replace(old, 'event_events__', 'event_events_first__'));
    END LOOP;
END $$;
CREATE INDEX event_events_first__seq ON event_events_first (seq);

CREATE TABLE event_events (LIKE event_events_first) PARTITION BY RANGE (id);
-- Made while there is no partition: those of the first, which are alike, are taken in below, and not made anew.
CREATE INDEX event_events__seq ON event_events (seq);
-- Finds single ids and gives no order (text_pattern_ops): else a list of one realm could be read from the ids of all realms, and
-- walk past theirs.
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

-- Where events go whose month has no partition: a clock that jumps loses nothing.
CREATE TABLE event_events_other PARTITION OF event_events DEFAULT;

DO $$
DECLARE
    digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    month_end constant timestamp := date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month';
    -- The smallest id of a moment: its milliseconds, and behind them 80 bits of nothing (2^80), in base62.
    number numeric := extract(epoch FROM month_end)::bigint * 1000::numeric * 1208925819614629174706176;
    bound text := '';
BEGIN
    FOR place IN 1..22 LOOP
        bound := substr(digits, mod(number, 62)::int + 1, 1) || bound;
        number := div(number, 62);
    END LOOP;
    bound := 'ev_' || bound;
    -- Of a clock that was ahead: few, if any.
    INSERT INTO event_events_other SELECT * FROM event_events_first WHERE id >= bound;
    DELETE FROM event_events_first WHERE id >= bound;
    EXECUTE format('ALTER TABLE event_events ATTACH PARTITION event_events_first FOR VALUES FROM (MINVALUE) TO (%L)', bound);
END $$;
