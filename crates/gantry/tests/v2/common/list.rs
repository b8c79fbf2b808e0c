//! Lists, and how all of them page (contract 1.7).

use reqwest::RequestBuilder;
use serde_json::Value;

use super::App;

/// A field of each item.
pub(crate) fn field(items: &[Value], name: &str) -> Vec<String> {
    items
        .iter()
        .map(|item| {
            item[name]
                .as_str()
                .unwrap_or_else(|| panic!("{name} of {item}"))
                .to_owned()
        })
        .collect()
}

/// Checks that a list pages as the contract says: `ids` are all its ids in its default order, five or more.
///
/// `ask` makes a request for the list with these parameters, of which there is at least one.
pub(crate) async fn pages_are_right(app: &App, ids: &[String], default: &str, ask: impl Fn(&str) -> RequestBuilder) {
    assert!(ids.len() >= 5, "too few items to page through: {ids:?}");
    let read = async |query: &str| {
        let list = app.send(ask(query)).await.expect(200);
        let more = list["more_results"].as_bool().unwrap();
        (field(list["collection"].as_array().unwrap(), "id"), more)
    };
    let backwards: Vec<String> = ids.iter().rev().cloned().collect();
    let other = if default == "asc" { "desc" } else { "asc" };
    for (direction, expected) in [("", ids), (default, ids), (other, backwards.as_slice())] {
        for size in [1, 2, ids.len() - 1, ids.len(), 1000] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned().unwrap_or_default();
                let query = format!("max_results={size}&direction={direction}&after={after}");
                let (page, more) = read(&query).await;
                assert_eq!(page.len(), size.min(ids.len() - seen.len()), "{query}");
                seen.extend(page);
                assert_eq!(more, seen.len() < ids.len(), "{query}");
                if !more {
                    break;
                }
            }
            assert_eq!(seen, expected, "{direction} by {size}");
        }
    }
    // Behind the last there is nothing.
    let last = format!("after={}", ids.last().unwrap());
    assert_eq!(read(&last).await, (Vec::new(), false));
    for bad in [
        "max_results=0",
        "max_results=-1",
        "max_results=1001",
        "sort=created_at",
        "sort=email",
        "direction=ASC",
        "direction=down",
        "after=nonsense",
        "after=rq_0000000000000000000001",
    ] {
        assert_eq!(app.send(ask(bad)).await.errors(422).len(), 1, "{bad}");
    }
    assert_eq!(
        app.send(ask("max_results=0&direction=up&sort=x&after=y"))
            .await
            .errors(422)
            .len(),
        4
    );
    app.send(ask("max_results=many")).await.errors(400);
}
