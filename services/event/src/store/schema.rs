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
    }
}

diesel::table! {
    event_sequence (name) {
        name -> Text,
        last -> BigInt,
    }
}
