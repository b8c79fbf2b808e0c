//! Hooks, providers and subscriptions, from messages and to messages.

use std::collections::BTreeMap;

use gantry_kernel::Secret;
use gantry_proto::event::v2::{
    Hook as Shown, HookInput, MailingListProvider, MailingListProviderInput, MailingListSubscription,
    MailingListSubscriptionInput, SmtpProvider, SmtpProviderInput,
};
use gantry_rpc::{Present, sent, sent_list};

use super::seconds;
use crate::rules::hook::{self, Hook, masked};
use crate::rules::provider::{ListsInput, SmtpInput, SubscriptionInput};
use crate::store::{HookRow, MailingListProviderRow, MailingListSubscriptionRow, SmtpProviderRow};

pub(crate) fn hook_input(mut input: HookInput) -> hook::Input {
    let present = Present(std::mem::take(&mut input.present));
    hook::Input {
        hook_type: sent!(present, input.hook_type),
        state: sent!(present, input.state),
        event_type: sent_list!(present, input.event_type),
        delay: sent!(present, input.delay),
        accumulate: sent!(present, input.accumulate),
        destination: sent!(present, input.destination).map(|sent| sent.map(Secret::new)),
        email_to: sent!(present, input.email_to),
        locales: sent_list!(present, input.locales),
        email_subjects: sent!(present, input.email_subjects),
        email_templates: sent!(present, input.email_templates),
        email_renderers: sent!(present, input.email_renderers),
        mailing_list_provider_id: sent!(present, input.mailing_list_provider_id),
        list_id: sent!(present, input.list_id),
        name: sent!(present, input.name),
        description: sent!(present, input.description),
        on_create: sent!(present, input.on_create),
        visibility: sent!(present, input.visibility),
        ordered: sent!(present, input.ordered),
        alert_email: sent!(present, input.alert_email),
    }
}

/// A hook as it is shown.
pub(crate) fn hook(row: HookRow, hook: Hook) -> Shown {
    let settings = hook.settings;
    let json = |map: &Option<BTreeMap<String, String>>| map.as_ref().and_then(|map| serde_json::to_string(map).ok());
    Shown {
        object: "hook".to_owned(),
        created_at: seconds(row.created_at),
        destination: hook.destination.and_then(|kept| masked(kept.expose())),
        email_subjects: json(&settings.email_subjects),
        email_templates: json(&settings.email_templates),
        email_renderers: json(&settings.email_renderers),
        current_locales: settings
            .email_templates
            .into_iter()
            .flatten()
            .map(|(locale, _)| locale)
            .collect(),
        accumulate: settings.accumulate,
        id: row.id,
        realm_id: row.realm_id,
        hook_type: hook.hook_type,
        state: hook.state,
        event_type: hook.event_types,
        delay: hook.delay,
        email_to: settings.email_to,
        locales: settings.locales,
        mailing_list_provider_id: hook.list_provider_id,
        list_id: settings.list_id,
        name: settings.name,
        description: settings.description,
        on_create: settings.on_create,
        visibility: settings.visibility,
        signing_secret: None,
        ordered: hook.ordered,
        alert_email: settings.alert_email,
        failing_since: row.failing_since.map(seconds),
    }
}

pub(crate) fn smtp_provider_input(mut input: SmtpProviderInput) -> SmtpInput {
    let present = Present(std::mem::take(&mut input.present));
    SmtpInput {
        provider_name: sent!(present, input.provider_name),
        provider_type: sent!(present, input.provider_type),
        state: sent!(present, input.state),
        email_from: sent!(present, input.email_from),
        email_from_name: sent!(present, input.email_from_name),
        smtp_host: sent!(present, input.smtp_host),
        smtp_port: sent!(present, input.smtp_port),
        smtp_user: sent!(present, input.smtp_user),
        smtp_password: sent!(present, input.smtp_password).map(|sent| sent.map(Secret::new)),
    }
}

/// An SMTP provider as it is shown: never its password.
pub(crate) fn smtp_provider(row: SmtpProviderRow) -> SmtpProvider {
    SmtpProvider {
        object: "smtp_provider".to_owned(),
        created_at: seconds(row.created_at),
        id: row.id,
        realm_id: row.realm_id,
        provider_name: row.provider_name,
        provider_type: row.provider_type,
        state: row.state,
        email_from: row.email_from,
        email_from_name: row.email_from_name,
        smtp_host: row.smtp_host,
        smtp_port: row.smtp_port,
        smtp_user: row.smtp_user,
    }
}

pub(crate) fn mailing_list_provider_input(mut input: MailingListProviderInput) -> ListsInput {
    let present = Present(std::mem::take(&mut input.present));
    ListsInput {
        provider_name: sent!(present, input.provider_name),
        provider_type: sent!(present, input.provider_type),
        state: sent!(present, input.state),
        api_endpoint: sent!(present, input.api_endpoint),
        provider_account: sent!(present, input.provider_account),
        valid_list_ids: sent_list!(present, input.valid_list_ids),
        api_key: sent!(present, input.api_key).map(|sent| sent.map(Secret::new)),
    }
}

/// A mailing-list provider as it is shown: never its key.
pub(crate) fn mailing_list_provider(row: MailingListProviderRow) -> MailingListProvider {
    MailingListProvider {
        object: "mailing_list_provider".to_owned(),
        created_at: seconds(row.created_at),
        valid_list_ids: row.valid_list_ids.to_strings(),
        id: row.id,
        realm_id: row.realm_id,
        provider_name: row.provider_name,
        provider_type: row.provider_type,
        state: row.state,
        api_endpoint: row.api_endpoint,
        provider_account: row.provider_account,
    }
}

pub(crate) fn mailing_list_subscription_input(mut input: MailingListSubscriptionInput) -> SubscriptionInput {
    let present = Present(std::mem::take(&mut input.present));
    SubscriptionInput {
        hook_id: sent!(present, input.hook_id),
        user_id: sent!(present, input.user_id),
        list_state: sent!(present, input.list_state),
    }
}

/// A subscription as it is shown.
pub(crate) fn mailing_list_subscription(row: MailingListSubscriptionRow) -> MailingListSubscription {
    MailingListSubscription {
        object: "mailing_list_subscription".to_owned(),
        created_at: seconds(row.created_at),
        id: row.id,
        realm_id: row.realm_id,
        hook_id: row.hook_id,
        user_id: row.user_id,
        list_state: row.list_state,
    }
}
