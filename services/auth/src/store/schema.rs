//! Auth's tables, as the migrations make them.

diesel::table! {
    auth_realms (id) {
        id -> Text,
        name -> Text,
        public_name -> Nullable<Text>,
        environment -> Nullable<Text>,
        state -> Text,
        custom -> Text,
        default_locale -> Text,
        available_locales -> Text,
        email_verification -> Text,
        email_login -> Text,
        org_mode -> Text,
        signup -> Text,
        name_field -> Text,
        org_name_field -> Text,
        password_field -> Text,
        username_field -> Text,
        allowed_origins -> Text,
        lr_features -> Text,
        look -> Text,
        access_token_minutes -> BigInt,
        jwt_algo -> Text,
        jwt_minutes -> Nullable<BigInt>,
        jwt_scopes -> Text,
        session_minutes -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        wiped_to -> Text,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    auth_providers (id) {
        id -> Text,
        realm_id -> Text,
        provider_type -> Text,
        state -> Text,
        min_length -> Nullable<BigInt>,
        created_at -> BigInt,
        name -> Nullable<Text>,
        min_complexity -> Nullable<Text>,
        required_chars -> Text,
        client_id -> Nullable<Text>,
        client_secret -> Nullable<Text>,
        external -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    auth_users (id) {
        id -> Text,
        realm_id -> Text,
        state -> Text,
        email -> Text,
        email_pending -> Nullable<Text>,
        email_verification -> Text,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        username -> Nullable<Text>,
        username_key -> Nullable<Text>,
        locale -> Nullable<Text>,
        reference -> Nullable<Text>,
        custom -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        last_login_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    auth_credentials (id) {
        id -> Text,
        realm_id -> Text,
        user_id -> Text,
        auth_provider_id -> Text,
        credential_type -> Text,
        secret -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        name -> Nullable<Text>,
        state -> Text,
        last_step -> Nullable<BigInt>,
        provider_user_id -> Nullable<Text>,
        access_token -> Nullable<Text>,
        token_expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    auth_recovery_codes (code_hash) {
        code_hash -> Text,
        realm_id -> Text,
        user_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    auth_orgs (id) {
        id -> Text,
        realm_id -> Text,
        state -> Text,
        name -> Text,
        name_key -> Text,
        reference -> Nullable<Text>,
        custom -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    auth_memberships (id) {
        id -> Text,
        realm_id -> Text,
        org_id -> Text,
        user_id -> Text,
        permissions -> Text,
        expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    auth_client_apps (id) {
        id -> Text,
        realm_id -> Text,
        client_type -> Text,
        name -> Text,
        state -> Text,
        redirect_uris -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        allowed_scopes -> Text,
        app_type -> Nullable<Text>,
        logo -> Nullable<Text>,
        trusted -> Bool,
        secret_hash -> Nullable<Text>,
    }
}

diesel::table! {
    auth_domains (id) {
        id -> Text,
        realm_id -> Text,
        domain_type -> Text,
        subdomain -> Nullable<Text>,
        domain -> Nullable<Text>,
        fqdn -> Text,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        dns_state -> Text,
        cert_source -> Nullable<Text>,
        cert_version -> Nullable<Text>,
        cert_expires_at -> Nullable<BigInt>,
        cert_error -> Nullable<Text>,
        cert_tries -> BigInt,
        cert_due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    auth_certificates (domain_id, kind) {
        domain_id -> Text,
        kind -> Text,
        sealed -> Text,
    }
}

diesel::table! {
    auth_acme_accounts (directory) {
        directory -> Text,
        sealed -> Text,
    }
}

diesel::table! {
    auth_named_permissions (id) {
        id -> Text,
        realm_id -> Text,
        name -> Text,
        permission -> Text,
        auto_grant -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    auth_resource_links (id) {
        id -> Text,
        realm_id -> Text,
        title -> Text,
        link_url -> Text,
        resource_type -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    auth_api_keys (id) {
        id -> Text,
        key_hash -> Text,
        name -> Text,
        permission -> Text,
        realm_id -> Nullable<Text>,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    auth_tokens (token_hash) {
        token_hash -> Text,
        realm_id -> Text,
        user_id -> Text,
        purpose -> Text,
        email -> Text,
        detail -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    auth_tasks (id) {
        id -> Text,
        body -> Text,
        created_at -> BigInt,
        due_at -> BigInt,
    }
}

diesel::table! {
    auth_invitations (id) {
        id -> Text,
        realm_id -> Text,
        invitation_type -> Text,
        email -> Text,
        org_id -> Nullable<Text>,
        permissions -> Text,
        auth_provider_id -> Nullable<Text>,
        inviting_user_id -> Nullable<Text>,
        locale -> Text,
        token_hash -> Text,
        token_sealed -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        invited_at -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    auth_outbox (id) {
        id -> Text,
        holder -> Text,
        created_at -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    auth_email_logins (user_id) {
        user_id -> Text,
        realm_id -> Text,
        email -> Text,
        token_hash -> Text,
        handle_hash -> Nullable<Text>,
        code_hash -> Nullable<Text>,
        guesses -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}
diesel::table! {
    auth_external_states (id) {
        id -> Text,
        realm_id -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    auth_versions (id) {
        id -> Text,
        number -> BigInt,
        timed -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(auth_invitations, auth_realms);
diesel::joinable!(auth_memberships -> auth_users (user_id));
diesel::joinable!(auth_memberships -> auth_orgs (org_id));
diesel::joinable!(auth_credentials -> auth_providers (auth_provider_id));
diesel::joinable!(auth_credentials -> auth_users (user_id));
diesel::joinable!(auth_tokens -> auth_users (user_id));
diesel::joinable!(auth_email_logins -> auth_users (user_id));
diesel::joinable!(auth_users -> auth_realms (realm_id));
diesel::joinable!(auth_domains -> auth_realms (realm_id));
diesel::joinable!(auth_certificates -> auth_domains (domain_id));
diesel::allow_tables_to_appear_in_same_query!(
    auth_realms,
    auth_users,
    auth_orgs,
    auth_memberships,
    auth_domains,
    auth_client_apps,
    auth_credentials,
    auth_providers,
    auth_tokens,
    auth_email_logins,
    auth_versions,
    auth_certificates,
);
