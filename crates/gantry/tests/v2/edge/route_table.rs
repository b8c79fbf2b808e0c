//! The table that reviews read: what can be called, where, by whom, how often, and what a success is.

use gantry_proto::{Access, ROUTES, RPCS, Rpc};

/// Who may call an rpc, as the contract says.
fn who(rpc: &Rpc) -> String {
    match rpc.access {
        Access::Key => format!("Key {:?}", rpc.permission),
        other => format!("{other:?}"),
    }
}

fn line(verb: &str, path: &str, rpc: &Rpc) -> String {
    let name = format!("{}/{}", rpc.service.rsplit('.').next().unwrap(), rpc.method);
    let realm = if rpc.realm_required { "in a realm" } else { "" };
    let limits: Vec<_> = rpc
        .limits
        .iter()
        .map(|rule| {
            format!(
                "{} {}/{}s by {:?}, {:?} in an outage",
                rule.name, rule.max, rule.per_seconds, rule.by, rule.on_outage
            )
        })
        .collect();
    let line = format!(
        "{verb:<6} {path:<28} {name:<27} {:<10} {realm:<10} {} {}",
        who(rpc),
        rpc.success,
        limits.join("; ")
    );
    line.trim_end().to_owned()
}

#[test]
fn the_route_table_is_what_reviews_read() {
    let mut lines: Vec<_> = ROUTES
        .iter()
        .map(|route| line(route.verb, route.path, route.rpc))
        .collect();
    // What has no address over HTTP is called over gRPC alone.
    let inside = RPCS
        .iter()
        .filter(|rpc| ROUTES.iter().all(|route| route.rpc.path != rpc.path));
    lines.extend(inside.map(|rpc| line("gRPC", "-", rpc)));
    insta::assert_snapshot!("routes", lines.join("\n"));
}
