-- How often what a realm or a user is seen as was changed. Whoever remembers an answer compares the number, and remembers nothing of
-- those who are not there. Triggers count, so that no code can forget to. docs/adr/0008-answers-remembered-by-version.md.
CREATE TABLE auth_versions (
    id text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL,
    -- Whether a membership of the user ends by itself: then an answer can change without a write.
    timed boolean NOT NULL
) WITH (fillfactor = 70);

CREATE FUNCTION auth_count_realm(changed text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_realms WHERE id = changed
    ON CONFLICT (id) DO UPDATE SET number = auth_versions.number + 1
$$;
CREATE FUNCTION auth_count_user(changed text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO auth_versions (id, number, timed) SELECT id, 1, false FROM auth_users WHERE id = changed
    ON CONFLICT (id) DO UPDATE SET number = auth_versions.number + 1
$$;

CREATE FUNCTION auth_realm_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM auth_count_realm(NEW.id);
    RETURN NEW;
END $$;
CREATE FUNCTION auth_part_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM auth_count_realm(COALESCE(NEW.realm_id, OLD.realm_id));
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION auth_user_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM auth_count_user(NEW.id);
    RETURN NEW;
END $$;
CREATE FUNCTION auth_membership_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed text := COALESCE(NEW.user_id, OLD.user_id);
BEGIN
    PERFORM auth_count_user(changed);
    -- A statement of its own: now that the count is locked, it sees what others did before.
    UPDATE auth_versions SET timed = EXISTS (
        SELECT 1 FROM auth_memberships WHERE user_id = changed AND expires_at IS NOT NULL
    ) WHERE id = changed;
    RETURN NULL;
END $$;
CREATE FUNCTION auth_version_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM auth_versions WHERE id = OLD.id;
    RETURN NULL;
END $$;

CREATE TRIGGER auth_realms__changes BEFORE UPDATE ON auth_realms FOR EACH ROW EXECUTE FUNCTION auth_realm_changes();
CREATE TRIGGER auth_realms__goes AFTER DELETE ON auth_realms FOR EACH ROW EXECUTE FUNCTION auth_version_goes();
CREATE TRIGGER auth_client_apps__changes BEFORE INSERT OR UPDATE OR DELETE ON auth_client_apps
    FOR EACH ROW EXECUTE FUNCTION auth_part_changes();
CREATE TRIGGER auth_domains__changes BEFORE INSERT OR UPDATE OR DELETE ON auth_domains
    FOR EACH ROW EXECUTE FUNCTION auth_part_changes();
-- Before the memberships go along: two that delete orgs of a realm take the realm's count first, and never wait for each other.
CREATE TRIGGER auth_orgs__changes BEFORE UPDATE OR DELETE ON auth_orgs FOR EACH ROW EXECUTE FUNCTION auth_part_changes();
-- All but last_login_at: each login writes it, and no remembered answer shows it.
CREATE TRIGGER auth_users__changes BEFORE UPDATE OF id, realm_id, state, email, email_pending, email_verification, first_name, last_name,
    username, username_key, locale, reference, custom, created_at, updated_at ON auth_users
    FOR EACH ROW EXECUTE FUNCTION auth_user_changes();
CREATE TRIGGER auth_users__goes AFTER DELETE ON auth_users FOR EACH ROW EXECUTE FUNCTION auth_version_goes();
CREATE TRIGGER auth_memberships__changed AFTER INSERT OR UPDATE OR DELETE ON auth_memberships
    FOR EACH ROW EXECUTE FUNCTION auth_membership_changed();

-- Who has a membership that ends by itself today.
INSERT INTO auth_versions (id, number, timed)
    SELECT DISTINCT user_id, 1, true FROM auth_memberships WHERE expires_at IS NOT NULL;
