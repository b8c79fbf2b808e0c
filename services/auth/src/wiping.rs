//! Carries out the wiping of a realm, in every service.

use gantry_proto::event::v2 as event;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::session::v2 as session;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_rpc::{Call, internal};

use crate::carry_out::ONE_CALL;
use crate::error::Error;
use crate::service::Auth;

/// How many users go in one transaction, and in how many transactions one try works: little enough that nobody waits for it.
const BATCH: i64 = 250;
const BATCHES: usize = 8;
/// How long one try removes: whoever asked waits for the first, and what went is hidden already.
const ONE_TRY_MS: i64 = 100;

/// A part of the work; tells whether all of it is done. What goes is hidden in every service before anything is removed in this one.
pub(crate) async fn wipe(auth: &Auth, call: &Call, realm: &str, up_to: &str, whole: bool) -> Result<bool, Error> {
    let asked = session::WipeRealmRequest {
        realm_id: realm.to_owned(),
        up_to: up_to.to_owned(),
        whole,
    };
    let mut request = internal(asked, call);
    request.set_timeout(ONE_CALL);
    let ended = SessionClient::new(auth.session.clone()).wipe_realm(request).await?;
    let asked = event::WipeRealmRequest {
        realm_id: realm.to_owned(),
        up_to: up_to.to_owned(),
        whole,
    };
    let mut request = internal(asked, call);
    request.set_timeout(ONE_CALL);
    let forgotten = EventClient::new(auth.event.clone()).wipe_realm(request).await?;
    let start = auth.clock.now_ms();
    for _ in 0..BATCHES {
        if !auth.store.wipe(realm.to_owned(), up_to.to_owned(), BATCH).await? {
            let all = ended.get_ref().done && forgotten.get_ref().done;
            if all && whole {
                auth.store.remove_realm(realm.to_owned()).await?;
            }
            return Ok(all);
        }
        if auth.clock.now_ms().saturating_sub(start) >= ONE_TRY_MS {
            break;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use gantry_kernel::{Id, UserId, base62};

    use crate::rules::cause::Cause;
    use crate::rules::password::PasswordRules;
    use crate::rules::task::{Task, Work};
    use crate::rules::{credential, user};
    use crate::stage::{NOW, Stage};
    use crate::store::{ExternalLogin, ProviderRow, TaskRow, TokenRow, UserChange, UserPatch};

    fn task(stage: &Stage, up_to: &str) -> TaskRow {
        let work = Work::WipeRealm {
            realm_id: stage.realm.as_str().to_owned(),
            up_to: up_to.to_owned(),
            whole: false,
        };
        let cause = Cause::default();
        Task { work, cause }.row(&stage.auth.ids, NOW).unwrap()
    }

    /// Hides all that there is; nobody removes it.
    async fn hide(stage: &Stage, up_to: String) {
        let (realm, task) = (stage.realm.as_str().to_owned(), task(stage, &up_to));
        assert!(stage.auth.store.mark_wiped(realm, up_to, task).await.unwrap().is_some());
    }

    fn login(stage: &Stage, provider: &ProviderRow, email: &str) -> ExternalLogin {
        let input = user::Input {
            email: Some(email.to_owned()),
            email_verification: Some("verified".to_owned()),
            ..user::Input::default()
        };
        let (id, rules): (UserId, _) = (stage.auth.ids.id(), PasswordRules::default());
        let user = user::new(input, &id, &stage.realm, &rules, NOW).unwrap().row;
        let mut credential = credential::row(&stage.auth.ids, &user.id, provider, String::new(), NOW);
        credential.provider_user_id = Some("theirs".to_owned());
        ExternalLogin {
            state: None,
            email_verified: true,
            user,
            credential,
            cause: Cause::default(),
            holder: "test".to_owned(),
            events: Vec::new(),
        }
    }

    #[tokio::test]
    async fn who_is_hidden_stands_in_nobody_s_way() {
        let stage = Stage::new().await;
        let (store, realm) = (&stage.auth.store, stage.realm.as_str().to_owned());
        let provider = store.find_provider(realm.clone(), "password".to_owned()).await;
        let provider = provider.unwrap().unwrap();
        let sign_in = async |email: &str| {
            let login = login(&stage, &provider, email);
            let found = store.external_sign_in(login, stage.auth.ids.clone()).await.unwrap();
            found.user
        };
        for email in ["ana@b.example", "bob@b.example"] {
            stage.user(email, None).await;
        }
        let before = sign_in("eve@b.example").await;
        assert_eq!(sign_in("eve@b.example").await.id, before.id);
        hide(&stage, base62::encode(stage.auth.ids.next())).await;

        let mut user = stage.user("new@b.example", None).await;
        for email in ["ana@b.example", "bob@b.example"] {
            let patch = UserPatch {
                email: (email == "ana@b.example").then(|| email.to_owned()),
                email_pending: Some(Some(email.to_owned())),
                updated_at: NOW,
                ..UserPatch::default()
            };
            let change = UserChange {
                realm_id: realm.clone(),
                id: user.id.clone(),
                patch,
                credential: None,
                tokens: Vec::new(),
                task: None,
            };
            user = store
                .set_user(change, "test".to_owned(), Vec::new())
                .await
                .unwrap()
                .unwrap();
        }
        let token = TokenRow {
            token_hash: "hash".to_owned(),
            realm_id: realm.clone(),
            user_id: user.id.clone(),
            purpose: "tue".to_owned(),
            email: "bob@b.example".to_owned(),
            detail: None,
            expires_at: NOW + 1,
            created_at: NOW,
        };
        store
            .add_token(token.clone(), "test".to_owned(), Vec::new())
            .await
            .unwrap();
        let moved = store
            .move_email(token, NOW, "test".to_owned(), Vec::new())
            .await
            .unwrap();
        assert_eq!(moved.email, "bob@b.example");
        // The provider's user is somebody new, by another address and by the old one.
        let after = sign_in("eva@b.example").await;
        assert_ne!(after.id, before.id);
        assert_eq!(after.email, "eva@b.example");
        stage.user("eve@b.example", None).await;
    }

    #[tokio::test]
    async fn a_reset_by_a_clock_that_is_behind_brings_nobody_back() {
        let stage = Stage::new().await;
        let ana = stage.user("ana@b.example", None).await;
        let late = base62::encode(stage.auth.ids.next());
        hide(&stage, late).await;
        let early = UserId::from_bits(1).into_string();
        hide(&stage, early.strip_prefix(UserId::PREFIX).unwrap().to_owned()).await;
        let found = stage.auth.store.find_user(ana.realm_id, ana.id, ana.email).await;
        assert!(found.unwrap().is_none());
    }
}
