//! Auth and Event as far as Session talks to them: what a test says about users, and what a test hears of events.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use gantry_kernel::{Problem, Reason};
use gantry_proto::Permission;
use gantry_proto::auth::v2::{DescribeLoginRequest, Membership, MembershipItems, ResolveKeyRequest, ResolvedKey, User};
use gantry_proto::event::v2::{AppendRequest, AppendResponse, EventRecord};
use gantry_proto::session::v2::LoginProfile;
use gantry_rpc::to_status;
use http::{Request, Response};
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tonic::Status;
use tonic::body::Body;
use tonic::server::Grpc;
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

/// An API key that Auth knows: it may read every realm.
pub(crate) const KEY: &str = "ks_known";

/// Auth, as the test says.
#[derive(Clone, Default)]
pub(crate) struct Auth {
    users: Arc<Mutex<HashMap<String, LoginProfile>>>,
    calls: Arc<AtomicUsize>,
}

impl Auth {
    /// Lets a user be known, or known differently.
    pub(crate) fn put(&self, profile: LoginProfile) {
        self.users.lock().insert(profile.user_id.clone(), profile);
    }

    /// Changes what is known about a user.
    pub(crate) fn change(&self, user_id: &str, change: impl FnOnce(&mut LoginProfile)) {
        change(self.users.lock().get_mut(user_id).unwrap());
    }

    /// Forgets a user.
    pub(crate) fn remove(&self, user_id: &str) {
        self.users.lock().remove(user_id);
    }

    /// How often it was asked about a user.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn describe(&self, asked: &DescribeLoginRequest) -> Result<LoginProfile, Problem> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let known = self.users.lock().get(&asked.user_id).cloned();
        let mut profile = known.filter(|p| p.realm_id == asked.realm_id).ok_or(Reason::NotFound)?;
        if asked.select_account {
            let wanted = asked.account.clone();
            if wanted.is_some() && !profile.orgs.iter().any(|org| Some(&org.org_id) == wanted.as_ref()) {
                return Err(Problem::field("account", "account_not_member"));
            }
            profile.account = wanted.or(profile.account).filter(|_| profile.conditions.is_empty());
        } else {
            profile.account = None;
            profile.conditions.clear();
        }
        if asked.with_user {
            profile.user = Some(user(&profile, asked.with_memberships));
        }
        Ok(profile)
    }
}

fn user(profile: &LoginProfile, with_memberships: bool) -> User {
    let membership = |org: &gantry_proto::session::v2::OrgClaim| Membership {
        id: org.membership_id.clone(),
        org_id: org.org_id.clone(),
        ..Membership::default()
    };
    User {
        object: "user".to_owned(),
        id: profile.user_id.clone(),
        name: profile.name.clone(),
        memberships: with_memberships.then(|| MembershipItems {
            items: profile.orgs.iter().map(membership).collect(),
        }),
        ..User::default()
    }
}

impl Service<Request<Body>> for Auth {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/gantry.auth.v2.Auth/DescribeLogin" => {
                    let answer = service_fn(move |asked: tonic::Request<DescribeLoginRequest>| {
                        let told = this.describe(asked.get_ref());
                        async move { told.map(tonic::Response::new).map_err(|problem| to_status(&problem)) }
                    });
                    Grpc::new(ProstCodec::default()).unary(answer, request).await
                }
                "/gantry.auth.v2.Auth/ResolveKey" => {
                    let answer = service_fn(|asked: tonic::Request<ResolveKeyRequest>| async move {
                        let known = asked.get_ref().key == KEY;
                        let key = ResolvedKey {
                            key_id: KEY.to_owned(),
                            permission: Permission::Read as i32,
                            realm_id: String::new(),
                        };
                        let key = known.then_some(key).ok_or_else(|| to_status(&Reason::KeyWrong.into()));
                        key.map(tonic::Response::new)
                    });
                    Grpc::new(ProstCodec::default()).unary(answer, request).await
                }
                other => panic!("session has no business at {other}"),
            })
        })
    }
}

/// Event, which a test listens at.
#[derive(Clone)]
pub(crate) struct Event(UnboundedSender<EventRecord>);

impl Event {
    /// Event, and what it hears.
    pub(crate) fn new() -> (Self, UnboundedReceiver<EventRecord>) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), receiver)
    }
}

impl Service<Request<Body>> for Event {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        assert_eq!(request.uri().path(), "/gantry.event.v2.Event/Append");
        let sender = self.0.clone();
        Box::pin(async move {
            let answer = service_fn(move |told: tonic::Request<AppendRequest>| {
                for event in told.into_inner().events {
                    // A test that has ended listens no more.
                    let _gone = sender.send(event);
                }
                async { Ok::<_, Status>(tonic::Response::new(AppendResponse::default())) }
            });
            Ok(Grpc::new(ProstCodec::default()).unary(answer, request).await)
        })
    }
}
