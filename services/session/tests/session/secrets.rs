//! T-33: what is secret is in no log line, and what is internal in no answer.

use gantry_kernel::Reason;
use gantry_proto::session::v2::{CheckSessionRequest, ListSessionsRequest};
use gantry_testkit::logs::LogBuffer;

use super::stage::{Stage, as_writer, realm, told};
use super::tokens::check;

#[tokio::test]
async fn t_33_no_line_of_the_log_tells_a_secret() {
    let buffer = LogBuffer::default();
    let writer = buffer.clone();
    let config = gantry_telemetry::Config {
        log_filter: "trace".to_owned(),
        ..gantry_telemetry::Config::default()
    };
    // A second subscriber that nobody uses: with one alone, tracing takes the word of whichever test first comes by a line.
    let (_unused, _) = gantry_telemetry::subscriber_to(&config, std::io::sink).unwrap();
    let (dispatch, _guard) = gantry_telemetry::subscriber_to(&config, move || writer.clone()).unwrap();
    let _held = tracing::dispatcher::set_default(&dispatch);

    let stage = Stage::new().await;
    let realm = realm(1);
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.unwrap();
    stage.look(&realm, &opened.id, None).await.unwrap();
    assert!(check(&stage, &realm, &token).await.valid);
    // A failure is where secrets slip out.
    stage.sql("UPDATE session_sessions SET token_sealed = 'broken'").await;
    assert_eq!(
        stage.look(&realm, &opened.id, None).await.unwrap_err().reason,
        Reason::Inconsistent
    );
    stage
        .sql("ALTER TABLE session_sessions RENAME TO canary_in_the_cause")
        .await;
    assert_eq!(
        stage.look(&realm, &opened.id, None).await.unwrap_err().reason,
        Reason::Internal
    );

    let text = buffer.text();
    assert!(text.contains("token_sealed"), "the cause is in the log");
    assert_eq!(
        text.matches("reason=\"inconsistent\"").count() + text.matches("reason=inconsistent").count(),
        1,
        "{text}"
    );
    let (_, code) = opened.id.split_at(26);
    let (_, signature) = token.rsplit_once('.').unwrap();
    for hidden in [code, signature, &token, secret.as_str(), "ana@example.com", "192.0.2.7"] {
        assert!(!text.contains(hidden), "{hidden} is in the log");
    }
}

#[tokio::test]
async fn t_33_no_answer_tells_a_cause() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let opened = stage.open(&stage.user(&realm, 1)).await.unwrap();
    stage
        .sql("ALTER TABLE session_sessions RENAME TO canary_in_the_cause")
        .await;
    let mut client = stage.client();
    let check = CheckSessionRequest {
        session: opened.id,
        realm_id: None,
    };
    let statuses = [
        client.check_session(as_writer(check, &realm)).await.unwrap_err(),
        client
            .list_sessions(as_writer(ListSessionsRequest::default(), &realm))
            .await
            .unwrap_err(),
    ];
    for status in statuses {
        assert_eq!(status.message(), "internal");
        let details = String::from_utf8_lossy(status.details()).into_owned();
        assert!(
            !details.contains("canary") && !details.contains("session_sessions"),
            "{details}"
        );
        assert_eq!(told::<()>(Err(status)).unwrap_err().violations, []);
    }
}
