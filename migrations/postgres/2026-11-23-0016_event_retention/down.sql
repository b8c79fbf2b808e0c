DROP TABLE event_retentions;
