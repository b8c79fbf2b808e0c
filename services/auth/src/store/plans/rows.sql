-- Three realms; the first holds nearly all there is. Portable: SQLite and PostgreSQL run the same text.
INSERT INTO auth_realms (id, name, state, custom, default_locale, available_locales, email_verification, org_mode, signup,
    name_field, org_name_field, password_field, username_field, allowed_origins, lr_features, look, access_token_minutes,
    jwt_algo, jwt_scopes, session_minutes, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
SELECT 'rl_' || i, 'realm', 'active', '{}', 'en', '[]', 'none', 'multi_user', 'open',
    'optional', 'hidden', 'single', 'hidden', '[]', '[]', '{}', 60,
    'rs256', 'openid', 1440, 1, 1 FROM n;

INSERT INTO auth_providers (id, realm_id, provider_type, state, min_length, created_at)
SELECT 'ap_' || id, id, 'password', 'active', 8, 1 FROM auth_realms;

INSERT INTO auth_users (id, realm_id, state, email, email_verification, username, username_key, reference, custom,
    created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
SELECT 'usr_' || i, CASE WHEN i > 3900 THEN 'rl_2' ELSE 'rl_1' END, CASE WHEN i % 50 = 0 THEN 'inactive' ELSE 'active' END,
    i || '@b.example', 'none', 'User' || i, 'user' || i, 'their-' || i, '{}', i, i FROM n;

INSERT INTO auth_credentials (id, realm_id, user_id, auth_provider_id, credential_type, secret, created_at, updated_at)
SELECT 'crd_' || id, realm_id, id, 'ap_' || realm_id, 'password', 'hash', 1, 1 FROM auth_users;

INSERT INTO auth_orgs (id, realm_id, state, name, name_key, reference, custom, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
SELECT 'org_' || i, CASE WHEN i > 3900 THEN 'rl_2' ELSE 'rl_1' END, CASE WHEN i % 50 = 0 THEN 'closed' ELSE 'active' END,
    'Org ' || i % 100, 'org ' || i % 100, 'their-' || i, '{}', i, i FROM n;

INSERT INTO auth_memberships (id, realm_id, org_id, user_id, permissions, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
SELECT 'mb_' || i, CASE WHEN i > 3900 THEN 'rl_2' ELSE 'rl_1' END, 'org_' || (i - i % 10 + 1), 'usr_' || i, '[]', i, i
    FROM n WHERE i < 3990;

INSERT INTO auth_client_apps (id, realm_id, client_type, name, state, redirect_uris, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT 'app_' || i, 'rl_' || (i % 3 + 1), 'standard', 'app', 'active', '[]', i, i FROM n;

INSERT INTO auth_domains (id, realm_id, domain_type, subdomain, fqdn, state, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT 'dom_' || i, 'rl_' || (i % 3 + 1), 'loginrocket', i, i || '.localhost', 'active', i, i FROM n;

INSERT INTO auth_api_keys (id, key_hash, name, permission, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT 'ks_' || i, 'hash' || i, 'key', 'read', i FROM n;

INSERT INTO auth_outbox (id, holder, created_at, body)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
SELECT 'ev_' || i, 'holder', i, '{}' FROM n;
