DROP TABLE session_outbox;
DROP TABLE session_key_stock;
DROP TABLE session_keys;
DROP TABLE session_sessions;
