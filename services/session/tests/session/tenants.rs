//! T-03: what belongs to another realm answers exactly like what does not exist.

use gantry_kernel::{Problem, Reason};
use gantry_proto::session::v2::{
    CheckSessionRequest, CheckSessionResponse, CreateSessionRequest, DeleteLoginSessionRequest, DeleteSessionRequest,
    GetSessionRequest, ListSessionsRequest, SessionInput,
};

use super::stage::{Stage, as_browser, as_writer, realm, record, told};

#[tokio::test]
async fn t_03_a_foreign_session_answers_like_an_unknown_one() {
    let stage = Stage::new().await;
    let (mine, theirs) = (realm(1), realm(2));
    let foreign = stage.open(&stage.user(&theirs, 2)).await.unwrap();
    // Genuine in form: the key of a session that has ended.
    let unknown = stage.open(&stage.user(&mine, 1)).await.unwrap();
    let end = |id: &str| DeleteSessionRequest {
        id: id.to_owned(),
        ..DeleteSessionRequest::default()
    };
    told(stage.client().delete_session(as_writer(end(&unknown.id), &mine)).await).unwrap();

    let mut answers: Vec<Vec<Option<Problem>>> = Vec::new();
    for session in [&foreign, &unknown] {
        let mut client = stage.client();
        let mut said = Vec::new();
        for id in [
            session.id.as_str(),
            record(&session.id),
            session.token.as_deref().unwrap(),
        ] {
            let get = GetSessionRequest {
                id: id.to_owned(),
                expand: vec!["token".to_owned()],
                realm_id: None,
            };
            said.push(told(client.get_session(as_writer(get, &mine)).await).err());
            said.push(told(client.delete_session(as_writer(end(id), &mine)).await).err());
        }
        said.push(stage.look(&mine, &session.id, None).await.err());
        let check = CheckSessionRequest {
            session: session.id.clone(),
            realm_id: None,
        };
        let checked = told(client.check_session(as_writer(check, &mine)).await).unwrap();
        assert_eq!(checked, CheckSessionResponse::default());
        let leave = DeleteLoginSessionRequest {
            session: Some(session.id.clone()),
        };
        let left = told(client.delete_login_session(as_browser(leave, &mine, "")).await).unwrap();
        assert_eq!(left.result, "okay");
        answers.push(said);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().all(Option::is_some));
    // It is untouched.
    assert_eq!(
        stage.look(&theirs, &foreign.id, None).await.unwrap().result,
        "full_login"
    );
}

#[tokio::test]
async fn t_03_a_locked_key_reaches_no_other_realm_by_naming_it() {
    let stage = Stage::new().await;
    let (mine, theirs) = (realm(1), realm(2));
    let user = stage.user(&theirs, 2);
    let foreign = stage.open(&user).await.unwrap();
    let named = Some(theirs.as_str().to_owned());
    let mut client = stage.client();
    let list = ListSessionsRequest {
        realm_id: named.clone(),
        ..ListSessionsRequest::default()
    };
    let get = GetSessionRequest {
        id: foreign.id.clone(),
        realm_id: named.clone(),
        ..GetSessionRequest::default()
    };
    let create = CreateSessionRequest {
        session: Some(SessionInput {
            user_id: Some(user.user_id.clone()),
        }),
        realm_id: named,
        ..CreateSessionRequest::default()
    };
    let said = [
        told(client.list_sessions(as_writer(list, &mine)).await).err(),
        told(client.get_session(as_writer(get, &mine)).await).err(),
        told(client.create_session(as_writer(create, &mine)).await).err(),
    ];
    for problem in said {
        assert_eq!(problem.unwrap().reason, Reason::NotFound);
    }
    assert_eq!(stage.texts("SELECT id AS text FROM session_sessions").await.len(), 1);
}

#[tokio::test]
async fn t_03_a_foreign_user_gets_no_session_and_shows_none() {
    let stage = Stage::new().await;
    let (mine, theirs) = (realm(1), realm(2));
    let user = stage.user(&theirs, 2);
    stage.open(&user).await.unwrap();
    let mut problems = Vec::new();
    for user_id in [user.user_id.as_str(), "usr_0000000000000000000099"] {
        let create = CreateSessionRequest {
            session: Some(SessionInput {
                user_id: Some(user_id.to_owned()),
            }),
            ..CreateSessionRequest::default()
        };
        problems.push(told(stage.client().create_session(as_writer(create, &mine)).await).unwrap_err());
        let list = ListSessionsRequest {
            user_id: Some(user_id.to_owned()),
            ..ListSessionsRequest::default()
        };
        let listed = told(stage.client().list_sessions(as_writer(list, &mine)).await).unwrap();
        assert_eq!(listed.collection, []);
    }
    assert_eq!(problems[0], problems[1]);
}
