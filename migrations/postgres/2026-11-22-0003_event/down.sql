DROP TABLE event_sequence;
DROP TABLE event_events;
