//! One rpc a file: proto in, rule, proto out.

pub(crate) mod append;
pub(crate) mod create_hook;
pub(crate) mod create_mailing_list_provider;
pub(crate) mod create_mailing_list_subscription;
pub(crate) mod create_replay;
pub(crate) mod create_smtp_provider;
pub(crate) mod delete_hook;
pub(crate) mod delete_mailing_list_provider;
pub(crate) mod delete_mailing_list_subscription;
pub(crate) mod delete_smtp_provider;
pub(crate) mod export_events;
pub(crate) mod get_event;
pub(crate) mod get_event_retention;
pub(crate) mod get_hook;
pub(crate) mod get_mailing_list_provider;
pub(crate) mod get_mailing_list_subscription;
pub(crate) mod get_notification;
pub(crate) mod get_smtp_provider;
pub(crate) mod list_events;
pub(crate) mod list_hooks;
pub(crate) mod list_mailing_list_providers;
pub(crate) mod list_mailing_list_subscriptions;
pub(crate) mod list_notifications;
pub(crate) mod list_smtp_providers;
pub(crate) mod ping_hook;
pub(crate) mod replay_notification;
pub(crate) mod rotate_hook_secret;
pub(crate) mod update_event_retention;
pub(crate) mod update_hook;
pub(crate) mod update_mailing_list_provider;
pub(crate) mod update_mailing_list_subscription;
pub(crate) mod update_smtp_provider;
pub(crate) mod watch;
pub(crate) mod wipe_realm;

/// A filter as a caller sent it; an empty text counts as absent, as everywhere in lists.
fn given(filter: Option<String>) -> Option<String> {
    filter.filter(|text| !text.is_empty())
}
