//! The Core API (contract 3.5): create, get, list and delete with an API key.

use gantry_kernel::{Id, Reason, UserId};
use gantry_proto::Permission;
use gantry_proto::options::v1::RequestInfo;
use gantry_proto::session::v2::{
    CreateSessionRequest, DeleteSessionRequest, GetSessionRequest, ListSessionsRequest, SessionInput, SessionList,
    SessionRecord,
};

use super::stage::{START, START_S, Stage, as_key, as_writer, realm, record, told, violations};

fn create(user_id: &str) -> CreateSessionRequest {
    CreateSessionRequest {
        session: Some(SessionInput {
            user_id: Some(user_id.to_owned()),
        }),
        request: Some(RequestInfo {
            ip: Some("192.0.2.1".to_owned()),
            client: Some("Phone".to_owned()),
        }),
        ..CreateSessionRequest::default()
    }
}

fn get(id: &str, expand: &[&str]) -> GetSessionRequest {
    GetSessionRequest {
        id: id.to_owned(),
        expand: expand.iter().map(|word| (*word).to_owned()).collect(),
        realm_id: None,
    }
}

#[tokio::test]
async fn create_session_opens_one_for_a_known_user() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let made = told(
        stage
            .client()
            .create_session(as_writer(create(&user.user_id), &realm))
            .await,
    )
    .unwrap();
    assert_eq!(made.object, "session");
    assert_eq!(made.id.len(), 48);
    assert_eq!(
        (made.user_id.as_str(), made.realm_id.as_str()),
        (user.user_id.as_str(), realm.as_str())
    );
    assert_eq!(made.created_at, START as f64 / 1000.0);
    assert_eq!(made.expires_at, START_S + 3600);
    assert!(made.token.is_some());
    assert_eq!(made.client_app_id, None);
    let origin = made.request.clone().unwrap();
    assert_eq!(
        (origin.ip.as_deref(), origin.client.as_deref()),
        (Some("192.0.2.1"), Some("Phone"))
    );
    assert_eq!(made.user.as_ref().unwrap().name, "Ana Ruiz");

    let got = told(
        stage
            .client()
            .get_session(as_writer(get(&made.id, &["token"]), &realm))
            .await,
    )
    .unwrap();
    assert_eq!(got, made);
}

#[tokio::test]
async fn create_session_refuses_and_leaves_nothing_behind() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let sleeper = stage.user(&realm, 1).user_id;
    stage.auth.change(&sleeper, |profile| profile.active = false);
    let unknown = UserId::from_bits(77).into_string();
    let mut nobody = create("");
    nobody.session = None;
    let mut nowhere = create(&sleeper);
    nowhere.request.as_mut().unwrap().ip = Some("here".to_owned());
    let mut strange = create(&sleeper);
    strange.expand = vec!["secrets".to_owned()];
    for (request, expected) in [
        (nobody, "user_id:required"),
        (create(""), "user_id:required"),
        (create(&unknown), "user_id:not_found"),
        (create("usr_'; drop table x"), "user_id:not_found"),
        (create(&sleeper), "user_id:user_inactive"),
        (nowhere, "ip:unknown"),
        (strange, "expand:expand_unknown"),
    ] {
        let problem = told(stage.client().create_session(as_writer(request, &realm)).await).unwrap_err();
        assert_eq!(problem.reason, Reason::Invalid);
        assert_eq!(violations(&problem), [expected]);
    }
    let reader = as_key(create(&sleeper), &realm, Permission::Read);
    let problem = told(stage.client().create_session(reader).await).unwrap_err();
    assert_eq!(problem.reason, Reason::PermissionMissing);
    assert_eq!(stage.texts("SELECT id AS text FROM session_sessions").await, [""; 0]);
}

#[tokio::test]
async fn get_session_takes_key_name_and_token_and_shows_what_is_asked_for() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.clone().unwrap();
    for id in [opened.id.as_str(), record(&opened.id), token.as_str()] {
        let got = told(stage.client().get_session(as_writer(get(id, &[]), &realm)).await).unwrap();
        assert_eq!(got.id, opened.id);
        assert_eq!(got.token, None);
        let shown = got.user.unwrap();
        assert_eq!((shown.id.as_str(), shown.memberships), (user.user_id.as_str(), None));
    }
    let got = told(
        stage
            .client()
            .get_session(as_writer(get(&opened.id, &["token,memberships"]), &realm))
            .await,
    )
    .unwrap();
    assert!(got.token.is_some());
    assert_eq!(got.user.unwrap().memberships.unwrap().items.len(), 2);

    let problem = told(
        stage
            .client()
            .get_session(as_writer(get(&opened.id, &["user"]), &realm))
            .await,
    )
    .unwrap_err();
    assert_eq!(violations(&problem), ["expand:expand_unknown"]);
}

#[tokio::test]
async fn t_33_a_key_that_may_only_read_sees_neither_session_keys_nor_tokens() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    let ask = as_key(get(&opened.id, &["token"]), &realm, Permission::Read);
    let got = told(stage.client().get_session(ask).await).unwrap();
    assert_eq!(got.id, record(&opened.id));
    assert_eq!(got.token, None);
    let listed = list(&stage, as_key(ListSessionsRequest::default(), &realm, Permission::Read)).await;
    assert_eq!(listed.collection[0].id, record(&opened.id));
}

async fn list(stage: &Stage, request: tonic::Request<ListSessionsRequest>) -> SessionList {
    told(stage.client().list_sessions(request).await).unwrap()
}

fn ids(list: &SessionList) -> Vec<&str> {
    list.collection.iter().map(|session| session.id.as_str()).collect()
}

#[tokio::test]
async fn list_sessions_pages_both_ways_through_one_user_or_the_realm() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let (ana, ben) = (stage.user(&realm, 1), stage.user(&realm, 2));
    let mut opened = Vec::new();
    for user in [&ana, &ben, &ana, &ana] {
        opened.push(stage.open(user).await.unwrap().id);
    }
    let all = list(&stage, as_writer(ListSessionsRequest::default(), &realm)).await;
    assert_eq!(ids(&all), opened);
    assert!(!all.more_results);
    assert!(all.collection.iter().all(|session| session.token.is_none()));

    let of = |user: &str, after: Option<&str>, direction: Option<&str>| ListSessionsRequest {
        max_results: Some(2),
        after: after.map(str::to_owned),
        direction: direction.map(str::to_owned),
        sort: Some("id".to_owned()),
        user_id: Some(user.to_owned()),
        realm_id: None,
    };
    let first = list(&stage, as_writer(of(&ana.user_id, None, None), &realm)).await;
    assert_eq!(
        (ids(&first), first.more_results),
        (vec![opened[0].as_str(), &opened[2]], true)
    );
    for after in [opened[2].as_str(), record(&opened[2])] {
        let second = list(&stage, as_writer(of(&ana.user_id, Some(after), None), &realm)).await;
        assert_eq!((ids(&second), second.more_results), (vec![opened[3].as_str()], false));
    }
    let back = list(
        &stage,
        as_writer(of(&ana.user_id, Some(&opened[3]), Some("desc")), &realm),
    )
    .await;
    assert_eq!(
        (ids(&back), back.more_results),
        (vec![opened[2].as_str(), &opened[0]], false)
    );
    for nobody in ["usr_0000000000000000000009", "ana", "usr_' OR 1=1"] {
        let none = list(&stage, as_writer(of(nobody, None, None), &realm)).await;
        assert_eq!(ids(&none), [""; 0]);
    }
}

#[tokio::test]
async fn list_sessions_refuses_what_it_cannot_read() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let request = ListSessionsRequest {
        max_results: Some(0),
        after: Some("kss_x".to_owned()),
        sort: Some("name".to_owned()),
        direction: Some("up".to_owned()),
        ..ListSessionsRequest::default()
    };
    let problem = told(stage.client().list_sessions(as_writer(request, &realm)).await).unwrap_err();
    let all = [
        "max_results:out_of_range",
        "after:id_format",
        "sort:sort_unknown",
        "direction:direction_unknown",
    ];
    assert_eq!(violations(&problem), all);
}

#[tokio::test]
async fn delete_session_ends_it_for_everybody() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    for short in [false, true] {
        let opened = stage.open(&user).await.unwrap();
        let named = if short { record(&opened.id) } else { &opened.id };
        let delete = || DeleteSessionRequest {
            id: named.to_owned(),
            ..DeleteSessionRequest::default()
        };
        let gone = told(stage.client().delete_session(as_writer(delete(), &realm)).await).unwrap();
        let last = SessionRecord {
            token: None,
            ..opened.clone()
        };
        assert_eq!(gone, last);
        let again = told(stage.client().delete_session(as_writer(delete(), &realm)).await).unwrap_err();
        assert_eq!(again.reason, Reason::NotFound);
        let look = stage.look(&realm, &opened.id, None).await.unwrap_err();
        assert_eq!(look.reason, Reason::SessionInvalid);
        for id in [opened.id.as_str(), record(&opened.id), opened.token.as_deref().unwrap()] {
            let got = told(stage.client().get_session(as_writer(get(id, &[]), &realm)).await).unwrap_err();
            assert_eq!(got.reason, Reason::NotFound);
        }
    }
}
