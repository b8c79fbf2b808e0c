DROP TABLE auth_external_states;
