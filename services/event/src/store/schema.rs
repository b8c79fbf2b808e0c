//! Event's tables, as the migrations make them.

diesel::table! {
    event_events (seq) {
        seq -> BigInt,
        id -> Text,
        realm_id -> Text,
        event_type -> Text,
        event_at -> BigInt,
        user_id -> Nullable<Text>,
        org_id -> Nullable<Text>,
        membership_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        auth_provider_id -> Nullable<Text>,
        invitation_id -> Nullable<Text>,
        expires_at -> Nullable<BigInt>,
        ip -> Nullable<Text>,
        client -> Nullable<Text>,
        request_id -> Nullable<Text>,
        token_sealed -> Nullable<Text>,
        hook_id -> Nullable<Text>,
    }
}

diesel::table! {
    event_sequence (name) {
        name -> Text,
        last -> BigInt,
    }
}

diesel::table! {
    event_retentions (realm_id) {
        realm_id -> Text,
        days -> BigInt,
    }
}

diesel::table! {
    event_wipes (realm_id) {
        realm_id -> Text,
        up_to -> Text,
    }
}

diesel::table! {
    event_notifications (id) {
        id -> Text,
        event_seq -> BigInt,
        event_id -> Text,
        lane_id -> Text,
        hook_id -> Nullable<Text>,
        hook_type -> Text,
        state -> Text,
        attempts -> BigInt,
        due_at -> Nullable<BigInt>,
        last_attempt_at -> Nullable<BigInt>,
        last_destination -> Nullable<Text>,
        last_result -> Nullable<Text>,
        order_key -> Nullable<Text>,
        attempts_before -> BigInt,
    }
}

diesel::table! {
    event_attempts (notification_id, number) {
        notification_id -> Text,
        number -> BigInt,
        at -> BigInt,
        took_ms -> BigInt,
        delivered -> Bool,
        status -> Nullable<BigInt>,
        destination -> Nullable<Text>,
        result -> Text,
    }
}

diesel::table! {
    event_lanes (id) {
        id -> Text,
        realm_id -> Text,
        due_at -> BigInt,
        holder -> Nullable<Text>,
        failures -> BigInt,
        paused_until -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(event_events, event_notifications, event_wipes);

diesel::table! {
    event_hooks (id) {
        id -> Text,
        realm_id -> Text,
        hook_type -> Text,
        state -> Text,
        event_types -> Text,
        delay -> BigInt,
        destination_sealed -> Nullable<Text>,
        list_provider_id -> Nullable<Text>,
        settings -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        secret_sealed -> Nullable<Text>,
        old_secret_sealed -> Nullable<Text>,
        old_secret_until -> Nullable<BigInt>,
        ordered -> Bool,
        failing_since -> Nullable<BigInt>,
        failing_count -> BigInt,
    }
}

diesel::table! {
    event_smtp_providers (id) {
        id -> Text,
        realm_id -> Text,
        provider_name -> Text,
        provider_type -> Text,
        state -> Text,
        email_from -> Text,
        email_from_name -> Nullable<Text>,
        smtp_host -> Text,
        smtp_port -> BigInt,
        smtp_user -> Nullable<Text>,
        password_sealed -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    event_list_providers (id) {
        id -> Text,
        realm_id -> Text,
        provider_name -> Text,
        provider_type -> Text,
        state -> Text,
        api_endpoint -> Nullable<Text>,
        provider_account -> Nullable<Text>,
        valid_list_ids -> Text,
        api_key_sealed -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    event_subscriptions (id) {
        id -> Text,
        realm_id -> Text,
        hook_id -> Text,
        user_id -> Text,
        list_state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
