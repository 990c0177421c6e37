//! Values of variables in quotes.

use super::*;
use crate::config::{
    key::Declaration,
    keys::{ALIASES, keys},
};

/// Returns the variables of a key.
fn variables(key: &Declaration) -> Vec<String> {
    let theirs = ALIASES.iter().filter(|(_, name)| *name == key.name);
    let mut variables: Vec<_> = theirs.map(|(variable, _)| (*variable).to_owned()).collect();
    variables.push(key.variable());
    if key.name == "secret" {
        variables.push("AUTH_SECRET".to_owned());
    }
    variables
}

#[test]
fn a_value_in_quotes_is_refused_with_its_variable() {
    // Kubernetes sets `PORTCULLIS_PORT` to a URL.
    for key in keys().filter(|key| key.name != "port") {
        for variable in variables(key) {
            for value in ["\"https://a.test\"", "'postgres://u@h/d'", "\"\"", " \"x\" "] {
                let problems = refused("", &[(variable.as_str(), value)]);
                let expected = format!("{variable}: `{key}` is enclosed in quotes");
                assert!(
                    problems.iter().any(|problem| problem.starts_with(&expected)),
                    "{value}: {problems:?}"
                );
            }
        }
    }
}

#[test]
fn an_entry_in_quotes_is_refused() {
    for (variable, value) in [
        ("PORTCULLIS_SECRETS", "\"one\";other"),
        ("PORTCULLIS_SECRETS", "one; 'other'"),
        ("BETTER_AUTH_TRUSTED_ORIGINS", "https://a.test,\"https://b.test\""),
    ] {
        let problems = refused("", &[(variable, value)]);
        assert!(
            problems.concat().contains("is enclosed in quotes"),
            "{problems:?}"
        );
    }
}

#[test]
fn a_quote_within_a_value_is_a_part_of_it() {
    for secret in ["it's", "\"it's'", "'", "a\"b\"c"] {
        let config = load("", &[("BETTER_AUTH_SECRET", secret)]);
        assert!(config.secrets.is_some(), "{secret}");
    }
}
