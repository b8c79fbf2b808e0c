//! A stream outlives the deadline of the call that opened it, in process and over a connection.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, Stream};
use gantry_kernel::{Problem, Reason, Secret};
use gantry_proto::event::v2 as wire;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::event::v2::event_server::{Event, EventServer};
use gantry_proto::event::v2::{ListEventsRequest, WatchRequest, WatchResponse};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Permission};
use gantry_rpc::{
    CALLER, Guard, Listener, Remote, Resolver, ServeError, SessionState, Wire, bind, caller_header, from_status, guard,
    serve,
};
use gantry_testkit::outage::OutageProxy;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

const SECRET: &str = "known to services alone";
/// The deadline of the call that opens the stream: ample for an answer's head.
const DEADLINE: Duration = Duration::from_millis(500);

/// Sends on what the test sends; its other calls never answer.
#[derive(Clone)]
struct Echo(broadcast::Sender<String>);

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
    impl Echo {
        type WatchStream = Pin<Box<dyn Stream<Item = Result<WatchResponse, Status>> + Send>>;
        type ExportEventsStream = tokio_stream::Empty<Result<wire::EventRecord, Status>>;

        async fn export_events(
            &self,
            _: Request<wire::ExportEventsRequest>,
        ) -> Result<Response<Self::ExportEventsStream>, Status> {
            Err(Status::unimplemented("not here"))
        }

        async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
            let sent = BroadcastStream::new(self.0.subscribe());
            let responses = sent.map(|cursor| {
                Ok(WatchResponse {
                    cursor: cursor.unwrap(),
                    event: None,
                })
            });
            Ok(Response::new(Box::pin(responses)))
        }
    } others std::future::pending().await => {
        list_events(ListEventsRequest) -> EventList;
        get_event(GetEventRequest) -> EventRecord;
        append(AppendRequest) -> AppendResponse;
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

struct NoKeys;

impl Resolver for NoKeys {
    fn key<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        std::future::ready(Err(Reason::KeyWrong.into())).boxed()
    }

    fn session<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>> {
        std::future::ready(Err(Reason::SessionInvalid.into())).boxed()
    }
}

fn guarded(echo: &Echo) -> Guard {
    let routes = tonic::service::Routes::new(EventServer::new(echo.clone()));
    guard(routes, Arc::new(NoKeys), Some(Secret::new(SECRET)))
}

fn request<T>(message: T) -> Request<T> {
    let caller = Caller {
        access: Access::Key as i32,
        permission: Permission::Read as i32,
        ..Caller::default()
    };
    let mut request = Request::new(message);
    let mut headers = request.metadata().clone().into_headers();
    headers.insert(CALLER, caller_header(&caller));
    *request.metadata_mut() = MetadataMap::from_headers(headers);
    request.set_timeout(DEADLINE);
    request
}

async fn outlives(wire: Wire, echo: &Echo) {
    let mut client = EventClient::new(wire);
    let late = client.list_events(request(ListEventsRequest::default())).await;
    assert_eq!(from_status(&late.unwrap_err()).reason, Reason::Timeout);
    let mut stream = client
        .watch(request(WatchRequest::default()))
        .await
        .unwrap()
        .into_inner();
    // That this time passes is what is tested.
    tokio::time::sleep(DEADLINE + DEADLINE / 5).await;
    echo.0.send("still here".to_owned()).unwrap();
    let response = stream.message().await.unwrap().unwrap();
    assert_eq!(response.cursor, "still here");
}

/// Serves it on a free port until told to stop.
async fn serving(echo: &Echo) -> (SocketAddr, CancellationToken, JoinHandle<Result<(), ServeError>>) {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = gantry_telemetry::spawn(serve(Listener::Tcp(listener), guarded(echo), None, stop.clone()));
    (addr, stop, served)
}

fn wire_to(addr: SocketAddr) -> Wire {
    let remote = Remote {
        url: format!("http://{addr}"),
        secret: Secret::new(SECRET),
        tls: None,
    };
    Wire::remote(&remote).unwrap()
}

#[tokio::test]
async fn a_stream_in_process_outlives_its_deadline() {
    let echo = Echo(broadcast::channel(8).0);
    outlives(Wire::local(guarded(&echo)), &echo).await;
}

#[tokio::test]
async fn a_stream_over_a_connection_outlives_its_deadline() {
    let echo = Echo(broadcast::channel(8).0);
    let (addr, stop, served) = serving(&echo).await;
    outlives(wire_to(addr), &echo).await;
    stop.cancel();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_within_an_answer_is_a_service_that_is_away() {
    let echo = Echo(broadcast::channel(8).0);
    let (addr, stop, served) = serving(&echo).await;
    let proxy = OutageProxy::start(addr);
    let mut client = EventClient::new(wire_to(proxy.addr()));
    let watched = client.watch(request(WatchRequest::default())).await;
    let mut stream = watched.unwrap().into_inner();
    echo.0.send("begun".to_owned()).unwrap();
    assert_eq!(stream.message().await.unwrap().unwrap().cursor, "begun");
    proxy.cut();
    let broken = stream.message().await.unwrap_err();
    assert_eq!(from_status(&broken).reason, Reason::Unavailable, "{broken:?}");
    stop.cancel();
    served.await.unwrap().unwrap();
}
