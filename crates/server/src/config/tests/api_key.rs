//! Options of API keys that are refused.

use super::*;

fn problem(lines: &str) -> String {
    let file = format!("[plugins.api_key]\n{lines}");
    refused(&file, &[]).join("\n")
}

fn is_accepted(lines: &str) {
    load(&format!("[plugins.api_key]\n{lines}"), &[]);
}

#[test]
fn most_letters_of_an_api_key_are_stored_nowhere() {
    let start = "starting_characters_config.characters_length";
    for lines in [
        "default_key_length = 32".to_owned(),
        format!("default_key_length = 32\n{start} = 32"),
        format!("default_key_length = 48\n{start} = 17"),
    ] {
        let problem = problem(&lines);
        assert!(problem.contains("must not be stored as they are"), "{problem}");
    }
    is_accepted(&format!("default_key_length = 48\n{start} = 16"));
    is_accepted("default_key_length = 32\nstarting_characters_config.should_store = false");
}

#[test]
fn an_api_key_that_is_stored_as_it_is_is_longer_than_a_digest() {
    let problem = problem("disable_key_hashing = true\ndefault_key_length = 43");
    assert!(
        problem.contains("`plugins.api_key.default_key_length` must be at least 44"),
        "{problem}"
    );
    is_accepted("disable_key_hashing = true\ndefault_key_length = 44");
    is_accepted("default_key_length = 43");
}

#[test]
fn headers_with_a_meaning_of_their_own_contain_no_api_keys() {
    for (names, part) in [
        (
            r#"["authorization"]"#,
            r#"contains "authorization", which has a meaning"#,
        ),
        (
            r#"["x-api-key", "Cookie"]"#,
            r#"contains "Cookie", which has a meaning"#,
        ),
        (r#"["origin"]"#, r#"contains "origin""#),
        (
            r#"["x api"]"#,
            r#"contains "x api", which is no name of a header"#,
        ),
        ("[]", "must name at least one header"),
    ] {
        let problem = problem(&format!(
            "enable_session_for_api_keys = true\napi_key_headers = {names}"
        ));
        assert!(problem.contains(part), "{problem}");
    }
}
