-- Who has been told of what: a notification for each event and each hook that listens to it, made with the event.
CREATE TABLE event_notifications (
    id text COLLATE "C" PRIMARY KEY,
    event_seq bigint NOT NULL REFERENCES event_events (seq) ON DELETE CASCADE,
    lane_id text COLLATE "C" NOT NULL,
    -- Absent: a mail that is built in.
    hook_id text COLLATE "C",
    hook_type text NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts bigint NOT NULL,
    -- When the next attempt is due; absent when there is none.
    due_at bigint,
    last_attempt_at bigint,
    last_destination text,
    last_result text
);
CREATE INDEX event_notifications__event_seq ON event_notifications (event_seq);
CREATE INDEX event_notifications__lane_id__due_at ON event_notifications (lane_id, due_at, id) WHERE due_at IS NOT NULL;

-- What is delivered to one place: a hook's notifications, or the built-in mails of a realm. One process at a time works on a lane.
CREATE TABLE event_lanes (
    id text COLLATE "C" PRIMARY KEY,
    realm_id text COLLATE "C" NOT NULL,
    -- When somebody should look at it: its first notification's time or, while somebody does, when that one must be taken for dead.
    due_at bigint NOT NULL,
    -- Who works on it.
    holder text COLLATE "C",
    -- Attempts in a row that failed.
    failures bigint NOT NULL,
    -- Until when nothing is tried, after too many of them.
    paused_until bigint NOT NULL
);
CREATE INDEX event_lanes__due_at ON event_lanes (due_at);
CREATE INDEX event_lanes__realm_id ON event_lanes (realm_id);

-- What a webhook's requests are signed with, sealed; during a rotation also what they were signed with before.
ALTER TABLE event_hooks ADD COLUMN secret_sealed text;
ALTER TABLE event_hooks ADD COLUMN old_secret_sealed text;
ALTER TABLE event_hooks ADD COLUMN old_secret_until bigint;
