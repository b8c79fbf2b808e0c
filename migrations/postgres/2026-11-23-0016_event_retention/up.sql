-- How long realms keep their events, in days; who is not here goes by the operator's setting.
CREATE TABLE event_retentions (
    realm_id text COLLATE "C" PRIMARY KEY,
    days bigint NOT NULL
);
