//! What both installations are asked, in many variants: the same number of rows on both sides.

use anyhow::ensure;

use super::super::http::{self, Connection};
use super::super::json as read;
use super::super::subject::ROOT_KEY;
use super::fill::{TO_AN_ORG, id};
use super::{Side, rows};

/// How many variants a question has.
const VARIANTS: u32 = 1000;
/// Rows of a page, of what each has many and of what each has few.
const PAGE: u32 = 50;
const SHORT: u32 = 10;
/// How far into a list the deep page is, in pages.
const DEEP: u32 = 1000;

/// One question.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) name: &'static str,
    pub(super) status: u16,
    /// The rows of the answer, where it is a list.
    rows: Option<u32>,
    requests: Vec<Vec<u8>>,
}

impl Question {
    /// Returns a variant.
    pub(super) fn request(&self, n: usize) -> &[u8] {
        let at = n.checked_rem(self.requests.len()).unwrap_or_default();
        self.requests.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Refuses to measure an answer that is none.
    pub(super) async fn check(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let answer = connection.ask(self.request(0)).await?;
        let text = String::from_utf8_lossy(answer.body).into_owned();
        ensure!(answer.status == self.status, "{}: {} {text}", self.name, answer.status);
        if let Some(expected) = self.rows {
            let found = rows(&read::good(self.name, answer)?);
            ensure!(found == expected as usize, "{}: {found} rows: {text}", self.name);
        }
        Ok(())
    }
}

impl Side {
    fn api(&self, name: &'static str, rows: Option<u32>, path: impl Fn(u32) -> String) -> Question {
        let headers = [
            ("authrocket-api-key", ROOT_KEY),
            ("authrocket-realm", self.template.realm.as_str()),
        ];
        let request = |n| http::request("GET", &path(n), "localhost", &headers, None);
        Question {
            name,
            status: 200,
            rows,
            requests: (0..VARIANTS).map(request).collect(),
        }
    }

    /// Everything that is asked.
    pub(super) fn questions(&self) -> Vec<Question> {
        let size = self.size;
        // Far apart, so that no two neighbours share a page of the database.
        let user = move |n: u32| 1 + n.wrapping_mul(7919) % size.first;
        let org = move |n: u32| 1 + n.wrapping_mul(7919) % (size.first / TO_AN_ORG);
        // On the small side the second half of the list.
        let deep = |all: u32, page: u32| (DEEP * page).min(all - page) / page * page;
        let (behind_user, behind_realm) = (deep(size.first, PAGE), deep(size.realms - 1, PAGE));
        let page = format!("max_results={PAGE}");
        let short = format!("max_results={SHORT}");
        vec![
            self.api("a user by id", None, |n| format!("/v2/users/{}", id("usr", user(n)))),
            self.api("a user by e-mail", None, |n| {
                format!("/v2/users/user{}@bench.example", user(n))
            }),
            self.api("users with an e-mail", Some(1), |n| {
                format!("/v2/users?email=user{}@bench.example", user(n))
            }),
            self.api("users with a reference", Some(1), |n| {
                format!("/v2/users?reference=ref{}", user(n))
            }),
            self.api("users, first page", Some(PAGE), |_| format!("/v2/users?{page}")),
            self.api("users, a page deep in", Some(PAGE), |_| {
                format!("/v2/users?{page}&after={}", id("usr", behind_user))
            }),
            self.api("active users, deep", Some(PAGE), |_| {
                format!("/v2/users?{page}&state=active&after={}", id("usr", behind_user))
            }),
            self.api("inactive users", Some(0), |_| {
                format!("/v2/users?{page}&state=inactive")
            }),
            self.api("realms, first page", Some(PAGE), |_| format!("/v2/realms?{page}")),
            self.api("realms, deep", Some(PAGE), |_| {
                format!(
                    "/v2/realms?{page}&after={}",
                    id("rl", behind_realm.min(size.realms - 1 - PAGE))
                )
            }),
            self.api("inactive realms", Some(0), |_| {
                format!("/v2/realms?{page}&state=inactive")
            }),
            self.api("orgs, first page", Some(SHORT), |_| format!("/v2/orgs?{short}")),
            self.api("orgs by name", Some(SHORT), |_| format!("/v2/orgs?{short}&sort=name")),
            self.api("memberships of a user", Some(1), |n| {
                format!("/v2/memberships?user_id={}", id("usr", user(n)))
            }),
            self.api("memberships of an org", Some(TO_AN_ORG), |n| {
                format!("/v2/memberships?org_id={}", id("org", org(n)))
            }),
            self.api("sessions, first page", Some(SHORT), |_| format!("/v2/sessions?{short}")),
            self.check_of_a_session(),
            self.login_host(),
        ]
    }

    fn check_of_a_session(&self) -> Question {
        let path = |session: &String| format!("/v2/session?session={session}");
        let request = |session| http::request("GET", &path(session), &self.template.host, &[], None);
        Question {
            name: "check of a session",
            status: 200,
            rows: None,
            requests: self.sessions.iter().map(request).collect(),
        }
    }

    /// A host of each realm in turn, asked for a session that is not there: the host is looked up, and little else.
    fn login_host(&self) -> Question {
        let host = |n: u32| {
            format!(
                "realm{}.bench.example",
                1 + n.wrapping_mul(7919) % (self.size.realms - 1)
            )
        };
        let request = |n| http::request("GET", "/v2/session", &host(n), &[], None);
        Question {
            name: "a login host",
            status: 403,
            rows: None,
            requests: (0..VARIANTS).map(request).collect(),
        }
    }

    /// Orgs of realms that are not the first.
    pub(super) fn others(&self) -> Question {
        let others = self.size.realms - 1;
        let request = |n: u32| {
            let realm = id("rl", 1 + n.wrapping_mul(7919) % others);
            let headers = [("authrocket-api-key", ROOT_KEY), ("authrocket-realm", realm.as_str())];
            http::request("GET", "/v2/users?max_results=50", "localhost", &headers, None)
        };
        Question {
            name: "users of another realm",
            status: 200,
            rows: None,
            requests: (0..VARIANTS).map(request).collect(),
        }
    }
}
