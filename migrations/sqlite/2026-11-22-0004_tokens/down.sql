DROP TABLE auth_tasks;
DROP TABLE auth_tokens;
