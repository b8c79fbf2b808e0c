DROP TABLE event_subscriptions;
DROP TABLE event_hooks;
DROP TABLE event_list_providers;
DROP TABLE event_smtp_providers;
DROP TABLE event_wipes;
DROP TABLE session_wipes;
DROP TABLE session_oauth;
DROP INDEX session_keys__provided__realm_id__algo;
-- Of several keys of one algorithm the first stays: what the older form knows has room for one.
DELETE FROM session_keys WHERE NOT provided;
ALTER TABLE session_keys DROP COLUMN provided;
ALTER TABLE session_keys DROP COLUMN signs_from;
ALTER TABLE session_keys ADD COLUMN retired_at bigint;
CREATE UNIQUE INDEX session_keys__live__realm_id__algo ON session_keys (realm_id, algo) WHERE retired_at IS NULL;
