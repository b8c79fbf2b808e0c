//! Messages to what rules take and back, nothing else: events ([`event`]), hooks and their providers ([`settings`]).

mod event;
mod settings;

pub(crate) use event::{attempt, event, notification, notification_of, record, seconds};
pub(crate) use settings::{
    hook, hook_input, mailing_list_provider, mailing_list_provider_input, mailing_list_subscription,
    mailing_list_subscription_input, smtp_provider, smtp_provider_input,
};
