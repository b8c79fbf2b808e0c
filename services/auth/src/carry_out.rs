//! Carries out what a change in Auth makes other services do (see `rules/task.rs`).

use std::time::Duration;

use gantry_proto::options::v1::Caller;
use gantry_proto::session::v2::EndSessionsRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_rpc::{Call, internal};
use tonic::Status;

use crate::convert;
use crate::error::Error;
use crate::on_request;
use crate::rules::task::{Task, Work};
use crate::service::Auth;
use crate::store::TaskRow;
use crate::wiping::wipe;

/// How long one call to another service may take.
pub(crate) const ONE_CALL: Duration = Duration::from_secs(5);
/// Calls for one task before its caller is answered; the rest is done in the background.
const CALLS: u32 = 2;

/// Carries out a task that a change has just committed, and forgets it. When the other service is away, or there is very much to do,
/// the task stays for the background: the change itself stands.
pub(crate) async fn at_once(auth: &Auth, row: TaskRow) {
    match carry_out(auth, &row).await {
        Ok(true) => {}
        Ok(false) => {
            let now = auth.clock.now_ms();
            if let Err(error) = auth.store.take_up_task(row, now).await {
                tracing::warn!(error = ?error, "a task waits longer than it should");
            }
            auth.tasks.notify_one();
        }
        Err(error) => tracing::warn!(task = row.id, error = ?error, "a task waits for another try"),
    }
}

/// Carries out a task; tells whether it is done, and then it is forgotten.
pub(crate) async fn carry_out(auth: &Auth, row: &TaskRow) -> Result<bool, Error> {
    let task = Task::of(row)?;
    let done = match &task.work {
        Work::EndSessions {
            realm_id,
            user_id,
            keep,
            opened_by_ms,
        } => {
            let asked = EndSessionsRequest {
                realm_id: realm_id.clone(),
                user_id: user_id.clone(),
                keep: keep.clone(),
                opened_by_ms: *opened_by_ms,
                request: Some(convert::request_info(&task.cause)),
            };
            end_sessions(auth, &task, asked).await?
        }
        Work::WipeRealm { realm_id, up_to, whole } => {
            wipe(auth, &call(&task, realm_id), realm_id, up_to, *whole).await?
        }
        Work::ResetPassword { realm_id, who } => {
            on_request::reset_password(auth, &task.cause, realm_id, who).await?;
            true
        }
        Work::SignInByMail { realm_id, who, handle } => {
            on_request::sign_in_by_mail(auth, &task.cause, realm_id, who, handle.as_deref()).await?;
            true
        }
        Work::Invite {
            realm_id,
            invitation_type,
            email,
            locale,
        } => {
            let wanted = on_request::Wanted {
                kind: invitation_type,
                email,
                locale,
            };
            on_request::invite(auth, &task.cause, realm_id, wanted).await?;
            true
        }
    };
    if done {
        auth.store.remove_task(row.id.clone()).await?;
    }
    Ok(done)
}

async fn end_sessions(auth: &Auth, task: &Task, asked: EndSessionsRequest) -> Result<bool, Status> {
    let mut session = SessionClient::new(auth.session.clone());
    for _ in 0..CALLS {
        let mut request = internal(asked.clone(), &call(task, &asked.realm_id));
        request.set_timeout(ONE_CALL);
        if !session.end_sessions(request).await?.into_inner().more {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The call that a task was written for, as far as it is remembered.
fn call(task: &Task, realm: &str) -> Call {
    let mut call = Call::default();
    call.caller = Caller {
        realm_id: realm.to_owned(),
        ..Caller::default()
    };
    call.request_id.clone_from(&task.cause.request_id);
    call
}
