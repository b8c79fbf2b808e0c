//! T-01: every rpc and every kind of caller. The table below is written by hand, so that a new rpc without an entry fails here.

use gantry_kernel::{Problem, Reason};
use gantry_locales::{Locale, t};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Permission, ROUTES, RPCS, Route, Rpc};
use reqwest::Method;
use serde_json::Value;

use crate::common::{App, Grpc, Reply, TestRealm};

/// The least that somebody must be to call an rpc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Least {
    /// Whoever comes to a realm's host.
    Anyone,
    /// The holder of a live session.
    Session,
    /// A key.
    Read,
    Write,
    Manage,
    /// This installation's own services.
    Service,
}
use Least::{Anyone, Manage, Read, Service, Session, Write};

const TABLE: &[(&str, Least)] = &[
    ("Auth/ListRealms", Read),
    ("Auth/GetRealm", Read),
    ("Auth/CreateRealm", Manage),
    ("Auth/UpdateRealm", Manage),
    ("Auth/DeleteRealm", Manage),
    ("Auth/ResetRealm", Manage),
    ("Auth/ListUsers", Read),
    ("Auth/GetUser", Read),
    ("Auth/CreateUser", Write),
    ("Auth/AuthenticateUser", Write),
    ("Auth/UpdateUser", Write),
    ("Auth/DeleteUser", Write),
    ("Auth/UpdateUserPassword", Write),
    ("Auth/UpdateUserProfile", Write),
    ("Auth/ResetPasswordWithToken", Write),
    ("Auth/AcceptInvitation", Write),
    ("Auth/AuthenticateToken", Write),
    ("Auth/GenerateRecoveryCodes", Write),
    ("Auth/GetCredential", Read),
    ("Auth/CreateCredential", Write),
    ("Auth/UpdateCredential", Write),
    ("Auth/DeleteCredential", Write),
    ("Auth/VerifyCredential", Write),
    ("Auth/ListAuthProviders", Manage),
    ("Auth/GetAuthProvider", Manage),
    ("Auth/CreateAuthProvider", Manage),
    ("Auth/UpdateAuthProvider", Manage),
    ("Auth/DeleteAuthProvider", Manage),
    ("Auth/ListAuthorizeUrls", Read),
    ("Auth/GetAuthorizeUrl", Read),
    ("Auth/AuthorizeCode", Write),
    ("Auth/AuthorizeToken", Write),
    ("Auth/ListOrgs", Read),
    ("Auth/GetOrg", Read),
    ("Auth/CreateOrg", Write),
    ("Auth/UpdateOrg", Write),
    ("Auth/DeleteOrg", Write),
    ("Auth/ListMemberships", Read),
    ("Auth/GetMembership", Read),
    ("Auth/CreateMembership", Write),
    ("Auth/UpdateMembership", Write),
    ("Auth/DeleteMembership", Write),
    ("Auth/ListInvitations", Read),
    ("Auth/GetInvitation", Read),
    ("Auth/CreateInvitation", Write),
    ("Auth/UpdateInvitation", Write),
    ("Auth/DeleteInvitation", Write),
    ("Auth/SendInvitation", Write),
    ("Auth/ListClientApps", Manage),
    ("Auth/GetClientApp", Manage),
    ("Auth/CreateClientApp", Manage),
    ("Auth/ListDomains", Manage),
    ("Auth/GetDomain", Manage),
    ("Auth/CreateDomain", Manage),
    ("Auth/RequestEmailVerification", Write),
    ("Auth/VerifyEmail", Write),
    ("Auth/GeneratePasswordToken", Write),
    ("Auth/UpdateClientApp", Manage),
    ("Auth/DeleteClientApp", Manage),
    ("Auth/UpdateDomain", Manage),
    ("Auth/DeleteDomain", Manage),
    ("Auth/VerifyDomain", Manage),
    ("Auth/GetNamedPermission", Manage),
    ("Auth/CreateNamedPermission", Manage),
    ("Auth/UpdateNamedPermission", Manage),
    ("Auth/DeleteNamedPermission", Manage),
    ("Auth/GetResourceLink", Manage),
    ("Auth/CreateResourceLink", Manage),
    ("Auth/UpdateResourceLink", Manage),
    ("Auth/DeleteResourceLink", Manage),
    ("Auth/Login", Anyone),
    ("Auth/VerifyLogin", Anyone),
    ("Auth/ForgotPassword", Anyone),
    ("Auth/ResetPassword", Anyone),
    ("Auth/ChangePassword", Session),
    ("Auth/UpdateProfile", Session),
    ("Auth/RequestInvitation", Anyone),
    ("Auth/Signup", Anyone),
    ("Auth/ConfirmEmail", Anyone),
    ("Auth/StartEmailLogin", Anyone),
    ("Auth/FinishEmailLogin", Anyone),
    ("Auth/StartPasskeyRegistration", Session),
    ("Auth/FinishPasskeyRegistration", Session),
    ("Auth/ListPasskeys", Session),
    ("Auth/DeletePasskey", Session),
    ("Auth/StartPasskeyLogin", Anyone),
    ("Auth/FinishPasskeyLogin", Anyone),
    ("Auth/ResolveKey", Service),
    ("Auth/ResolveHost", Service),
    ("Auth/DescribeLogin", Service),
    ("Auth/DescribeRealm", Service),
    ("Auth/DescribeRecipient", Service),
    ("Auth/GetVersions", Service),
    ("Auth/FindCertificates", Service),
    ("Auth/CheckClient", Service),
    ("Session/ListSessions", Read),
    ("Session/GetSession", Read),
    ("Session/CreateSession", Write),
    ("Session/DeleteSession", Write),
    ("Session/GetLoginSession", Session),
    ("Session/DeleteLoginSession", Anyone),
    ("Session/GetJwks", Anyone),
    ("Session/CheckToken", Read),
    ("Session/CheckSession", Read),
    ("Session/FindSession", Service),
    ("Session/OpenSession", Service),
    ("Session/EndSessions", Service),
    ("Session/WipeRealm", Service),
    ("Session/ListJwtKeys", Manage),
    ("Session/GetJwtKey", Manage),
    ("Session/CreateJwtKey", Manage),
    ("Session/ActivateJwtKey", Manage),
    ("Session/DeleteJwtKey", Manage),
    ("Session/CreateOauth2Session", Write),
    ("Session/GetOauth2Session", Read),
    ("Session/ExchangeOauth2Code", Write),
    ("Session/GetStamps", Service),
    ("Session/ProvideKey", Service),
    ("Event/ListEvents", Read),
    ("Event/GetEvent", Read),
    ("Event/GetEventRetention", Manage),
    ("Event/UpdateEventRetention", Manage),
    ("Event/ExportEvents", Read),
    ("Event/Watch", Read),
    ("Event/Append", Service),
    ("Event/WipeRealm", Service),
    ("Event/ListHooks", Manage),
    ("Event/GetHook", Manage),
    ("Event/CreateHook", Manage),
    ("Event/UpdateHook", Manage),
    ("Event/DeleteHook", Manage),
    ("Event/PingHook", Manage),
    ("Event/RotateHookSecret", Manage),
    ("Event/ListNotifications", Read),
    ("Event/GetNotification", Read),
    ("Event/ReplayNotification", Manage),
    ("Event/CreateReplay", Manage),
    ("Event/ListSmtpProviders", Manage),
    ("Event/GetSmtpProvider", Manage),
    ("Event/CreateSmtpProvider", Manage),
    ("Event/UpdateSmtpProvider", Manage),
    ("Event/DeleteSmtpProvider", Manage),
    ("Event/ListMailingListProviders", Manage),
    ("Event/GetMailingListProvider", Manage),
    ("Event/CreateMailingListProvider", Manage),
    ("Event/UpdateMailingListProvider", Manage),
    ("Event/DeleteMailingListProvider", Manage),
    ("Event/ListMailingListSubscriptions", Manage),
    ("Event/GetMailingListSubscription", Manage),
    ("Event/CreateMailingListSubscription", Manage),
    ("Event/UpdateMailingListSubscription", Manage),
    ("Event/DeleteMailingListSubscription", Manage),
];

fn name(rpc: &Rpc) -> String {
    format!("{}/{}", rpc.service.rsplit('.').next().unwrap(), rpc.method)
}

fn least(rpc: &Rpc) -> Least {
    let name = name(rpc);
    let found = TABLE.iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("{name} is in the contract, but not in the table of T-01: say who may call it"))
        .1
}

/// Refusals of a caller, whatever the call would have come to.
const REFUSED: [Reason; 5] = [
    Reason::KeyMissing,
    Reason::KeyWrong,
    Reason::PermissionMissing,
    Reason::SessionInvalid,
    Reason::PeerUnknown,
];

const PERMISSIONS: [(&str, Least); 3] = [("read", Read), ("write", Write), ("manage", Manage)];

fn may(key: Least, needed: Least) -> bool {
    let rank = |least| [Read, Write, Manage].iter().position(|known| *known == least);
    match needed {
        // Over gRPC whoever may read the realm stands for its visitors.
        Anyone => true,
        Service => false,
        Session => false,
        needed => rank(key) >= rank(needed),
    }
}

/// Everything that a realm holds, to be compared before and after.
async fn state(app: &App, realm: &TestRealm<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    for list in [
        "realms",
        "users",
        "orgs",
        "invitations",
        "client_apps",
        "domains",
        "auth_providers",
        "sessions",
        "events",
        "hooks",
        "smtp_providers",
        "mailing_list_providers",
        "mailing_list_subscriptions",
        "jwt_keys",
    ] {
        let path = format!("/v2/{list}?realm_id={}&max_results=1000", realm.id);
        all.push(app.get(&path).await.expect(200));
    }
    all
}

#[test]
fn t_01_the_table_and_the_contract_name_the_same_rpcs() {
    let mut contract: Vec<_> = RPCS.iter().map(name).collect();
    let mut table: Vec<_> = TABLE.iter().map(|(name, _)| (*name).to_owned()).collect();
    contract.sort();
    table.sort();
    assert_eq!(table, contract);
    for rpc in RPCS {
        let said = match (rpc.access, rpc.permission) {
            (Access::Anyone, Permission::Unspecified) => Anyone,
            (Access::Session, Permission::Unspecified) => Session,
            (Access::Service, Permission::Unspecified) => Service,
            (Access::Key, Permission::Read) => Read,
            (Access::Key, Permission::Write) => Write,
            (Access::Key, Permission::Manage) => Manage,
            other => panic!("{}: {other:?} is no rule", name(rpc)),
        };
        assert_eq!(said, least(rpc), "{}", name(rpc));
    }
    for route in ROUTES {
        assert_ne!(
            least(route.rpc),
            Service,
            "{} {} is for our own services alone",
            route.verb,
            route.path
        );
    }
}

#[tokio::test]
async fn t_01_over_grpc_every_rpc_refuses_who_may_not() {
    let app =
        App::start_with(|config| config.cluster.secret = Some(gantry_kernel::Secret::new("cluster-secret"))).await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let plain = Grpc::to(&app, &[]);
    let claim = |access: Access| {
        let claimed = Caller {
            access: access as i32,
            permission: Permission::Manage as i32,
            realm_id: realm.id.clone(),
            ..Caller::default()
        };
        gantry_rpc::caller_header(&claimed).to_str().unwrap().to_owned()
    };
    let (service, manager) = (claim(Access::Service), claim(Access::Key));
    let mut keys = Vec::new();
    for (permission, rank) in PERMISSIONS {
        keys.push((rank, app.key(permission, None).await));
    }
    let locked = app.key("manage", Some(&other.id)).await;
    let before = [state(&app, &realm).await, state(&app, &other).await];

    for rpc in RPCS {
        let (name, least) = (name(rpc), least(rpc));
        let reason = async |metadata: &[(&str, &str)]| plain.with(metadata).reason(rpc).await;
        assert_eq!(reason(&[]).await, Some(Reason::KeyMissing), "{name}, nobody");
        assert_eq!(
            reason(&[("authrocket-api-key", "ks_wrong")]).await,
            Some(Reason::KeyWrong),
            "{name}, wrong key"
        );
        let basic = [("authorization", "Basic a3M6")];
        assert_eq!(reason(&basic).await, Some(Reason::KeyMissing), "{name}, no bearer");
        for claimed in [&service, &manager] {
            let alone = [("gantry-caller-bin", claimed.as_str())];
            assert_eq!(
                reason(&alone).await,
                Some(Reason::KeyMissing),
                "{name}, an outsider's word"
            );
            let guessed = [("gantry-caller-bin", claimed.as_str()), ("gantry-cluster", "guess")];
            assert_eq!(
                reason(&guessed).await,
                Some(Reason::PeerUnknown),
                "{name}, wrong secret"
            );
            let empty = [("gantry-caller-bin", claimed.as_str()), ("gantry-cluster", "")];
            assert_eq!(reason(&empty).await, Some(Reason::PeerUnknown), "{name}, empty secret");
        }
        for (rank, key) in keys.iter().filter(|(rank, _)| !may(*rank, least)) {
            let metadata = [
                ("authrocket-api-key", key.as_str()),
                ("authrocket-realm", realm.id.as_str()),
            ];
            let expected = if least == Session {
                Reason::SessionInvalid
            } else {
                Reason::PermissionMissing
            };
            assert_eq!(reason(&metadata).await, Some(expected), "{name}, {rank:?}");
            // What a key's holder says of itself changes nothing.
            let claims = [metadata[0], metadata[1], ("gantry-caller-bin", service.as_str())];
            assert_eq!(
                reason(&claims).await,
                Some(expected),
                "{name}, {rank:?} and an outsider's word"
            );
        }
        let foreign = reason(&[("authrocket-api-key", &locked), ("authrocket-realm", &realm.id)]).await;
        let expected = match name.as_str() {
            "Auth/ListRealms" => None,
            "Auth/CreateRealm" => Some(Reason::PermissionMissing),
            _ if least == Service => Some(Reason::PermissionMissing),
            _ => Some(Reason::NotFound),
        };
        assert_eq!(foreign, expected, "{name}, another realm's key");
    }
    assert_eq!([state(&app, &realm).await, state(&app, &other).await], before);

    for rpc in RPCS {
        let (name, least) = (name(rpc), least(rpc));
        for (rank, key) in keys.iter().filter(|(rank, _)| may(*rank, least)) {
            let metadata = [
                ("authrocket-api-key", key.as_str()),
                ("authrocket-realm", realm.id.as_str()),
            ];
            let told = plain.with(&metadata).reason(rpc).await;
            // Whoever signs out without a session is told so.
            let let_in = told.is_none_or(|told| !REFUSED.contains(&told)) || name == "Session/DeleteLoginSession";
            assert!(let_in, "{name}, {rank:?}: {told:?}");
        }
        let peer = plain.with(&[("gantry-cluster", "cluster-secret"), ("gantry-caller-bin", &service)]);
        let peer = peer.reason(rpc).await;
        assert_eq!(
            peer == Some(Reason::PermissionMissing),
            least != Service,
            "{name}, a peer: {peer:?}"
        );
    }
    // Whoever names no realm to delete or wipe deletes none, not the one of their header either.
    app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200);
}

/// A request of a route that lacks nothing but good reason.
fn request(route: &Route) -> (Method, String) {
    let id = "x0000000000000000000000000";
    (route.verb.parse().unwrap(), route.path.replace("{id}", id))
}

#[track_caller]
fn refused(reply: &Reply, reason: Reason, who: &str) {
    let text = t(Locale::En, &format!("error.{}", reason.key()), &[]);
    assert_eq!(reply.errors(reason.http()), [text], "{who}");
}

// A test for each verb: side by side they take no longer than the longest.
#[tokio::test]
async fn t_01_over_http_every_route_that_reads_refuses_who_may_not() {
    every_route_refuses("GET").await;
}

#[tokio::test]
async fn t_01_over_http_every_route_that_acts_refuses_who_may_not() {
    every_route_refuses("POST").await;
}

#[tokio::test]
async fn t_01_over_http_every_route_that_changes_refuses_who_may_not() {
    every_route_refuses("PUT").await;
}

#[tokio::test]
async fn t_01_over_http_every_route_that_deletes_refuses_who_may_not() {
    every_route_refuses("DELETE").await;
}

#[test]
fn t_01_no_verb_goes_untried() {
    for route in ROUTES {
        assert!(["GET", "POST", "PUT", "DELETE"].contains(&route.verb), "{}", route.path);
    }
}

async fn every_route_refuses(verb: &str) {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let ended = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    realm.delete(&format!("/v2/session?session={ended}")).await.expect(200);
    let live = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut keys = Vec::new();
    for (permission, rank) in PERMISSIONS {
        keys.push((rank, app.key(permission, None).await));
    }
    let locked = app.key("manage", Some(&other.id)).await;
    let before = state(&app, &other).await;

    for route in ROUTES.iter().filter(|route| route.verb == verb) {
        let (method, path) = request(route);
        let (who, least) = (format!("{method} {path}"), least(route.rpc));
        let at_host = |session: &str| {
            let path = if session.is_empty() {
                path.clone()
            } else {
                format!("{path}?session={session}")
            };
            realm.anyone(method.clone(), &path)
        };
        if !matches!(least, Anyone | Session) {
            refused(
                &app.send(app.anyone(method.clone(), &path)).await,
                Reason::KeyMissing,
                &who,
            );
            let wrong = app.with_key("ks_wrong", method.clone(), &path);
            refused(&app.send(wrong).await, Reason::KeyWrong, &who);
            // A session is no key, at whatever host.
            for session in ["", &ended, &live] {
                refused(&app.send(at_host(session)).await, Reason::KeyMissing, &who);
                let bearer = at_host("").header("authorization", format!("Bearer {session}"));
                let reason = if session.is_empty() {
                    Reason::KeyMissing
                } else {
                    Reason::KeyWrong
                };
                refused(&app.send(bearer).await, reason, &who);
            }
            for (rank, key) in &keys {
                let reply = app
                    .send(
                        app.with_key(key, method.clone(), &path)
                            .header("authrocket-realm", &realm.id),
                    )
                    .await;
                match may(*rank, least) {
                    true => assert_ne!(reply.status, 403, "{who} {rank:?}: {reply:?}"),
                    false => refused(&reply, Reason::PermissionMissing, &who),
                }
            }
            let foreign = app
                .with_key(&locked, method.clone(), &path)
                .header("authrocket-realm", &realm.id);
            let foreign = app.send(foreign).await;
            match (route.verb, route.path) {
                ("GET", "/v2/realms") => {
                    let seen = foreign.expect(200)["collection"].clone();
                    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
                    assert_eq!(seen[0]["id"], other.id);
                }
                ("POST", "/v2/realms") => refused(&foreign, Reason::PermissionMissing, &who),
                _ => refused(&foreign, Reason::NotFound, &who),
            }
            continue;
        }
        // Without a realm's host there is nobody home, whatever the key.
        for key in ["", "ks_wrong", &locked, &keys[2].1] {
            let mut elsewhere = app.anyone(method.clone(), &path);
            if !key.is_empty() {
                elsewhere = elsewhere
                    .header("authrocket-api-key", key)
                    .header("authrocket-realm", &realm.id);
            }
            refused(&app.send(elsewhere).await, Reason::NotFound, &who);
        }
        if least == Session {
            for session in ["", &ended, "kss_1", &live[..26]] {
                refused(&app.send(at_host(session)).await, Reason::SessionInvalid, &who);
            }
            // Keys do not stand in for sessions.
            let with_key = at_host("").header("authrocket-api-key", &keys[2].1);
            refused(&app.send(with_key).await, Reason::SessionInvalid, &who);
            let let_in = app.send(at_host(&live)).await;
            // Whatever the path names is not there.
            let named = let_in.status == 404 && route.path.contains('{');
            assert!(named || [200, 422].contains(&let_in.status), "{who}: {let_in:?}");
        }
    }
    assert_eq!(state(&app, &other).await[1..], before[1..]);
}

#[tokio::test]
async fn t_01_a_problem_over_grpc_says_no_more_than_its_reason() {
    let app = App::start().await;
    let plain = Grpc::to(&app, &[]);
    let problem = plain.call(&RPCS[0]).await.unwrap_err();
    assert_eq!(problem, Problem::new(Reason::KeyMissing));
}
