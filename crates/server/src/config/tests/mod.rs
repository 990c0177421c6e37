mod api_key;
mod bad_values;
mod firebase;
mod mode;
mod people;
mod plain;
mod profiles;
mod secrets;
mod variables;
mod warnings;

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use portcullis_crypto::{Argon2Parameters, Scheme};
use portcullis_http::{Limits, Listen};
use tracing::level_filters::LevelFilter;

use super::*;

pub(super) const GOOD_SECRET: &str = "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e";
/// All settings that production requires.
pub(super) const PRODUCTION: [(&str, &str); 4] = [
    ("PORTCULLIS_MODE", "production"),
    ("BETTER_AUTH_URL", "https://auth.example.com"),
    ("BETTER_AUTH_SECRET", GOOD_SECRET),
    ("DATABASE_URL", "postgres://u:p@db.internal/auth"),
];

pub(super) fn inputs(file: &str, environment: &[(&str, &str)]) -> Inputs {
    Inputs {
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        file: (!file.is_empty()).then(|| File {
            name: "portcullis.toml".to_owned(),
            text: file.to_owned(),
        }),
        directory: "/nowhere".into(),
        ..Inputs::default()
    }
}

pub(super) fn load(file: &str, environment: &[(&str, &str)]) -> Config {
    Config::load(&inputs(file, environment)).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Returns the problems, one per entry.
pub(super) fn refused(file: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let problems = Config::load(&inputs(file, environment)).unwrap_err().to_string();
    let lines = problems.lines().skip(1);
    lines.map(|line| line.replacen("  - ", "", 1)).collect()
}

/// Returns the variables of production, some of them replaced. An empty one is ignored.
pub(super) fn production(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut environment: BTreeMap<_, _> = PRODUCTION.into_iter().collect();
    environment.extend(changes.iter().copied());
    environment.into_iter().collect()
}

#[test]
fn an_empty_configuration_is_development_with_the_documented_defaults() {
    let config = load("", &[]);
    assert_eq!(config.mode, Mode::Development);
    assert_eq!(config.bind, [Listen::Tcp("127.0.0.1:3000".parse().unwrap())]);
    assert_eq!(config.http.base_url.as_str(), "http://localhost:3000/");
    assert_eq!(config.http.base_path, "/api/auth");
    assert!(!config.http.cookies.session_token.attributes.secure);
    assert_eq!(config.http.limits, Limits::default());
    assert_eq!(config.http.drain, Duration::from_secs(30));
    assert!(config.secrets.is_none());
    assert!(config.database.url.is_none());
    assert_eq!(
        config.database.options,
        portcullis_persistence::StoreOptions::default()
    );
    assert_eq!(config.session.policy.expires_in, TimeDelta::days(7));
    assert_eq!(config.session.policy.update_age, TimeDelta::days(1));
    assert_eq!(
        (
            config.credentials.policy.min_length,
            config.credentials.policy.max_length
        ),
        (8, 128)
    );
    assert_eq!(config.credentials.refusal_floor, Duration::from_millis(300));
    assert!(config.sign_in.enabled && config.sign_up.enabled);
    assert_eq!(config.password.scheme, OWASP);
    assert_eq!(config.password.queue, 64);
    assert_eq!(config.log.level, LevelFilter::INFO);
}

const OWASP: Scheme = Scheme::Argon2id(Argon2Parameters {
    memory_kib: 19_456,
    passes: 2,
    lanes: 1,
});

#[test]
fn every_key_of_the_table_is_read() {
    let mut settings = Settings::default();
    settings.enter("clients.api");
    settings.enter("social_providers.github");
    settings.enter("plugins.generic_oauth.providers.idp");
    Config::assemble(&mut settings, &inputs("", &[]));
    let table: Vec<_> = keys::keys().map(|key| key.name.to_owned()).collect();
    let mut asked = settings.asked();
    for name in &table {
        assert!(asked.remove(name), "`{name}` is accepted and ignored");
    }
    assert!(asked.is_empty(), "not in the table: {asked:?}");
}

#[test]
fn the_environment_overrides_the_file_and_our_variables_override_those_of_better_auth() {
    let file = "base_url = \"http://localhost:1\"\n[session]\nexpires_in = 100\nupdate_age = 10";
    let config = load(
        file,
        &[
            ("PORTCULLIS_SESSION__EXPIRES_IN", "200"),
            ("BETTER_AUTH_URL", "http://localhost:2"),
        ],
    );
    assert_eq!(config.session.policy.expires_in, TimeDelta::seconds(200));
    assert_eq!(config.session.policy.update_age, TimeDelta::seconds(10));
    assert_eq!(config.http.base_url.as_str(), "http://localhost:2/");

    let both = [
        ("PORTCULLIS_BASE_URL", "http://localhost:3"),
        ("BETTER_AUTH_URL", "http://localhost:2"),
    ];
    assert_eq!(load(file, &both).http.base_url.as_str(), "http://localhost:3/");
    let empty = [("PORTCULLIS_BASE_URL", ""), ("BETTER_AUTH_URL", "")];
    assert_eq!(load(file, &empty).http.base_url.as_str(), "http://localhost:1/");
}

#[test]
fn values_of_the_environment_are_read_by_the_kind_of_their_key() {
    let config = load(
        "",
        &[
            ("PORTCULLIS_EMAIL_AND_PASSWORD__MIN_PASSWORD_LENGTH", "12"),
            ("PORTCULLIS_EMAIL_AND_PASSWORD__DISABLE_SIGN_UP", "true"),
            ("PORTCULLIS_BIND", "127.0.0.1:0, [::1]:0, localhost:81"),
            ("BETTER_AUTH_TRUSTED_ORIGINS", " https://a.com , ,myapp://"),
            ("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/8,::1"),
            ("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true"),
            ("PORTCULLIS_LOG__LEVEL", "debug"),
            ("PORTCULLIS_SERVICE_HOST", "10.0.0.1"),
            ("PORTCULLIS_PORT", "tcp://10.0.0.1:3000"),
        ],
    );
    assert_eq!(config.credentials.policy.min_length, 12);
    assert!(config.sign_in.enabled && !config.sign_up.enabled);
    assert_eq!(config.bind.len(), 3);
    assert!(config.http.trusted_origins.trusts_origin("https://a.com"));
    assert_eq!(
        config.http.trusted_proxies,
        ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]
    );
    assert_eq!(config.password.scheme, Scheme::Scrypt);
    assert_eq!(config.log.level, LevelFilter::DEBUG);
}

#[test]
fn better_auths_variable_adds_trusted_origins_to_those_of_the_file() {
    let file = "trusted_origins = [\"https://file.test\"]";
    let theirs = ("BETTER_AUTH_TRUSTED_ORIGINS", "https://theirs.test, myapp://");
    let ours = ("PORTCULLIS_TRUSTED_ORIGINS", "https://ours.test");
    let trusted = |environment: &[(&str, &str)]| {
        let origins = load(file, environment).http.trusted_origins;
        origins.patterns().map(str::to_owned).collect::<Vec<_>>()
    };
    let own = "http://localhost:3000";
    assert_eq!(trusted(&[]), ["https://file.test", own]);
    assert_eq!(
        trusted(&[theirs]),
        ["https://file.test", "https://theirs.test", "myapp://", own]
    );
    assert_eq!(trusted(&[ours]), ["https://ours.test", own]);
    assert_eq!(trusted(&[ours, theirs]), ["https://ours.test", own]);

    let problems = refused(
        "trusted_origins = [\"app.test\"]",
        &[("BETTER_AUTH_TRUSTED_ORIGINS", "MYAPP://")],
    );
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[0].starts_with("portcullis.toml:1: `trusted_origins`: \"app.test\" has no scheme"),
        "{problems:?}"
    );
    assert_eq!(
        problems[1],
        "BETTER_AUTH_TRUSTED_ORIGINS: `trusted_origins`: \"MYAPP://\" would match nothing: write \"myapp://\""
    );
}

#[test]
fn all_problems_are_reported_at_once_with_their_places() {
    let file = "base_url = \"ftp://x\"\n\n[session]\nexpire_in = 5\nupdate_age = \"1d\"\n[plugins.sso]\nenabled = true\n[emailAndPassword]\nenabled = true\n[delivery]\ntransport = \"pigeon\"\n";
    let problems = refused(
        file,
        &[
            ("PORTCULLIS_MODUS", "production"),
            ("PORTCULLIS_DATABASE__POOL_SIZE", "many"),
        ],
    );
    assert_eq!(
        problems,
        [
            "portcullis.toml:1: `base_url` must be an http or https URL without user, query and fragment, such as https://auth.example.com",
            "portcullis.toml:4: unknown key `session.expire_in`: did you mean `session.expires_in`?",
            "portcullis.toml:5: `session.update_age` must be a whole number of seconds from 0 to 34560000, but is a text",
            "portcullis.toml:7: `plugins.sso.enabled` is not supported yet",
            "portcullis.toml:8: unknown key `emailAndPassword`: it is spelled `email_and_password` here",
            "portcullis.toml:11: `delivery.transport` must be \"inbox\" or \"smtp\" or \"webhook\" or \"none\", but is \"pigeon\"",
            "PORTCULLIS_DATABASE__POOL_SIZE: `database.pool_size` must be a whole number of connections from 1 to 1000, but is \"many\"",
            "PORTCULLIS_MODUS: unknown key `PORTCULLIS_MODUS`: did you mean `PORTCULLIS_MODE`?",
        ]
    );
}

#[test]
fn a_file_that_is_not_toml_is_reported_with_its_line_and_without_missing_keys() {
    let problems = refused("mode = \"production\"\nsecret = \"n3Vr1tQp\nbind = 3\n", &[]);
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(
            problem.starts_with("portcullis.toml:2: invalid TOML: "),
            "{problem}"
        );
        assert!(!problem.contains("n3Vr1tQp"), "{problem}");
    }
}

#[test]
fn the_maximum_argon2id_parameters_can_be_verified() {
    for (name, most) in [
        ("password.argon2.memory", Argon2Parameters::MAX_MEMORY_KIB),
        ("password.argon2.passes", Argon2Parameters::MAX_PASSES),
    ] {
        let kind = &keys::find(name).unwrap().kind;
        assert!(
            matches!(kind, key::Kind::Number(range) if range.most == u64::from(most)),
            "{name}"
        );
    }
}

#[test]
fn a_single_pass_of_argon2id_requires_more_memory() {
    let config = load("password.argon2 = { passes = 1, memory = 47104 }", &[]);
    let stronger = Argon2Parameters {
        memory_kib: 47_104,
        passes: 1,
        lanes: 1,
    };
    assert_eq!(config.password.scheme, Scheme::Argon2id(stronger));
}

#[test]
fn the_memory_of_argon2id_times_its_passes_is_limited() {
    for (memory, passes) in [(1_048_576, 1), (524_288, 2), (19_456, 53)] {
        let file = format!("password.argon2 = {{ passes = {passes}, memory = {memory} }}");
        let parameters = Argon2Parameters {
            memory_kib: memory,
            passes,
            lanes: 1,
        };
        assert_eq!(load(&file, &[]).password.scheme, Scheme::Argon2id(parameters));
    }
    for (file, product) in [
        ("password.argon2.memory = 1048576", "2097152"),
        ("password.argon2.passes = 54", "1050624"),
        ("password.argon2 = { passes = 3, memory = 524288 }", "1572864"),
    ] {
        let problems = refused(file, &[]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0]
                .contains("`password.argon2.memory` times `password.argon2.passes` must be at most 1048576")
                && problems[0].contains(product),
            "{problems:?}"
        );
    }
}

#[test]
fn a_path_in_the_base_url_replaces_the_base_path() {
    for (base_url, path) in [
        ("http://localhost:3000", "/own"),
        ("http://localhost:3000/", "/own"),
        ("http://localhost:3000/auth", "/auth"),
        ("http://localhost:3000/auth/v1//", "/auth/v1"),
    ] {
        let config = load("base_path = \"/own\"", &[("BETTER_AUTH_URL", base_url)]);
        assert_eq!(config.http.base_path, path, "{base_url}");
        assert_eq!(config.http.base_url.as_str(), "http://localhost:3000/");
    }
    assert_eq!(load("base_path = \"/\"", &[]).http.base_path, "");
}

#[test]
fn secrets_are_neither_in_problems_nor_in_debug_output() {
    let config = load("", &PRODUCTION);
    assert!(!format!("{config:?}").contains(GOOD_SECRET));
    let problems = refused("", &production(&[("BETTER_AUTH_SECRET", "n3Vr1tQpZc8yLw0b")]));
    assert!(!problems.concat().contains("n3Vr1tQpZc8yLw0b"));
}

#[test]
fn the_log_is_text_on_a_terminal_and_in_the_journal_and_json_elsewhere() {
    for (log_output, usual) in [
        (LogOutput::Terminal, Format::Text),
        (LogOutput::Journal, Format::Text),
        (LogOutput::Other, Format::Json),
    ] {
        for (file, format) in [
            ("", usual),
            ("log.format = \"text\"", Format::Text),
            ("log.format = \"json\"", Format::Json),
        ] {
            let inputs = Inputs {
                log_output,
                ..inputs(file, &[])
            };
            assert_eq!(
                Config::load(&inputs).unwrap().log.format,
                format,
                "{log_output:?} {file}"
            );
        }
    }
}
