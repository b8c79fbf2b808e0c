//! What the rows of hooks and their providers hold.

use diesel::prelude::*;
use gantry_db::JsonText;
use gantry_kernel::{HookId, RealmId};

use super::schema::{event_hooks, event_list_providers, event_smtp_providers, event_subscriptions};

macro_rules! row {
    ($(#[$doc:meta])* $name:ident, $table:ident { $( $field:ident : $ty:ty, )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true)]
        pub(crate) struct $name { $( pub(crate) $field: $ty, )* }
    };
}

row!(
    /// A hook (contract 5.4).
    HookRow, event_hooks {
        id: String,
        realm_id: String,
        hook_type: String,
        state: String,
        event_types: JsonText,
        delay: i64,
        destination_sealed: Option<String>,
        list_provider_id: Option<String>,
        settings: JsonText,
        created_at: i64,
        updated_at: i64,
        secret_sealed: Option<String>,
        old_secret_sealed: Option<String>,
        old_secret_until: Option<i64>,
        ordered: bool,
        failing_since: Option<i64>,
        failing_count: i64,
    }
);
impl HookRow {
    /// A hook of a realm before anything was said of it, made at a time in milliseconds.
    pub(crate) fn blank(id: HookId, realm: RealmId, now: i64) -> Self {
        Self {
            id: id.into_string(),
            realm_id: realm.into_string(),
            hook_type: String::new(),
            state: String::new(),
            event_types: JsonText::strings::<&str>(&[]),
            delay: 0,
            destination_sealed: None,
            list_provider_id: None,
            settings: JsonText(serde_json::Value::Null),
            created_at: now,
            updated_at: now,
            secret_sealed: None,
            old_secret_sealed: None,
            old_secret_until: None,
            ordered: false,
            failing_since: None,
            failing_count: 0,
        }
    }
}

row!(
    /// Who sends a realm's mail (contract 3.13).
    SmtpProviderRow, event_smtp_providers {
        id: String,
        realm_id: String,
        provider_name: String,
        provider_type: String,
        state: String,
        email_from: String,
        email_from_name: Option<String>,
        smtp_host: String,
        smtp_port: i64,
        smtp_user: Option<String>,
        password_sealed: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// Who keeps a realm's mailing lists (contract 3.13).
    MailingListProviderRow, event_list_providers {
        id: String,
        realm_id: String,
        provider_name: String,
        provider_type: String,
        state: String,
        api_endpoint: Option<String>,
        provider_account: Option<String>,
        valid_list_ids: JsonText,
        api_key_sealed: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
);
row!(
    /// A user's place on the mailing list of a hook (contract 3.13).
    MailingListSubscriptionRow, event_subscriptions {
        id: String,
        realm_id: String,
        hook_id: String,
        user_id: String,
        list_state: String,
        created_at: i64,
        updated_at: i64,
    }
);
