//! ListEvents: every filter, in pages, both ways.

use std::sync::Arc;

use gantry_kernel::{
    Clock, Id, InvitationId, MembershipId, OrgId, ProviderId, RealmId, RequestId, Rng, SeededRng, UserId,
};
use gantry_proto::Permission;
use gantry_proto::event::v2::{CreateHookRequest, EventList, EventRecord, HookInput, ListEventsRequest};

use crate::world::{Client, NOW, World, as_key};

async fn list(client: &Client, asked: ListEventsRequest) -> EventList {
    let request = as_key(asked, Permission::Read, "");
    client.rpc.clone().list_events(request).await.unwrap().into_inner()
}

fn ids(list: &EventList) -> Vec<&str> {
    list.collection.iter().map(|event| event.id.as_str()).collect()
}

fn of(realm: &RealmId) -> ListEventsRequest {
    ListEventsRequest {
        realm_id: Some(realm.as_str().to_owned()),
        ..Default::default()
    }
}

/// Reads all pages.
async fn all(client: &Client, asked: ListEventsRequest) -> Vec<String> {
    let mut found = Vec::new();
    let mut asked = asked;
    loop {
        let page = list(client, asked.clone()).await;
        let max = usize::try_from(asked.max_results.unwrap_or(100)).unwrap();
        assert!(page.collection.len() <= max);
        assert!(!page.more_results || page.collection.len() == max);
        found.extend(page.collection.into_iter().map(|event| event.id));
        if !page.more_results {
            return found;
        }
        asked.after = found.last().cloned();
    }
}

#[tokio::test]
async fn the_latest_come_first_and_pages_join_up() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let events = world.events(&realm, 25);
    service.append(&events).await;
    let oldest_first: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    let latest_first: Vec<&str> = oldest_first.iter().rev().copied().collect();
    let listed = list(&service, of(&realm)).await;
    assert_eq!(ids(&listed), latest_first);
    assert!(!listed.more_results);
    for size in [1, 7, 24, 25, 26] {
        let page = |direction: &str| ListEventsRequest {
            max_results: Some(size),
            direction: Some(direction.to_owned()),
            sort: Some("id".to_owned()),
            expand: vec!["notifications".to_owned()],
            ..of(&realm)
        };
        assert_eq!(all(&service, page("desc")).await, latest_first, "pages of {size}");
        assert_eq!(all(&service, page("asc")).await, oldest_first, "pages of {size}");
        assert_eq!(list(&service, page("asc")).await.more_results, size < 25);
    }
}

#[tokio::test]
async fn a_list_reaches_back_thirty_days_unless_told_otherwise() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let day = 24 * 60 * 60 * 1000;
    let mut made = Vec::new();
    for at in [NOW - 31 * day, NOW - 30 * day - 1, NOW - 30 * day, NOW - 1, NOW] {
        world.clock.jump_to_ms(at);
        // A source of ids of its own, since one never goes back in time.
        let ids = gantry_kernel::IdSource::new(world.clock.clone(), Arc::new(SeededRng::new(at.unsigned_abs())));
        let event = EventRecord {
            id: ids.id::<gantry_kernel::EventId>().into_string(),
            ..world.event(&realm, "user.created")
        };
        made.push(event);
    }
    assert_eq!(world.clock.now_ms(), NOW);
    service.append(&made).await;
    let since = async |seconds: Option<f64>| {
        let asked = ListEventsRequest {
            created_at_after: seconds,
            direction: Some("asc".to_owned()),
            ..of(&realm)
        };
        let listed = list(&service, asked).await;
        listed.collection.len()
    };
    assert_eq!(since(None).await, 3);
    assert_eq!(since(Some(0.0)).await, 5);
    assert_eq!(since(Some(made[0].event_at)).await, 5);
    assert_eq!(since(Some(made[1].event_at)).await, 4);
    assert_eq!(since(Some(made[3].event_at)).await, 2);
    assert_eq!(since(Some(made[4].event_at)).await, 1);
    assert_eq!(since(Some(made[4].event_at + 0.001)).await, 0);
    assert_eq!(since(Some(1e300)).await, 0);
}

const TYPES: [&str; 5] = [
    "org.created",
    "user.created",
    "user.login.failed",
    "user.login.succeeded",
    "user.updated",
];

struct Few {
    users: Vec<String>,
    orgs: Vec<String>,
    memberships: Vec<String>,
    providers: Vec<String>,
    invitations: Vec<String>,
    requests: Vec<String>,
    /// Hooks of the first realm, with the beginning of the types that each is told of.
    hooks: Vec<(String, &'static str)>,
}

/// A hook that is told of some types, a week later.
async fn hook(client: &Client, realm: &RealmId, begins: &'static str) -> (String, &'static str) {
    let types = TYPES.iter().filter(|name| name.starts_with(begins));
    let asked = CreateHookRequest {
        realm_id: Some(realm.as_str().to_owned()),
        hook: Some(HookInput {
            destination: Some("https://hooks.example/".to_owned()),
            delay: Some(7 * 24 * 3600),
            event_type: types.map(|name| (*name).to_owned()).collect(),
            present: ["destination", "delay", "event_type"].map(str::to_owned).to_vec(),
            ..HookInput::default()
        }),
        ..CreateHookRequest::default()
    };
    let mut rpc = client.rpc.clone();
    let made = rpc.create_hook(as_key(asked, Permission::Manage, "")).await.unwrap();
    (made.into_inner().id, begins)
}

fn pick<'a, T>(rng: &SeededRng, from: &'a [T]) -> &'a T {
    &from[usize::try_from(rng.u128() % from.len() as u128).unwrap()]
}

fn maybe(rng: &SeededRng, from: &[String]) -> Option<String> {
    rng.u128().is_multiple_of(3).then(|| pick(rng, from).clone())
}

fn meets(event: &EventRecord, asked: &ListEventsRequest, few: &Few, first: &RealmId) -> bool {
    let same = |asked: &Option<String>, has: &Option<String>| asked.is_none() || asked == has;
    let words = &asked.event_type;
    asked.realm_id.as_deref() == Some(event.realm_id.as_str())
        && (words.is_empty() || words.iter().any(|word| event.event_type.starts_with(word)))
        && same(&asked.user_id, &event.user_id)
        && same(&asked.org_id, &event.org_id)
        && same(&asked.membership_id, &event.membership_id)
        && same(&asked.auth_provider_id, &event.auth_provider_id)
        && same(&asked.invitation_id, &event.invitation_id)
        && same(&asked.request_id, &event.request_id)
        && asked.hook_id.as_ref().is_none_or(|asked| {
            event.realm_id == first.as_str()
                && few
                    .hooks
                    .iter()
                    .any(|(id, begins)| id == asked && event.event_type.starts_with(begins))
        })
        && asked.created_at_before.is_none_or(|before| event.event_at < before)
        && asked.created_at_after.is_none_or(|after| event.event_at >= after)
}

/// Hundreds of lists with filters put together by chance, compared with what a plain look at all events finds.
#[tokio::test]
async fn every_mix_of_filters_finds_what_a_plain_look_finds() {
    let world = World::new().await;
    let realms = [world.realm(), world.realm()];
    let service = world.service();
    let rng = SeededRng::new(42);
    let few = Few {
        users: (0..3).map(|_| world.ids.id::<UserId>().into_string()).collect(),
        orgs: (0..3).map(|_| world.ids.id::<OrgId>().into_string()).collect(),
        memberships: (0..3).map(|_| world.ids.id::<MembershipId>().into_string()).collect(),
        providers: (0..2).map(|_| world.ids.id::<ProviderId>().into_string()).collect(),
        invitations: (0..3).map(|_| world.ids.id::<InvitationId>().into_string()).collect(),
        requests: (0..40).map(|n| RequestId::from_bits(n).into_string()).collect(),
        hooks: vec![
            hook(&service, &realms[0], "user.").await,
            hook(&service, &realms[0], "user.login.failed").await,
        ],
    };
    let mut events = Vec::new();
    for _ in 0..300 {
        world.clock.advance_ms(i64::try_from(rng.u128() % 3).unwrap());
        events.push(EventRecord {
            user_id: maybe(&rng, &few.users),
            org_id: maybe(&rng, &few.orgs),
            membership_id: maybe(&rng, &few.memberships),
            auth_provider_id: maybe(&rng, &few.providers),
            invitation_id: maybe(&rng, &few.invitations),
            request_id: maybe(&rng, &few.requests),
            ..world.event(pick(&rng, &realms), TYPES[pick(&rng, &[0, 1, 2, 3, 4]).to_owned()])
        });
    }
    service.append(&events).await;
    let words = [
        "user",
        "user.",
        "user.login",
        "user.login.failed",
        "org.created",
        "org",
        "membership",
        "u",
        "realm.x",
    ];
    let mut met = 0;
    for n in 0..400 {
        let asked = ListEventsRequest {
            max_results: Some(*pick(&rng, &[3, 10, 40, 1000])),
            direction: Some((*pick(&rng, &["asc", "desc"])).to_owned()),
            event_type: (0..rng.u128() % 3).map(|_| (*pick(&rng, &words)).to_owned()).collect(),
            user_id: (n % 8 > 5).then(|| pick(&rng, &few.users).clone()),
            org_id: (n % 9 == 4).then(|| pick(&rng, &few.orgs).clone()),
            membership_id: (n % 4 == 1).then(|| pick(&rng, &few.memberships).clone()),
            auth_provider_id: (n % 7 == 2).then(|| pick(&rng, &few.providers).clone()),
            invitation_id: (n % 6 == 3).then(|| pick(&rng, &few.invitations).clone()),
            hook_id: (n % 2 == 0).then(|| pick(&rng, &few.hooks).0.clone()),
            created_at_before: (n % 5 == 1).then(|| pick(&rng, &events).event_at),
            request_id: (n % 5 == 0).then(|| pick(&rng, &few.requests).clone()),
            created_at_after: (n % 3 == 0).then(|| pick(&rng, &events).event_at),
            ..of(pick(&rng, &realms))
        };
        let mut expected: Vec<_> = events
            .iter()
            .filter(|event| meets(event, &asked, &few, &realms[0]))
            .map(|e| e.id.clone())
            .collect();
        if asked.direction.as_deref() == Some("desc") {
            expected.reverse();
        }
        met += expected.len();
        assert_eq!(all(&service, asked.clone()).await, expected, "{asked:?}");
    }
    assert!(met > 1000, "the mixes find too little to mean anything: {met}");
}
