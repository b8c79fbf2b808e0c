//! Who gets in: T-01, T-03, T-33, T-39, T-41.

use gantry_kernel::{EventId, Id, Reason, SeededRng, SessionId, UserId, base62};
use gantry_proto::Permission;
use gantry_proto::event::v2::{AppendRequest, EventRecord, GetEventRequest, ListEventsRequest, WatchRequest};
use gantry_rpc::{CALLER, CLUSTER, caller_header, from_status};
use gantry_seal::EventTokens;
use tonic::{Request, Status};

use crate::world::{SECRET, World, as_key, stranger, with_key};

fn reason<T>(answer: Result<T, Status>) -> Reason {
    match answer {
        Ok(_) => panic!("it was let in"),
        Err(status) => from_status(&status).reason,
    }
}

#[tokio::test]
async fn t_01_no_key_and_no_known_key_gets_nowhere() {
    let world = World::new().await;
    let started = world.start();
    let realm = world.realm().into_string();
    let mut client = stranger(&started);
    let list = ListEventsRequest {
        realm_id: Some(realm.clone()),
        ..ListEventsRequest::default()
    };
    let get = GetEventRequest {
        id: EventId::from_bits(1).into_string(),
        realm_id: Some(realm.clone()),
    };
    let watch = WatchRequest {
        realm_id: Some(realm),
        ..WatchRequest::default()
    };
    assert_eq!(reason(client.list_events(list.clone()).await), Reason::KeyMissing);
    assert_eq!(reason(client.get_event(get.clone()).await), Reason::KeyMissing);
    assert_eq!(reason(client.watch(watch.clone()).await), Reason::KeyMissing);
    assert_eq!(
        reason(client.append(AppendRequest::default()).await),
        Reason::KeyMissing
    );
    assert_eq!(
        reason(client.list_events(with_key(list, "ks_no")).await),
        Reason::KeyWrong
    );
    assert_eq!(reason(client.get_event(with_key(get, "ks_no")).await), Reason::KeyWrong);
    assert_eq!(reason(client.watch(with_key(watch, "ks_no")).await), Reason::KeyWrong);
    let append = with_key(AppendRequest::default(), "ks_no");
    assert_eq!(reason(client.append(append).await), Reason::KeyWrong);
}

#[tokio::test]
async fn t_01_a_session_opens_nothing_here() {
    let world = World::new().await;
    let mut client = stranger(&world.start());
    let mut request = Request::new(ListEventsRequest::default());
    request
        .metadata_mut()
        .insert("gantry-session", "kss_1".parse().unwrap());
    request
        .metadata_mut()
        .insert("authorization", "Bearer kss_1".parse().unwrap());
    assert_eq!(reason(client.list_events(request).await), Reason::KeyWrong);
}

#[tokio::test]
async fn t_39_no_key_may_append_and_nobody_is_a_service_by_saying_so() {
    let world = World::new().await;
    let started = world.start();
    let realm = world.realm();
    let append = || AppendRequest {
        events: vec![world.event(&realm, "user.created")],
    };
    let mut client = stranger(&started);
    for permission in [Permission::Read, Permission::Write, Permission::Manage] {
        world.auth.add("ks_key", permission, "");
        let refused = reason(client.append(with_key(append(), "ks_key")).await);
        assert_eq!(refused, Reason::PermissionMissing, "{permission:?}");
        let behind_a_gateway = as_key(append(), permission, "");
        let refused = reason(world.service().rpc.append(behind_a_gateway).await);
        assert_eq!(refused, Reason::PermissionMissing, "{permission:?}");
    }
    let service = caller_header(&gantry_proto::options::v1::Caller {
        access: gantry_proto::Access::Service as i32,
        ..Default::default()
    });
    let mut forged = append().into_request_with(CALLER, service.to_str().unwrap());
    assert_eq!(reason(client.append(forged).await), Reason::KeyMissing);
    forged = append().into_request_with(CLUSTER, "guessed");
    assert_eq!(reason(client.append(forged).await), Reason::PeerUnknown);
    // Nothing of all this left a trace.
    let list = ListEventsRequest {
        realm_id: Some(realm.into_string()),
        ..ListEventsRequest::default()
    };
    let listed = client.list_events(with_key(list, "ks_key")).await.unwrap().into_inner();
    assert_eq!(listed.collection, []);
}

trait WithHeader: Sized {
    fn into_request_with(self, name: &'static str, value: &str) -> Request<Self>;
}

impl<T> WithHeader for T {
    fn into_request_with(self, name: &'static str, value: &str) -> Request<Self> {
        let mut request = Request::new(self);
        let mut headers = request.metadata().clone().into_headers();
        headers.insert(name, value.parse().unwrap());
        *request.metadata_mut() = tonic::metadata::MetadataMap::from_headers(headers);
        request
    }
}

#[tokio::test]
async fn t_39_a_service_in_another_process_is_known_by_the_secret() {
    let world = World::new().await;
    let realm = world.realm();
    let append = AppendRequest {
        events: vec![world.event(&realm, "user.created")],
    };
    let request = append.into_request_with(CLUSTER, crate::world::CLUSTER_SECRET);
    let answer = stranger(&world.start()).append(request).await.unwrap().into_inner();
    assert_eq!(answer.stored, 1);
}

#[tokio::test]
async fn t_03_a_foreign_event_is_like_none() {
    let world = World::new().await;
    let service = world.service();
    let (ours, theirs) = (world.realm(), world.realm());
    let foreign = world.event(&theirs, "user.created");
    service.append(std::slice::from_ref(&foreign)).await;
    let mut client = service.rpc.clone();
    let mut get = async |id: &str, realm: Option<&str>| {
        let asked = GetEventRequest {
            id: id.to_owned(),
            realm_id: realm.map(str::to_owned),
        };
        let answer = client.get_event(as_key(asked, Permission::Manage, ours.as_str())).await;
        let status = answer.expect_err("not ours");
        (status.code(), status.message().to_owned(), status.details().to_vec())
    };
    let absent = EventId::from_bits(5).into_string();
    let like_none = get(&absent, None).await;
    assert_eq!(like_none.0, tonic::Code::NotFound);
    assert_eq!(get(&foreign.id, None).await, like_none);
    assert_eq!(get(&foreign.id, Some(theirs.as_str())).await, like_none);
    assert_eq!(get(&absent, Some(theirs.as_str())).await, like_none);
    assert_eq!(get("ev_'; drop table event_events; --", None).await, like_none);
    assert_eq!(get("", None).await, like_none);

    // An account-wide key that asks in one realm does not see another's.
    let asked = GetEventRequest {
        id: foreign.id.clone(),
        realm_id: Some(ours.as_str().to_owned()),
    };
    assert_eq!(
        reason(client.get_event(as_key(asked, Permission::Read, "")).await),
        Reason::NotFound
    );
}

#[tokio::test]
async fn t_03_lists_and_streams_stay_in_their_realm() {
    let world = World::new().await;
    let service = world.service();
    let (ours, theirs) = (world.realm(), world.realm());
    let user = Some(world.ids.id::<UserId>().into_string());
    let foreign = EventRecord {
        user_id: user.clone(),
        ..world.event(&theirs, "user.created")
    };
    let mine = EventRecord {
        user_id: user.clone(),
        ..world.event(&ours, "user.created")
    };
    service.append(&[foreign.clone(), mine.clone()]).await;
    for filter in [
        ListEventsRequest::default(),
        ListEventsRequest {
            user_id: user,
            ..Default::default()
        },
        ListEventsRequest {
            event_type: vec!["user".to_owned()],
            ..Default::default()
        },
        ListEventsRequest {
            // Behind a foreign event: an id is only a place.
            after: Some(foreign.id.clone()),
            direction: Some("asc".to_owned()),
            ..Default::default()
        },
    ] {
        let request = as_key(filter.clone(), Permission::Read, ours.as_str());
        let listed = service.rpc.clone().list_events(request).await.unwrap().into_inner();
        let ids: Vec<_> = listed.collection.into_iter().map(|event| event.id).collect();
        assert_eq!(ids, std::slice::from_ref(&mine.id), "{filter:?}");
    }
    let asked = ListEventsRequest {
        realm_id: Some(theirs.as_str().to_owned()),
        ..Default::default()
    };
    let refused = service
        .rpc
        .clone()
        .list_events(as_key(asked, Permission::Manage, ours.as_str()))
        .await;
    assert_eq!(reason(refused), Reason::NotFound);
    let asked = WatchRequest {
        realm_id: Some(theirs.as_str().to_owned()),
        cursor: "0".to_owned(),
        ..Default::default()
    };
    let refused = service
        .rpc
        .clone()
        .watch(as_key(asked, Permission::Manage, ours.as_str()))
        .await;
    assert_eq!(reason(refused), Reason::NotFound);
    let mut watcher = service.watch(&ours, "0").await;
    assert_eq!(watcher.take(1).await[0].1, mine.id);
}

#[tokio::test]
async fn a_call_names_its_realm() {
    let world = World::new().await;
    let asked = as_key(ListEventsRequest::default(), Permission::Read, "");
    assert_eq!(
        reason(world.service().rpc.list_events(asked).await),
        Reason::RealmMissing
    );
}

#[tokio::test]
async fn t_41_hostile_filters_are_refused_by_name() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    service.append(&world.events(&realm, 3)).await;
    let hostile = "x' OR '1'='1";
    let list = |change: &dyn Fn(&mut ListEventsRequest)| {
        let mut asked = ListEventsRequest {
            realm_id: Some(realm.as_str().to_owned()),
            ..Default::default()
        };
        change(&mut asked);
        let mut client = service.rpc.clone();
        async move {
            let status = client.list_events(as_key(asked, Permission::Read, "")).await.err()?;
            let problem = from_status(&status);
            assert_eq!(problem.reason, Reason::Invalid);
            Some(
                problem
                    .violations
                    .into_iter()
                    .map(|v| format!("{}:{}", v.field, v.key))
                    .collect::<Vec<_>>(),
            )
        }
    };
    let text = || Some(hostile.to_owned());
    for (change, expected) in [
        (
            &(|asked: &mut ListEventsRequest| asked.user_id = text()) as &dyn Fn(&mut _),
            "user_id:id_format",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.org_id = text(),
            "org_id:id_format",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.membership_id = text(),
            "membership_id:id_format",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.request_id = text(),
            "request_id:id_format",
        ),
        (&|asked: &mut ListEventsRequest| asked.after = text(), "after:id_format"),
        (
            &|asked: &mut ListEventsRequest| asked.sort = text(),
            "sort:sort_unknown",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.sort = Some("name".to_owned()),
            "sort:sort_unknown",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.direction = text(),
            "direction:direction_unknown",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.expand = vec![hostile.to_owned()],
            "expand:expand_unknown",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.event_type = vec!["user.%".to_owned()],
            "event_type:invalid_characters",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.created_at_after = Some(f64::NAN),
            "created_at_after:not_a_number",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.max_results = Some(0),
            "max_results:out_of_range",
        ),
        (
            &|asked: &mut ListEventsRequest| asked.max_results = Some(1001),
            "max_results:out_of_range",
        ),
    ] {
        assert_eq!(list(change).await, Some(vec![expected.to_owned()]));
    }
    // A type's wildcards are letters like others, and all that is wrong is told at once.
    let both = list(&|asked: &mut ListEventsRequest| {
        asked.user_id = text();
        asked.max_results = Some(-1);
    });
    assert_eq!(both.await.map(|fields| fields.len()), Some(2));
    for foreign in [world.realm().as_str(), "rl_", hostile, "\0"] {
        let asked = ListEventsRequest {
            realm_id: Some(foreign.to_owned()),
            ..Default::default()
        };
        let answer = service
            .rpc
            .clone()
            .list_events(as_key(asked, Permission::Read, realm.as_str()))
            .await;
        assert_eq!(reason(answer), Reason::NotFound, "{foreign:?}");
    }
}

#[tokio::test]
async fn t_33_what_opens_a_session_is_neither_stored_nor_shown() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let session = world.ids.id::<SessionId>().into_string();
    let leak = EventRecord {
        session_id: Some(format!("{session}{}", base62::encode(1))),
        ..world.event(&realm, "session.deleted")
    };
    let refused = service.rpc.clone().append(AppendRequest { events: vec![leak] }).await;
    assert_eq!(reason(refused), Reason::Invalid);
    let event = EventRecord {
        session_id: Some(session.clone()),
        token: Some("tpw:canary".to_owned()),
        ..world.event(&realm, "session.deleted")
    };
    service.append(std::slice::from_ref(&event)).await;
    let sealed = EventTokens::new(&SECRET);
    let mut good = world.event(&realm, "user.password.resetting");
    good.token = sealed.seal(&good.id, "tpw:canary", &SeededRng::new(1));
    service.append(std::slice::from_ref(&good)).await;
    let show = async |id: &str, permission| {
        let asked = GetEventRequest {
            id: id.to_owned(),
            realm_id: Some(realm.as_str().to_owned()),
        };
        let answer = service.rpc.clone().get_event(as_key(asked, permission, "")).await;
        answer.unwrap().into_inner()
    };
    assert_eq!(show(&good.id, Permission::Read).await.token, None);
    assert_eq!(
        show(&good.id, Permission::Write).await.token.as_deref(),
        Some("tpw:canary")
    );
    // One that came unsealed is not kept at all.
    assert_eq!(show(&event.id, Permission::Manage).await.token, None);
    let shown = show(&event.id, Permission::Read).await;
    assert_eq!(shown.session_id, Some(session));
    assert_eq!(shown.token, None);
    assert_eq!(shown.object, "event");
    assert!(shown.notifications.is_empty());
}
