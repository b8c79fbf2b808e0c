//! An Event that stores in memory, once each, and fails as it is told to.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::Reason;
use gantry_proto::event::v2 as wire;
use gantry_proto::event::v2::event_server::{Event, EventServer};
use gantry_proto::event::v2::{AppendRequest, AppendResponse, EventRecord, WatchRequest, WatchResponse};
use gantry_rpc::{Wire, to_status};
use tokio::sync::watch;
use tonic::{Request, Response, Status};

/// What Event does with the next events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Stores them.
    Well,
    /// Refuses every call.
    Away,
    /// Stores them, and the answer is lost.
    Forgetful,
    /// Stores them and never answers.
    Stuck,
    /// Fails every other way by turns: refuses, forgets to answer, is well.
    Moody,
}

/// What it has seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The ids stored, in order.
    pub(crate) stored: Vec<String>,
    /// How many calls there were.
    pub(crate) calls: usize,
    known: HashSet<String>,
}

#[derive(Clone)]
pub(crate) struct FakeEvent {
    seen: Arc<watch::Sender<Seen>>,
    mood: Arc<watch::Sender<Mood>>,
}

impl FakeEvent {
    pub(crate) fn new(mood: Mood) -> Self {
        Self {
            seen: Arc::new(watch::Sender::new(Seen::default())),
            mood: Arc::new(watch::Sender::new(mood)),
        }
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    pub(crate) fn wire(&self) -> Wire {
        Wire::local(EventServer::new(self.clone()))
    }

    pub(crate) fn stored(&self) -> Vec<String> {
        self.seen.borrow().stored.clone()
    }

    pub(crate) fn calls(&self) -> usize {
        self.seen.borrow().calls
    }

    /// Waits until it has seen enough.
    pub(crate) async fn until(&self, enough: impl FnMut(&Seen) -> bool) {
        let mut seen = self.seen.subscribe();
        drop(in_time(seen.wait_for(enough)).await.unwrap());
    }

    /// Whether it would store the event at all.
    fn takes(event: &EventRecord) -> bool {
        !event.realm_id.is_empty() && event.event_type != "user.unheard.of"
    }
}

/// Waits, but not for ever.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), work)
        .await
        .expect("it should have come by now")
}

fn refused(reason: Reason) -> Status {
    to_status(&reason.into())
}

/// Makes an Event of the calls that a test is about; to all others it answers the same.
macro_rules! event {
    (impl $name:ty { $($own:tt)* } others $answer:expr => { $( $rpc:ident($request:ident) -> $response:ident; )* }) => {
        #[tonic::async_trait]
        impl Event for $name {
            $($own)*

            $( async fn $rpc(&self, _: Request<wire::$request>) -> Result<Response<wire::$response>, Status> {
                $answer
            } )*
        }
    };
}

event! {
    impl FakeEvent {
        type WatchStream = Pin<Box<dyn tokio_stream::Stream<Item = Result<WatchResponse, Status>> + Send>>;
        type ExportEventsStream = Pin<Box<dyn tokio_stream::Stream<Item = Result<wire::EventRecord, Status>> + Send>>;

        async fn export_events(
            &self,
            _: Request<wire::ExportEventsRequest>,
        ) -> Result<Response<Self::ExportEventsStream>, Status> {
            Err(refused(Reason::NotFound))
        }

        async fn append(&self, request: Request<AppendRequest>) -> Result<Response<AppendResponse>, Status> {
            let events = request.into_inner().events;
            let calls = self.calls() + 1;
            let mood = match *self.mood.borrow() {
                Mood::Moody => match calls % 3 {
                    0 => Mood::Away,
                    1 => Mood::Forgetful,
                    _ => Mood::Well,
                },
                mood => mood,
            };
            let good = events.iter().all(Self::takes);
            self.seen.send_modify(|seen| {
                seen.calls = calls;
                if mood != Mood::Away && good {
                    for event in events {
                        if seen.known.insert(event.id.clone()) {
                            seen.stored.push(event.id);
                        }
                    }
                }
            });
            match mood {
                Mood::Away | Mood::Forgetful => Err(refused(Reason::Unavailable)),
                Mood::Stuck => std::future::pending().await,
                _ if good => Ok(Response::new(AppendResponse::default())),
                _ => Err(refused(Reason::Invalid)),
            }
        }

        async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
            Err(refused(Reason::NotFound))
        }
    } others Err(refused(Reason::NotFound)) => {
        list_events(ListEventsRequest) -> EventList;
        get_event(GetEventRequest) -> EventRecord;
        list_hooks(ListHooksRequest) -> HookList;
        get_hook(GetHookRequest) -> Hook;
        create_hook(CreateHookRequest) -> Hook;
        update_hook(UpdateHookRequest) -> Hook;
        delete_hook(DeleteHookRequest) -> Hook;
        ping_hook(PingHookRequest) -> Notification;
        rotate_hook_secret(RotateHookSecretRequest) -> Hook;
        list_notifications(ListNotificationsRequest) -> NotificationList;
        get_notification(GetNotificationRequest) -> Notification;
        replay_notification(ReplayNotificationRequest) -> Notification;
        create_replay(CreateReplayRequest) -> Replay;
        list_smtp_providers(ListSmtpProvidersRequest) -> SmtpProviderList;
        get_smtp_provider(GetSmtpProviderRequest) -> SmtpProvider;
        create_smtp_provider(CreateSmtpProviderRequest) -> SmtpProvider;
        update_smtp_provider(UpdateSmtpProviderRequest) -> SmtpProvider;
        delete_smtp_provider(DeleteSmtpProviderRequest) -> SmtpProvider;
        list_mailing_list_providers(ListMailingListProvidersRequest) -> MailingListProviderList;
        get_mailing_list_provider(GetMailingListProviderRequest) -> MailingListProvider;
        create_mailing_list_provider(CreateMailingListProviderRequest) -> MailingListProvider;
        update_mailing_list_provider(UpdateMailingListProviderRequest) -> MailingListProvider;
        delete_mailing_list_provider(DeleteMailingListProviderRequest) -> MailingListProvider;
        list_mailing_list_subscriptions(ListMailingListSubscriptionsRequest) -> MailingListSubscriptionList;
        get_mailing_list_subscription(GetMailingListSubscriptionRequest) -> MailingListSubscription;
        create_mailing_list_subscription(CreateMailingListSubscriptionRequest) -> MailingListSubscription;
        update_mailing_list_subscription(UpdateMailingListSubscriptionRequest) -> MailingListSubscription;
        delete_mailing_list_subscription(DeleteMailingListSubscriptionRequest) -> MailingListSubscription;
        get_event_retention(GetEventRetentionRequest) -> EventRetention;
        update_event_retention(UpdateEventRetentionRequest) -> EventRetention;
        wipe_realm(WipeRealmRequest) -> WipeRealmResponse;
    }
}
