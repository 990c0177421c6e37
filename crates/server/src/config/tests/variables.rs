//! Values of variables in quotes, and variables that name a file.

use super::*;
use crate::config::{
    environment::may_be_in_a_file,
    key::{Declaration, Kind},
    keys::{ALIASES, ANY_NAME, keys},
    social_providers::extra_keys,
    value::Value,
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

/// Returns the name of a key as problems show it: `NAME` is replaced by the name in the variable.
fn in_problems(key: &Declaration) -> String {
    key.name.replace(ANY_NAME, "name")
}

/// Returns the problems of one variable that names a file with this content.
fn refused_file(variable: &str, content: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let problems = Config::load(&with_file(variable, content, environment)).unwrap_err();
    let problems = problems.to_string();
    let of_variable = problems.lines().filter(|line| line.contains(variable));
    of_variable.map(|line| line.replacen("  - ", "", 1)).collect()
}

fn with_file(variable: &str, content: &str, environment: &[(&str, &str)]) -> Inputs {
    let mut inputs = inputs("", environment);
    let name = format!("{variable}_FILE");
    assert!(environment::names_a_file(&name), "{name}");
    inputs
        .environment
        .insert(name.clone(), "/run/secrets/x".to_owned());
    inputs.variable_files.insert(name, Ok(content.to_owned()));
    inputs
}

#[test]
fn a_value_in_quotes_is_refused_with_its_variable() {
    // Kubernetes sets `PORTCULLIS_PORT` to a URL.
    for key in keys().filter(|key| key.name != "port") {
        let named = in_problems(key);
        for variable in variables(key) {
            for value in ["\"https://a.test\"", "'postgres://u@h/d'", "\"\"", " \"x\" "] {
                let problems = refused("", &[(variable.as_str(), value)]);
                let expected = format!("{variable}: `{named}` is enclosed in quotes");
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
    for secret in ["it's", "a\"b\"c"] {
        let config = load("", &[("BETTER_AUTH_SECRET", secret)]);
        assert!(config.secrets.is_some(), "{secret}");
    }
    let config = load("", &[("PORTCULLIS_APP_NAME", "The \"Shop\"")]);
    assert_eq!(config.warnings, []);
}

#[test]
fn a_secret_or_a_url_with_a_quote_at_one_end_is_refused_without_its_value() {
    for key in keys().filter(|key| may_be_in_a_file(key)) {
        let named = in_problems(key);
        for variable in variables(key) {
            for value in ["\"hidden", "hidden\"", "'hidden", " hidden' ", "\"hidden'", "'"] {
                for problem in [
                    refused("", &[(variable.as_str(), value)]).concat(),
                    refused_file(&variable, &format!("{value}\n"), &[]).concat(),
                ] {
                    let expected = format!("`{named}` begins or ends with a quote that has no counterpart");
                    assert!(problem.contains(&expected), "{value}: {problem}");
                    assert!(!problem.contains("hidden"), "{problem}");
                }
            }
        }
    }
    let problems = refused("", &[("PORTCULLIS_SECRETS", "one;'other")]).concat();
    assert!(problems.contains("a quote that has no counterpart"), "{problems}");
}

#[test]
fn a_byte_order_mark_is_refused() {
    for key in keys().filter(|key| may_be_in_a_file(key)) {
        let named = in_problems(key);
        for variable in variables(key) {
            let value = "\u{feff}https://user@example.com/same";
            let problem = refused_file(&variable, &format!("{value}\n"), &[]).concat();
            let expected = format!("{variable}_FILE: `{named}` begins with a byte order mark");
            assert!(problem.starts_with(&expected), "{problem}");
            let problems = refused("", &[(variable.as_str(), value)]).concat();
            assert!(problems.contains("begins with a byte order mark"), "{problems}");
        }
    }
}

#[test]
fn every_variable_with_a_secret_or_a_url_may_be_replaced_by_a_file() {
    let mut names: Vec<_> = keys()
        .filter(|key| may_be_in_a_file(key))
        .map(|key| key.name)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "base_url",
            "clients.NAME.secret",
            "database.read_url",
            "database.url",
            "default_redirect_url",
            "delivery.logo_url",
            "delivery.smtp.password",
            "delivery.webhook.secret",
            "delivery.webhook.url",
            "on_api_error.error_url",
            "password.firebase.base64_signer_key",
            "plugins.captcha.secret_key",
            "plugins.forward_auth.sign_in_url",
            "plugins.generic_oauth.providers.NAME.authorization_url",
            "plugins.generic_oauth.providers.NAME.client_secret",
            "plugins.generic_oauth.providers.NAME.discovery_url",
            "plugins.generic_oauth.providers.NAME.token_url",
            "plugins.generic_oauth.providers.NAME.user_info_url",
            "plugins.have_i_been_pwned.range_url",
            "plugins.organization.invitation_url",
            "secret",
            "secrets",
            "session_cache.listen_url",
            "social_providers.NAME.client_secret",
            "social_providers.NAME.login_url",
        ]
    );
    // URLs that only some providers have, such as issuers, contain no password.
    let of_providers: Vec<_> = extra_keys().map(|key| key.name).collect();
    for key in keys().filter(|key| !of_providers.contains(&key.name)) {
        let is_secret = matches!(key.kind, Kind::Secret | Kind::Secrets);
        let is_url = key.doc.contains("URL of") || key.doc.starts_with("URL");
        assert!(!is_secret && !is_url || may_be_in_a_file(key), "{}", key.name);
    }
}

#[test]
fn a_file_with_a_value_is_read_without_its_last_line_break() {
    for key in keys().filter(|key| may_be_in_a_file(key)) {
        for variable in variables(key) {
            let same = "https://user@example.com/same";
            for end in ["", "\n", "\r\n"] {
                let mut settings = Settings::default();
                let inputs = with_file(&variable, &format!("{same}{end}"), &[]);
                environment::read(&inputs, &mut settings);
                let text = match settings.value(key) {
                    Some(Value::Text(text)) => text,
                    Some(Value::Secret(secret)) => secret.expose().clone(),
                    Some(Value::Secrets(secrets)) => secrets[0].expose().clone(),
                    _ => String::new(),
                };
                assert_eq!(text, same, "{variable}");
            }
        }
    }
}

#[test]
fn an_empty_file_a_quoted_value_and_a_variable_that_is_also_set_are_refused() {
    for key in keys().filter(|key| may_be_in_a_file(key)) {
        let named = in_problems(key);
        for variable in variables(key) {
            for empty in ["", "\n", "\r\n", " \n"] {
                let problems = refused_file(&variable, empty, &[]);
                let expected = format!(
                    "{variable}_FILE: the file is empty: write the value into it, or remove the variable"
                );
                assert!(problems.contains(&expected), "{problems:?}");
            }
            let quoted = refused_file(&variable, "\"x\"\n", &[]).concat();
            let expected = format!("{variable}_FILE: `{named}` is enclosed in quotes");
            assert!(quoted.starts_with(&expected), "{quoted}");
            let both = refused_file(&variable, "x", &[(&variable, "x")]).concat();
            let expected = format!("{variable}_FILE: {variable} is set as well; set only one of them");
            assert!(both.contains(&expected), "{both}");
        }
    }
}
