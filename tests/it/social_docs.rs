//! `docs/social.md`: its examples are loaded, and its table lists every provider.

use std::fs;

use portcullis_testkit::TestServer;

fn page() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/social.md")).unwrap()
}

/// The examples of the configuration file, without the indentation of a list.
fn examples(page: &str) -> Vec<String> {
    let parts = page.split("```toml\n").skip(1);
    let bodies = parts.map(|part| part.split("```").next().unwrap());
    bodies
        .map(|body| {
            let lines = body.lines().map(str::trim_start);
            lines.collect::<Vec<_>>().join("\n")
        })
        .collect()
}

/// The first cells of the rows of a table with this head.
fn first_cells<'a>(page: &'a str, head: &str) -> Vec<&'a str> {
    let table = page.split_once(head).unwrap().1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap()).collect()
}

#[test]
fn every_example_of_the_page_is_a_valid_configuration() {
    let examples = examples(&page());
    assert!(examples.len() >= 8, "{examples:#?}");
    for example in examples {
        let refusal = TestServer::with().file(&example).refusal();
        assert_eq!(refusal, None, "{example}");
    }
}

#[test]
fn the_page_lists_every_provider_and_every_preset() {
    let page = page();
    let refusal = TestServer::with()
        .file("[social_providers.unknown]\nclient_id = \"a\"\nclient_secret = \"b\"\n")
        .refusal()
        .unwrap();
    let known = refusal.split_once("the providers are ").unwrap().1;
    let known: Vec<_> = known.split(';').next().unwrap().split(", ").collect();
    assert_eq!(known.len(), 33, "{known:?}");
    assert_eq!(first_cells(&page, "| id | console |"), known);

    let presets = first_cells(&page, "| preset | required |");
    for preset in &presets {
        let named = format!("preset = \"{preset}\"\n");
        assert!(page.contains(&named), "there is no example of {preset}");
    }
    assert_eq!(presets.len(), 9, "{presets:?}");
}
