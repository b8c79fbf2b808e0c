-- Event's tables: what happened.
CREATE TABLE event_events (
    -- The order in which events became visible; the cursor of Watch.
    seq bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    realm_id text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    event_at bigint NOT NULL,
    user_id text COLLATE "C",
    org_id text COLLATE "C",
    membership_id text COLLATE "C",
    session_id text COLLATE "C",
    auth_provider_id text COLLATE "C",
    invitation_id text COLLATE "C",
    expires_at bigint,
    ip text,
    client text,
    request_id text COLLATE "C"
);
-- Finds single ids and gives no order (text_pattern_ops): else a list of one realm could be read from the ids of all realms, and
-- walk past theirs.
CREATE UNIQUE INDEX event_events__id ON event_events (id text_pattern_ops);
CREATE INDEX event_events__realm_id__seq ON event_events (realm_id, seq);
-- Partial, since most events concern none of some of these: what is absent costs no index entry.
CREATE INDEX event_events__realm_id__request_id ON event_events (realm_id, request_id, id) WHERE request_id IS NOT NULL;
CREATE INDEX event_events__realm_id__membership_id ON event_events (realm_id, membership_id, id) WHERE membership_id IS NOT NULL;
CREATE INDEX event_events__realm_id__user_id ON event_events (realm_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX event_events__realm_id__org_id ON event_events (realm_id, org_id, id) WHERE org_id IS NOT NULL;
-- The narrow before the wide: without statistics SQLite takes the first of two that look alike.
CREATE INDEX event_events__realm_id__event_type ON event_events (realm_id, event_type, id);
CREATE INDEX event_events__realm_id__id ON event_events (realm_id, id);

-- One row: the last seq given out. Its lock makes the order of seq the order of commits.
CREATE TABLE event_sequence (
    name text COLLATE "C" PRIMARY KEY,
    last bigint NOT NULL
);
INSERT INTO event_sequence (name, last) VALUES ('events', 0);
