//! `GetStamps`: what remembered answers depend on, at this moment (docs/adr/0008-answers-remembered-by-version.md).

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use gantry_kernel::Reason;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{GetVersionsRequest, Version};
use gantry_proto::session::v2::{GetStampsRequest, GetStampsResponse, Stamp, Stamped};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::{Failure, Result};
use crate::rules::rotation::retiring;
use crate::rules::{Audience, marked_end, token_stays_until};
use crate::state::State;
use crate::store::{KeyHead, SessionHead};

/// Stamps that are asked for at once at the most.
const MOST: usize = 1000;

/// Tells a stamp for each that is asked for; one that is good for nothing where realm, session or user is not there.
pub(super) async fn get_stamps(state: &State, request: Request<GetStampsRequest>) -> Result<GetStampsResponse> {
    Call::of(&request)?;
    let asked = request.into_inner().asked;
    if asked.len() > MOST {
        return Err(Reason::Malformed.into());
    }
    let found = Found::of(state, &asked).await?;
    let stamps = asked.iter().zip(&found.records);
    Ok(GetStampsResponse {
        stamps: stamps
            .map(|(asked, record)| found.stamp(asked, record.as_deref()).unwrap_or_default())
            .collect(),
    })
}

/// What the answers are made from, as it is now.
struct Found {
    /// Of each that was asked for, the record that its session key opens.
    records: Vec<Option<String>>,
    sessions: HashMap<String, (SessionHead, Vec<KeyHead>)>,
    /// The keys of realms that are asked for by themselves.
    keys: HashMap<String, Vec<KeyHead>>,
    now: i64,
    versions: HashMap<String, Version>,
}

impl Found {
    async fn of(state: &State, asked: &[Stamped]) -> Result<Self> {
        let open = |asked: &Stamped| state.session_keys.open(&asked.session).map(|id| id.into_string());
        let records: Vec<Option<String>> = asked.iter().map(open).collect();
        let now = state.now();
        let (sessions, keys) = futures::try_join!(sessions(state, &records, now), keys(state, asked))?;
        let users = sessions.values().map(|(session, _)| session.user_id.clone());
        let realms = asked.iter().map(|asked| asked.realm_id.clone());
        let versions = versions(state, distinct(realms), distinct(users)).await?;
        Ok(Self {
            records,
            sessions,
            keys,
            now,
            versions,
        })
    }

    fn stamp(&self, asked: &Stamped, record: Option<&str>) -> Option<Stamp> {
        let realm = self.versions.get(&asked.realm_id)?;
        if asked.session.is_empty() {
            let keys = self.keys.get(&asked.realm_id)?;
            // Whether such a key is still needed depends on the sessions that are left: it has to be looked at each time.
            return retiring(keys, self.now).is_empty().then(|| Stamp {
                realm: realm.number,
                rest: self.turns(keys),
            });
        }
        // What is of another realm is not there (T-03).
        let (session, keys) = self
            .sessions
            .get(record?)
            .filter(|own| own.0.realm_id == asked.realm_id)?;
        let user = self.versions.get(&session.user_id).filter(|user| !user.timed)?;
        let mark = session.token_mark.as_deref()?;
        let ends = marked_end(mark, Audience::LoginRocket).map(|(ends, _)| ends);
        let stays = self.now < token_stays_until(session.expires_at, ends);
        stays.then(|| Stamp {
            realm: realm.number,
            rest: format!("{}{} {mark}", self.turns(keys), user.number),
        })
    }

    /// Which keys there are, and whose turn has come.
    fn turns(&self, keys: &[KeyHead]) -> String {
        keys.iter().fold(String::new(), |mut text, key| {
            let _infallible = write!(text, "{} {} {} ", key.id, key.signs_from, key.signs_from <= self.now);
            text
        })
    }
}

async fn sessions(
    state: &State,
    records: &[Option<String>],
    now: i64,
) -> Result<HashMap<String, (SessionHead, Vec<KeyHead>)>> {
    let ids: Vec<String> = records.iter().flatten().cloned().collect();
    let mut sessions = HashMap::new();
    if ids.is_empty() {
        return Ok(sessions);
    }
    for (session, key) in state.store.list_session_heads(ids, now).await? {
        let entry = sessions.entry(session.id.clone());
        entry.or_insert_with(|| (session, Vec::new())).1.extend(key);
    }
    Ok(sessions)
}

async fn keys(state: &State, asked: &[Stamped]) -> Result<HashMap<String, Vec<KeyHead>>> {
    let alone = asked.iter().filter(|asked| asked.session.is_empty());
    let realms = distinct(alone.map(|asked| asked.realm_id.clone()));
    let mut keys: HashMap<String, Vec<KeyHead>> = HashMap::new();
    if realms.is_empty() {
        return Ok(keys);
    }
    for (realm, key) in state.store.list_turns(realms).await? {
        keys.entry(realm).or_default().push(key);
    }
    Ok(keys)
}

fn distinct(ids: impl Iterator<Item = String>) -> Vec<String> {
    let ids: BTreeSet<String> = ids.collect();
    ids.into_iter().collect()
}

async fn versions(state: &State, realms: Vec<String>, users: Vec<String>) -> Result<HashMap<String, Version>> {
    let request = GetVersionsRequest { realms, users };
    let told = AuthClient::new(state.auth.clone()).get_versions(request).await;
    let told = told.map_err(|status| Failure::told(&status))?.into_inner();
    Ok(told
        .versions
        .into_iter()
        .map(|version| (version.id.clone(), version))
        .collect())
}
