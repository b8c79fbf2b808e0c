-- How often what a realm or a user is seen as was changed. Whoever remembers an answer compares the number, and remembers nothing of
-- those who are not there. Triggers count, so that no code can forget to. docs/adr/0008-answers-remembered-by-version.md.
CREATE TABLE auth_versions (
    id text PRIMARY KEY,
    number bigint NOT NULL,
    -- Whether a membership of the user ends by itself: then an answer can change without a write.
    timed boolean NOT NULL
);

CREATE TRIGGER auth_realms__changes AFTER UPDATE ON auth_realms BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_realms__goes AFTER DELETE ON auth_realms BEGIN
    DELETE FROM auth_versions WHERE id = OLD.id;
END;
CREATE TRIGGER auth_client_apps__insert AFTER INSERT ON auth_client_apps BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_client_apps__update AFTER UPDATE ON auth_client_apps BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_client_apps__delete AFTER DELETE ON auth_client_apps BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = OLD.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_domains__insert AFTER INSERT ON auth_domains BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_domains__update AFTER UPDATE ON auth_domains BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_domains__delete AFTER DELETE ON auth_domains BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = OLD.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_orgs__update AFTER UPDATE ON auth_orgs BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = NEW.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_orgs__delete AFTER DELETE ON auth_orgs BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = OLD.realm_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
-- All but last_login_at: each login writes it, and no remembered answer shows it.
CREATE TRIGGER auth_users__changes AFTER UPDATE OF id, realm_id, state, email, email_pending, email_verification, first_name, last_name,
    username, username_key, locale, reference, custom, created_at, updated_at ON auth_users BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_users WHERE id = NEW.id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER auth_users__goes AFTER DELETE ON auth_users BEGIN
    DELETE FROM auth_versions WHERE id = OLD.id;
END;
CREATE TRIGGER auth_memberships__insert AFTER INSERT ON auth_memberships BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_users WHERE id = NEW.user_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
    UPDATE auth_versions SET timed = EXISTS (
        SELECT 1 FROM auth_memberships WHERE user_id = NEW.user_id AND expires_at IS NOT NULL
    ) WHERE id = NEW.user_id;
END;
CREATE TRIGGER auth_memberships__update AFTER UPDATE ON auth_memberships BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_users WHERE id = NEW.user_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
    UPDATE auth_versions SET timed = EXISTS (
        SELECT 1 FROM auth_memberships WHERE user_id = NEW.user_id AND expires_at IS NOT NULL
    ) WHERE id = NEW.user_id;
END;
CREATE TRIGGER auth_memberships__delete AFTER DELETE ON auth_memberships BEGIN
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_users WHERE id = OLD.user_id
        ON CONFLICT (id) DO UPDATE SET number = number + 1;
    UPDATE auth_versions SET timed = EXISTS (
        SELECT 1 FROM auth_memberships WHERE user_id = OLD.user_id AND expires_at IS NOT NULL
    ) WHERE id = OLD.user_id;
END;

-- Who has a membership that ends by itself today.
INSERT INTO auth_versions (id, number, timed)
    SELECT DISTINCT user_id, 1, true FROM auth_memberships WHERE expires_at IS NOT NULL;
