//! The walls of this house, one test each.

use gantry_walls::graph::{self, Graph};
use gantry_walls::{compose, habits, migrations, rooms, root, sizes, texts};

#[track_caller]
fn holds(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[track_caller]
fn holds_in_graph(wall: fn(&Graph) -> Vec<String>) {
    match Graph::of_workspace(&root()) {
        Ok(graph) => holds(wall(&graph)),
        Err(error) => panic!("{error:#}"),
    }
}

#[test]
fn gateway_reaches_no_database() {
    holds_in_graph(graph::gateway_reaches_no_database);
}

#[test]
fn kernel_stands_alone() {
    holds_in_graph(graph::kernel_stands_alone);
}

#[test]
fn services_do_not_know_each_other() {
    holds_in_graph(graph::services_do_not_know_each_other);
}

#[test]
fn only_the_program_knows_the_services() {
    holds_in_graph(graph::only_the_program_knows_the_services);
}

#[test]
fn rules_speak_only_rules() {
    holds(rooms::rules_speak_only_rules(&root()).unwrap());
}

#[test]
fn queries_speak_no_dialect() {
    holds(rooms::queries_speak_no_dialect(&root()).unwrap());
}

#[test]
fn only_errors_builds_error_bodies() {
    holds(rooms::only_errors_builds_error_bodies(&root()).unwrap());
}

#[test]
fn texts_exist() {
    holds(texts::texts_exist(&root()).unwrap());
}

#[test]
fn files_are_short() {
    holds(sizes::files_are_short(&root(), sizes::EXCEPTIONS).unwrap());
}

#[test]
fn migrations_match() {
    holds(migrations::folders_match(&root()).unwrap());
}

#[test]
fn bans_stand() {
    holds(habits::bans_stand(&root()).unwrap());
}

#[test]
fn lints_are_expected_not_allowed() {
    holds(habits::lints_are_expected_not_allowed(&root()).unwrap());
}

#[test]
fn notes_name_their_issue() {
    holds(habits::notes_name_their_issue(&root()).unwrap());
}

#[test]
fn threats_exist() {
    holds(habits::threats_exist(&root()).unwrap());
}

#[test]
fn compose_is_sound() {
    holds(compose::compose_is_sound(&root()).unwrap());
}

#[test]
fn compose_uses_settings_that_exist() {
    holds(compose::settings_are_known(&root()).unwrap());
}
