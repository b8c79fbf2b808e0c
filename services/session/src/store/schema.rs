//! The tables, as migrations/ makes them.

diesel::table! {
    session_sessions (id) {
        id -> Text,
        realm_id -> Text,
        user_id -> Text,
        client_app_id -> Nullable<Text>,
        ip -> Nullable<Text>,
        client -> Nullable<Text>,
        token_sealed -> Nullable<Text>,
        token_mark -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    session_keys (id) {
        id -> Text,
        realm_id -> Text,
        algo -> Text,
        public_key -> Nullable<Text>,
        secret_sealed -> Text,
        created_at -> BigInt,
        signs_from -> BigInt,
        provided -> Bool,
    }
}

diesel::table! {
    session_oauth (id) {
        id -> Text,
        realm_id -> Text,
        user_id -> Text,
        client_app_id -> Text,
        session_id -> Nullable<Text>,
        code_hash -> Text,
        code_expires_at -> BigInt,
        redirect_uri -> Text,
        code_challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        scopes -> Text,
        access_hash -> Nullable<Text>,
        ip -> Nullable<Text>,
        client -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    session_key_stock (id) {
        id -> Text,
        public_key -> Text,
        secret_sealed -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    session_outbox (id) {
        id -> Text,
        holder -> Text,
        created_at -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    session_wipes (realm_id) {
        realm_id -> Text,
        up_to -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(session_sessions, session_keys, session_wipes);
