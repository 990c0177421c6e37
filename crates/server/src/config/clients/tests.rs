//! Tests of `clients`.

use crate::config::tests::{GOOD_SECRET, inputs, load, production, refused};
use crate::config::{Config, Problem};

const OTHER: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";
const THIRD: &str = "hW5cR8vJ2xQm7LtZ4nKd9BsG3yPf6TaU";

fn ids(config: &Config) -> Vec<&str> {
    let clients = config.service_clients.iter();
    clients.map(|client| client.id.as_str()).collect()
}

#[test]
fn services_are_declared_in_the_file_and_by_variables() {
    let file = format!(
        "[clients.api]\nsecret = \"{GOOD_SECRET}\"\n[clients.billing_api]\nsecret = \"{GOOD_SECRET}\"\n"
    );
    let environment = [
        ("PORTCULLIS_CLIENTS__API__SECRET", OTHER),
        ("PORTCULLIS_CLIENTS__REPORTS__SECRET", THIRD),
    ];
    let config = load(&file, &environment);
    assert_eq!(ids(&config), ["api", "billing_api", "reports"]);
    let secrets = config
        .service_clients
        .iter()
        .map(|client| client.secret.expose().as_str());
    assert_eq!(secrets.collect::<Vec<_>>(), [OTHER, GOOD_SECRET, THIRD]);
    assert!(!format!("{config:?}").contains(OTHER));
}

#[test]
fn the_secret_of_a_service_may_be_in_a_file() {
    let variable = "PORTCULLIS_CLIENTS__API__SECRET_FILE";
    assert!(crate::config::environment::names_a_file(variable));
    let mut inputs = inputs("", &[(variable, "/run/secrets/api")]);
    inputs
        .variable_files
        .insert(variable.to_owned(), Ok(format!("{GOOD_SECRET}\n")));
    let config = Config::load(&inputs).unwrap();
    assert_eq!(config.service_clients[0].secret.expose(), GOOD_SECRET);
}

#[test]
fn a_service_needs_a_valid_name_and_a_secret() {
    let short = "x".repeat(31);
    for (file, problem) in [
        (
            "[clients.api]\n".to_owned(),
            "`clients.api.secret` is required: set it to what `portcullis secret` prints",
        ),
        (
            format!("[clients.api]\nsecret = \"{short}\"\n"),
            "portcullis.toml:2: `clients.api.secret` must have at least 32 characters: set it to what `portcullis secret` prints",
        ),
        (
            "[clients.api]\nsecret = 5\n".to_owned(),
            "portcullis.toml:2: `clients.api.secret` must be a text, but is an integer",
        ),
        (
            format!("[clients.API]\nsecret = \"{GOOD_SECRET}\"\n"),
            "portcullis.toml:2: `clients.API`: the name of a service consists of at most 64 lower-case letters, digits, `_` and `-`, begins with a letter and does not contain `__`",
        ),
        (
            format!("[clients.api]\nsecret = \"{GOOD_SECRET}\"\nsecert = \"a\"\n"),
            "portcullis.toml:3: unknown key `clients.api.secert`: did you mean `clients.api.secret`?",
        ),
        (
            "clients = 5\n".to_owned(),
            "portcullis.toml:1: `clients` must be a table",
        ),
    ] {
        assert_eq!(refused(&file, &[]), [problem]);
    }
}

#[test]
fn a_secret_that_is_easy_to_guess_is_refused_in_production_and_not_shown() {
    let repeating = "secret".repeat(7);
    let variable = ("PORTCULLIS_CLIENTS__API__SECRET", &*repeating.clone().leak());
    load("", &[variable]);
    let mut environment = production(&[]);
    environment.push(variable);
    assert_eq!(
        refused("", &environment),
        [
            "PORTCULLIS_CLIENTS__API__SECRET: `clients.api.secret` has too few different characters to be hard to guess: set it to what `portcullis secret` prints"
        ]
    );
}

#[test]
fn introspection_needs_a_service_or_a_private_listener() {
    let secret = ("PORTCULLIS_CLIENTS__API__SECRET", GOOD_SECRET);
    let enabled = ("PORTCULLIS_PLUGINS__INTROSPECTION__ENABLED", "true");
    let private = |address| ("PORTCULLIS_PLUGINS__INTROSPECTION__PRIVATE_BIND", address);
    assert!(load("", &[enabled, secret]).introspection.is_some());
    for address in [
        "127.0.0.1:4401",
        "[::1]:4401",
        "localhost:4401",
        "unix:/run/portcullis.sock",
    ] {
        let config = load("", &[enabled, private(address)]);
        assert_eq!(
            (config.private_bind.len(), config.warnings.len()),
            (1, 0),
            "{address}"
        );
    }
    let off = load(
        "",
        &[
            ("PORTCULLIS_PLUGINS__INTROSPECTION__ENABLED", "false"),
            private("127.0.0.1:4401"),
        ],
    );
    assert!(off.introspection.is_none() && off.private_bind.is_empty());

    for (environment, problem) in [
        (vec![enabled], "no service could use it"),
        (vec![enabled, private("127.0.0.1")], "is neither ADDRESS:PORT"),
        (vec![enabled, private("4401")], "is neither ADDRESS:PORT"),
        (
            vec![enabled, private("127.0.0.1:3000")],
            "is also an address of `bind`",
        ),
    ] {
        let problems = refused("", &environment);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(problem), "{problems:?}");
    }
}

#[test]
fn a_private_listener_that_other_machines_reach_is_a_warning() {
    for address in ["0.0.0.0:4401", "[::]:4401", "10.0.0.7:4401"] {
        let environment = [("PORTCULLIS_PLUGINS__INTROSPECTION__PRIVATE_BIND", address)];
        let warnings: Vec<String> = load("", &environment)
            .warnings
            .iter()
            .map(Problem::to_string)
            .collect();
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].starts_with(&format!(
                "PORTCULLIS_PLUGINS__INTROSPECTION__PRIVATE_BIND: `plugins.introspection.private_bind`: {address} is not a loopback address"
            )),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_secret_that_the_server_or_another_service_has_is_refused_and_not_shown() {
    const API: &str = "PORTCULLIS_CLIENTS__API__SECRET";
    let of_server = "PORTCULLIS_CLIENTS__API__SECRET: `clients.api.secret` is also a secret of this server, with which the service could forge sessions: set it to what `portcullis secret` prints";
    let previous = format!("{OTHER};{GOOD_SECRET}").leak();
    for server in [
        ("PORTCULLIS_SECRET", GOOD_SECRET),
        ("BETTER_AUTH_SECRET", GOOD_SECRET),
        ("AUTH_SECRET", GOOD_SECRET),
        ("PORTCULLIS_SECRETS", &*previous),
    ] {
        let api = (API, GOOD_SECRET);
        assert_eq!(refused("", &[server, api]), [of_server], "{server:?}");
        let production = production(&[("BETTER_AUTH_SECRET", ""), server, api]);
        assert_eq!(refused("", &production), [of_server], "{server:?}");
        load("", &[server, (API, THIRD)]);
    }
    let two = [(API, OTHER), ("PORTCULLIS_CLIENTS__REPORTS__SECRET", OTHER)];
    let problem = "PORTCULLIS_CLIENTS__REPORTS__SECRET: `clients.reports.secret` is also the secret of the service `api`: set it to what `portcullis secret` prints";
    assert_eq!(refused("", &two), [problem]);
    assert_eq!(refused("", &production(&two)), [problem]);
}

#[test]
fn a_refused_service_is_declared_and_named() {
    let file = "[plugins.introspection]\n[clients.api]\nsecret = [\"x\"]\n";
    assert_eq!(
        refused(file, &[]),
        ["portcullis.toml:3: `clients.api.secret` must be a text, but is a list"]
    );
    assert_eq!(
        refused("", &[("PORTCULLIS_CLIENTS__API__SECRET", "'quoted'")]),
        [
            "PORTCULLIS_CLIENTS__API__SECRET: `clients.api.secret` is enclosed in quotes, which would be a part of the value: remove the quotes"
        ]
    );
    assert_eq!(
        refused("", &[("PORTCULLIS_CLIENTS__API__SECERT", GOOD_SECRET)]),
        [
            "PORTCULLIS_CLIENTS__API__SECERT: unknown key `PORTCULLIS_CLIENTS__API__SECERT`: did you mean `PORTCULLIS_CLIENTS__API__SECRET`?"
        ]
    );
}

#[test]
fn a_service_is_an_administrator_only_if_the_configuration_says_so() {
    let file = format!(
        "[clients.api]\nsecret = \"{GOOD_SECRET}\"\n[clients.scripts]\nsecret = \"{OTHER}\"\nadministrator = true\n"
    );
    let config = load(&file, &[("PORTCULLIS_CLIENTS__REPORTS__SECRET", THIRD)]);
    let administrators = config
        .service_clients
        .iter()
        .filter(|client| client.is_administrator);
    let ids: Vec<_> = administrators.map(|client| client.id.as_str()).collect();
    assert_eq!(ids, ["scripts"]);
}
