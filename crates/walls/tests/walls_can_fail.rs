//! A wall that cannot fall holds nothing: each one is shown a house that breaks it.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use std::fs;
use std::path::Path;

use gantry_walls::graph::{self, Graph};
use gantry_walls::{compose, habits, migrations, rooms, sizes, texts};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Builds a tree of files.
fn house(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// Builds what cargo prints about packages and their edges; an edge of kind null is a normal one.
fn cargo(members: &[&str], edges: &[(&str, &str, Value)]) -> Graph {
    let mut names: Vec<&str> = members.to_vec();
    names.extend(edges.iter().flat_map(|(from, to, _)| [*from, *to]));
    names.sort_unstable();
    names.dedup();
    let nodes: Vec<Value> = names
        .iter()
        .map(|name| {
            let deps = edges.iter().filter(|(from, ..)| from == name);
            let deps: Vec<Value> = deps
                .map(|(_, to, kind)| json!({"pkg": format!("id of {to}"), "dep_kinds": [{"kind": kind}]}))
                .collect();
            json!({"id": format!("id of {name}"), "deps": deps})
        })
        .collect();
    let packages: Vec<Value> = names
        .iter()
        .map(|name| json!({"id": format!("id of {name}"), "name": name}))
        .collect();
    let members: Vec<String> = members.iter().map(|name| format!("id of {name}")).collect();
    Graph::read(&json!({"packages": packages, "resolve": {"nodes": nodes}, "workspace_members": members})).unwrap()
}

const MEMBERS: [&str; 6] = [
    "gantry",
    "gantry-gateway",
    "gantry-kernel",
    "gantry-auth",
    "gantry-session",
    "gantry-event",
];

/// A house whose walls stand, with some edges more.
fn sound_but(more: &[(&str, &str, Value)]) -> Graph {
    let mut edges = vec![
        ("gantry", "gantry-auth", Value::Null),
        ("gantry", "gantry-session", Value::Null),
        ("gantry", "gantry-event", Value::Null),
        ("gantry-auth", "diesel", Value::Null),
        ("gantry-gateway", "tower", Value::Null),
        ("gantry-kernel", "tokio", json!("dev")),
    ];
    edges.extend_from_slice(more);
    cargo(&MEMBERS, &edges)
}

#[test]
fn a_sound_house_passes() {
    let graph = sound_but(&[]);
    for wall in [
        graph::gateway_reaches_no_database,
        graph::kernel_stands_alone,
        graph::services_do_not_know_each_other,
        graph::only_the_program_knows_the_services,
    ] {
        assert_eq!(wall(&graph), Vec::<String>::new());
    }
}

#[test]
fn a_driver_at_any_depth_is_found() {
    let graph = sound_but(&[
        ("tower", "innocent", Value::Null),
        ("innocent", "tokio-postgres", Value::Null),
    ]);
    assert_eq!(
        graph::gateway_reaches_no_database(&graph),
        ["gantry-gateway -> tower -> innocent -> tokio-postgres"]
    );
}

#[test]
fn a_kernel_that_waits_is_found() {
    let graph = sound_but(&[("gantry-kernel", "tokio", Value::Null)]);
    assert_eq!(graph::kernel_stands_alone(&graph), ["gantry-kernel -> tokio"]);
}

#[test]
fn a_service_that_knows_another_is_found() {
    let graph = sound_but(&[
        ("gantry-auth", "shared", Value::Null),
        ("shared", "gantry-event", Value::Null),
    ]);
    assert_eq!(
        graph::services_do_not_know_each_other(&graph),
        ["gantry-auth -> shared -> gantry-event"]
    );
}

#[test]
fn whoever_names_a_service_is_found() {
    let graph = sound_but(&[("gantry-gateway", "gantry-auth", json!("dev"))]);
    assert_eq!(
        graph::only_the_program_knows_the_services(&graph),
        ["gantry-gateway names gantry-auth"]
    );
}

#[test]
fn a_wall_without_its_room_is_found() {
    let graph = cargo(&["somebody"], &[]);
    assert!(!graph::gateway_reaches_no_database(&graph).is_empty());
    assert!(!graph::kernel_stands_alone(&graph).is_empty());
    assert!(!graph::services_do_not_know_each_other(&graph).is_empty());
    assert!(!graph::only_the_program_knows_the_services(&graph).is_empty());
}

/// Asserts that a wall complains about exactly these places.
#[track_caller]
fn complains(wrong: anyhow::Result<Vec<String>>, places: &[&str]) {
    let wrong = wrong.unwrap();
    assert_eq!(wrong.len(), places.len(), "{wrong:#?}");
    for (complaint, place) in wrong.iter().zip(places) {
        assert!(complaint.starts_with(place), "{complaint} is not about {place}");
    }
}

#[test]
fn foreign_words_in_rules_are_found() {
    let root = house(&[
        (
            "services/auth/src/rules/login.rs",
            "//! About tonic.\nuse tonic::Status;\n",
        ),
        ("services/auth/src/rules.rs", "use diesel_async::RunQueryDsl;\n"),
        ("services/auth/src/rpc/login.rs", "use tonic::Status;\n"),
    ]);
    complains(
        rooms::rules_speak_only_rules(root.path()),
        &["services/auth/src/rules/login.rs:2", "services/auth/src/rules.rs:1"],
    );
}

#[test]
fn a_dialect_in_a_query_is_found() {
    let root = house(&[
        ("services/auth/src/store/queries/users.rs", "use diesel::pg::Pg;\n"),
        ("services/auth/src/store/pg.rs", "use diesel::pg::Pg;\n"),
    ]);
    complains(
        rooms::queries_speak_no_dialect(root.path()),
        &["services/auth/src/store/queries/users.rs:1"],
    );
}

#[test]
fn a_second_builder_of_error_bodies_is_found() {
    let body = "fn body() {\n    json!({\"errors\": [text]})\n}\n";
    let root = house(&[
        ("gateway/src/errors.rs", body),
        ("gateway/src/quirks.rs", body),
        (
            "gateway/src/cors.rs",
            "#[cfg(test)]\nmod tests {\n    const KEY: &str = \"errors\";\n}\n",
        ),
        ("gateway/tests/errors.rs", body),
    ]);
    complains(
        rooms::only_errors_builds_error_bodies(root.path()),
        &["gateway/src/quirks.rs:2"],
    );
}

#[test]
fn a_long_file_and_a_stale_exception_are_found() {
    let long = "fn line() {}\n".repeat(sizes::CEILING + 1);
    let tested = format!(
        "#[cfg(test)]\nmod tests {{\n{}}}\n",
        "    fn line() {}\n".repeat(sizes::CEILING)
    );
    let root = house(&[
        ("a.rs", long.as_str()),
        ("b.rs", "\n"),
        ("c.rs", tested.as_str()),
        ("tests/d.rs", &long),
    ]);
    complains(sizes::files_are_short(root.path(), &[]), &["a.rs"]);
    complains(
        sizes::files_are_short(root.path(), &[("a.rs", "why"), ("b.rs", "why"), ("gone.rs", "why")]),
        &["b.rs", "gone.rs"],
    );
}

#[test]
fn migrations_that_drift_are_found() {
    let root = house(&[
        ("migrations/postgres/2025-01-01-000000_a/up.sql", "x"),
        ("migrations/postgres/2025-01-01-000000_a/down.sql", "x"),
        ("migrations/postgres/2025-01-01-000000_b/up.sql", "x"),
        ("migrations/sqlite/2025-01-01-000000_a/up.sql", "x"),
        ("migrations/sqlite/2025-01-01-000000_a/down.sql", " \n"),
        ("migrations/sqlite/Unstamped/up.sql", "x"),
        ("migrations/sqlite/Unstamped/down.sql", "x"),
    ]);
    complains(
        migrations::folders_match(root.path()),
        &[
            "migrations/postgres/2025-01-01-000000_b: down.sql",
            "migrations/postgres: 2025-01-01-000000_a and 2025-01-01-000000_b",
            "migrations/sqlite/2025-01-01-000000_a: down.sql",
            "migrations/sqlite/Unstamped: a migration is named",
            "migrations/postgres/2025-01-01-000000_b has no twin",
            "migrations/sqlite/Unstamped has no twin",
        ],
    );
}

#[test]
fn a_lifted_ban_is_found() {
    let kept = [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "rand::rng",
        "tokio::spawn",
    ];
    let mut list: String = kept
        .iter()
        .map(|path| format!("{{path = \"{path}\", reason = \"why\"}},"))
        .collect();
    list.push_str("{path = \"std::env::var\"},");
    let root = house(&[("clippy.toml", format!("disallowed-methods = [{list}]").as_str())]);
    complains(
        habits::bans_stand(root.path()),
        &[
            "clippy.toml: the ban on std::env::var",
            "clippy.toml: diesel_async::AsyncConnection::transaction",
        ],
    );
}

#[test]
fn a_silenced_lint_is_found() {
    let attribute = concat!("#[al", "low(dead_code)]\nfn a() {}\n// #[al", "low(x)]\n");
    let root = house(&[("a.rs", attribute)]);
    complains(habits::lints_are_expected_not_allowed(root.path()), &["a.rs:1"]);
}

#[test]
fn a_note_without_an_issue_is_found() {
    let notes = concat!("// TO", "DO(#12): fine\n// TO", "DO: lost\n// FIX", "ME(#x) lost\n");
    let root = house(&[("a.rs", notes), ("b.sql", concat!("-- TO", "DO later\n"))]);
    complains(
        habits::notes_name_their_issue(root.path()),
        &["a.rs:2", "a.rs:3", "b.sql:1"],
    );
}

#[test]
fn a_test_of_an_unknown_threat_is_found() {
    let names = ["t_43_fine", "t_44_x", "t_0_x", "t_009_x", "t_shirt"];
    let tests = names.map(|name| format!("async fn {name}() {{}}"));
    let root = house(&[("tests/a.rs", tests.join("\n").as_str())]);
    complains(
        habits::threats_exist(root.path()),
        &["tests/a.rs:2", "tests/a.rs:3", "tests/a.rs:4"],
    );
}

const COMPOSE: &str = r#"
x-gantry: &gantry
  image: gantry
  healthcheck: { test: [CMD, gantry, health] }
services:
  migrate: { image: gantry, depends_on: { postgres: { condition: service_healthy } } }
  gateway: { <<: *gantry, ports: ["8080:8080"], environment: { GANTRY_ROOT_API_KEY: "${GANTRY_ROOT_API_KEY:?why}" } }
  auth: { <<: *gantry, depends_on: { migrate: { condition: service_completed_successfully } } }
  session: *gantry
  event: *gantry
  postgres: { image: postgres, networks: [stores], healthcheck: { test: [CMD, pg_isready] } }
"#;

fn composed(text: &str) -> anyhow::Result<Vec<String>> {
    compose::compose_is_sound(house(&[("docker-compose.yml", text)]).path())
}

#[test]
fn a_sound_compose_file_passes() {
    complains(composed(COMPOSE), &[]);
}

#[test]
fn what_is_wrong_in_a_compose_file_is_found() {
    let plant = |from: &str, to: &str| {
        assert!(COMPOSE.contains(from), "{from} is no longer in the sound file");
        composed(&COMPOSE.replacen(from, to, 1))
    };
    complains(
        plant(":?why}", ":-letmein}"),
        &["${GANTRY_ROOT_API_KEY", "gateway: GANTRY_ROOT_API_KEY"],
    );
    complains(
        plant("${GANTRY_ROOT_API_KEY:?why}", "letmein"),
        &["gateway: GANTRY_ROOT_API_KEY"],
    );
    complains(
        plant(
            "image: postgres, networks: [stores], healthcheck: { test: [CMD, pg_isready] }",
            "image: postgres, networks: [stores]",
        ),
        &["postgres: no health"],
    );
    complains(
        plant("migrate: { image: gantry", "migrate: { image: other"),
        &["migrate: another image"],
    );
    complains(
        plant("service_healthy", "service_started"),
        &["migrate: waits for postgres"],
    );
    complains(
        plant(
            "{ migrate: { condition: service_completed_successfully } }",
            "[migrate]",
        ),
        &["auth: depends_on"],
    );
    complains(
        plant("{ image: postgres,", "{ image: postgres, ports: [\"5432:5432\"],"),
        &["postgres: publishes"],
    );
    let local = "{ image: postgres, ports: [\"127.0.0.1:5432:5432\"],";
    complains(plant("{ image: postgres,", local), &["postgres: publishes"]);
    complains(
        plant("networks: [stores]", "networks: [default]"),
        &["gateway: shares the network default"],
    );
    complains(plant("event: *gantry", "other: *gantry"), &["event: no such service"]);
}

#[test]
fn a_setting_that_does_not_exist_is_found() {
    let settings = |variable: &str| {
        let text = COMPOSE.replacen("GANTRY_ROOT_API_KEY:", variable, 1);
        compose::settings_are_known(house(&[("docker-compose.yml", &text)]).path())
    };
    complains(settings("GANTRY_ROOT_API_KEY:"), &[]);
    complains(settings("GANTRY_ROOT_KEY:"), &["gateway: "]);
    complains(
        settings("GANTRY_HTTP_ADDR: \"0.0.0.0:8080\", GANTRY_SECRET_KEY:"),
        &["gateway: "],
    );
}

#[test]
fn a_house_that_cannot_be_read_does_not_pass() {
    let nowhere = Path::new("/nonexistent");
    assert!(rooms::rules_speak_only_rules(nowhere).is_err());
    assert!(habits::bans_stand(nowhere).is_err());
    assert!(compose::compose_is_sound(nowhere).is_err());
    assert!(Graph::of_workspace(nowhere).is_err());
}

#[test]
fn a_text_that_a_language_lacks_is_found() {
    let en = "error-invalid = x\nviolation-required = x\nfield-name = x\n    .number = plural\n";
    let es = "violation-required = x\n";
    let reasons = "reasons! {\n    /// Why.\n    Invalid = \"invalid\", 422, InvalidArgument;\n}\n";
    let rules = "fn f() {\n    checks.fail(\"name\", \"required\");\n    Violation::new(\n        \"\",\n        \"unheard_of\",\n    );\n    \
                 Problem::field(name, other);\n}\n";
    let tree = house(&[
        ("locales/en.ftl", en),
        ("locales/es.ftl", es),
        ("crates/kernel/src/reason.rs", reasons),
        ("services/auth/src/rules/a.rs", rules),
    ]);
    complains(
        texts::texts_exist(tree.path()),
        &[
            "services/auth/src/rules/a.rs:7: other is no text",
            "crates/kernel/src/reason.rs:3: locales/es.ftl has no text error.invalid",
            "services/auth/src/rules/a.rs:3: locales/en.ftl has no text violation.unheard_of",
            "services/auth/src/rules/a.rs:3: locales/es.ftl has no text violation.unheard_of",
            "services/auth/src/rules/a.rs:2: locales/es.ftl has no text field.name",
        ],
    );
}

#[test]
fn a_language_that_cannot_be_read_does_not_pass() {
    let tree = house(&[("locales/en.ftl", "error-invalid = x\nerror-broken\n")]);
    assert!(texts::texts_exist(tree.path()).is_err());
}
