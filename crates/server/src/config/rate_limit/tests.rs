//! Rate limits and their rules.

use chrono::TimeDelta;
use portcullis_application::rate_limit::Storage;
use portcullis_domain::rate_limit::Rule;

use crate::config::tests::{PRODUCTION, load, production, refused};

fn rule(window: i64, max: u32) -> Rule {
    Rule {
        window: TimeDelta::seconds(window),
        max,
    }
}

#[test]
fn by_default_limits_are_on_in_production_and_off_in_development() {
    for (environment, is_on) in [
        (Vec::new(), false),
        (vec![("PORTCULLIS_RATE_LIMIT__ENABLED", "true")], true),
        (production(&[]), true),
        (production(&[("PORTCULLIS_RATE_LIMIT__ENABLED", "false")]), false),
    ] {
        let config = load("", &environment);
        assert_eq!(config.rate_limit.is_some(), is_on, "{environment:?}");
        assert_eq!(
            config.credentials.failed_sign_ins.is_some(),
            is_on,
            "{environment:?}"
        );
    }
}

#[test]
fn rules_have_the_defaults_of_better_auth() {
    let config = load("", &PRODUCTION);
    let limits = config.rate_limit.unwrap();
    assert_eq!(limits.general, rule(10, 100));
    assert_eq!(limits.storage, None);
    assert!(limits.custom.is_empty());
    let failed_sign_ins = config.credentials.failed_sign_ins.unwrap();
    assert_eq!(failed_sign_ins.rule, rule(900, 20));
    assert_eq!(failed_sign_ins.known_for, TimeDelta::days(30));
    assert_eq!(config.housekeeping.counts, TimeDelta::days(1));
    assert_eq!(config.housekeeping.known_addresses, TimeDelta::days(30));
    assert!(config.http.disabled_paths.is_empty());
}

#[test]
fn rules_are_read() {
    let file = r#"
disabled_paths = ["/sign-up/email", "/ok"]
[rate_limit]
enabled = true
window = 60
max = 20
storage = "database"
custom_rules = ["/get-session 7200 1000", "/sign-in/*  30   5", "/** off"]
failed_sign_ins = 5
failed_sign_in_window = 60
known_address_lifetime = 0
"#;
    let config = load(file, &[]);
    let limits = config.rate_limit.unwrap();
    assert_eq!(limits.general, rule(60, 20));
    assert_eq!(limits.storage, Some(Storage::Database));
    let custom: Vec<_> = limits.custom.iter().map(|custom| custom.rule).collect();
    assert_eq!(custom, [Some(rule(7200, 1000)), Some(rule(30, 5)), None]);
    assert!(limits.custom[1].path.matches("/sign-in/email"));
    let failed_sign_ins = config.credentials.failed_sign_ins.unwrap();
    assert_eq!(failed_sign_ins.rule, rule(60, 5));
    assert_eq!(failed_sign_ins.known_for, TimeDelta::zero());
    assert_eq!(config.http.disabled_paths, ["/sign-up/email", "/ok"]);
}

#[test]
fn a_list_in_the_environment_is_separated_by_commas() {
    let rules = (
        "PORTCULLIS_RATE_LIMIT__CUSTOM_RULES",
        "/get-session 10 1000, /ok off",
    );
    let custom = load("", &production(&[rules])).rate_limit.unwrap().custom;
    let custom: Vec<_> = custom.iter().map(|custom| custom.rule).collect();
    assert_eq!(custom, [Some(rule(10, 1000)), None]);
}

#[test]
fn each_invalid_custom_rule_is_refused_with_its_reason() {
    const FORM: &str = "is neither \"PATH WINDOW MAX\"";
    const NO_PATH: &str = "is not a path such as /sign-in/email";
    for (entry, reason) in [
        ("", FORM),
        ("/ok", FORM),
        ("/ok 10", FORM),
        ("/ok 10 20 30", FORM),
        ("/ok on", FORM),
        (
            "/ok 0 5",
            "has a window, in seconds, that is not a whole number from 1 to 86400",
        ),
        (
            "/ok 1d 5",
            "has a window, in seconds, that is not a whole number from 1 to 86400",
        ),
        (
            "/ok 10 0",
            "has a number of requests that is not a whole number from 1 to 1000000",
        ),
        (
            "/ok 10 -1",
            "has a number of requests that is not a whole number from 1 to 1000000",
        ),
        ("ok off", NO_PATH),
        ("/ok/ off", NO_PATH),
        ("/api/auth/ok off", "must not begin with the base path: write /ok"),
    ] {
        let problems = refused(&format!("rate_limit.custom_rules = [\"{entry}\"]"), &[]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let expected = format!("portcullis.toml:1: `rate_limit.custom_rules`: \"{entry}\" {reason}");
        assert!(problems[0].starts_with(&expected), "{}", problems[0]);
    }
}

#[test]
fn a_path_of_no_endpoint_is_refused_with_the_nearest_one() {
    let file = "disabled_paths = [\"/sign-in/emial\", \"/health/live\"]\nbase_path = \"/\"\nrate_limit.custom_rules = [\"/sign-on/* off\", \"/sign-in/*  30 5\", \"/zzzzzzzzzzzzzzzz/** off\"]";
    let problems = refused(file, &[]);
    for expected in [
        "portcullis.toml:1: `disabled_paths`: \"/health/live\" is not the path of an endpoint",
        "portcullis.toml:1: `disabled_paths`: \"/sign-in/emial\" is not the path of an endpoint: did you mean /sign-in/email?",
        "portcullis.toml:3: `rate_limit.custom_rules`: \"/sign-on/* off\" matches no endpoint: did you mean /sign-out?",
        "portcullis.toml:3: `rate_limit.custom_rules`: \"/zzzzzzzzzzzzzzzz/** off\" matches no endpoint",
    ] {
        assert!(
            problems.iter().any(|problem| problem.starts_with(expected)),
            "{expected}: {problems:?}"
        );
    }
    assert_eq!(problems.len(), 4);
}

#[test]
fn an_unsupported_storage_is_refused_by_name() {
    let problems = refused("rate_limit.storage = \"redis\"", &[]);
    let expected = "portcullis.toml:1: `rate_limit.storage`: \"redis\" is not supported yet; choose \"memory\" or \"database\"";
    assert_eq!(problems, [expected]);
}

#[test]
fn a_rule_in_the_database_with_too_many_requests_is_refused_with_advice() {
    const LIMIT: &str = "a rule that is counted in the database can allow at most 1000 requests, since each is stored: lower the number, or";
    let general = refused("rate_limit = { storage = \"database\", max = 1001 }", &[]);
    let expected = format!(
        "portcullis.toml:1: `rate_limit.max`: {LIMIT} set `rate_limit.storage = \"memory\"` or remove it"
    );
    assert_eq!(general, [expected]);
    for (storage, entry, path) in [
        ("storage = \"database\"", "/get-session 10 1001", "/get-session"),
        ("", "/sign-in/e* 10 5000", "/sign-in/email-otp"),
        ("", "/request-password-* 10 5000", "/request-password-reset"),
    ] {
        let problems = refused(
            &format!("[rate_limit]\n{storage}\ncustom_rules = [\"{entry}\"]"),
            &[],
        );
        let expected = format!(
            "portcullis.toml:3: `rate_limit.custom_rules`: \"{entry}\" matches {path}; {LIMIT} add an earlier rule that matches {path}, or set `rate_limit.storage = \"memory\"`"
        );
        assert_eq!(problems, [expected]);
    }
}

#[test]
fn a_rule_in_memory_or_that_limits_no_path_may_allow_more_requests() {
    for file in [
        "rate_limit.max = 1000000",
        "rate_limit = { storage = \"memory\", max = 1001, custom_rules = [\"/** 10 1001\"] }",
        "rate_limit = { storage = \"database\", max = 1000, custom_rules = [\"/** 10 1000\"] }",
        "rate_limit.custom_rules = [\"/get-session 10 5000\"]",
        "rate_limit.custom_rules = [\"/sign-*/* 10 3\", \"/change-* 10 3\", \"/request-* 60 3\", \"/send-* off\", \"/two-factor/* 10 3\", \"/email-otp/* 60 3\", \"/forget-password/* 60 3\", \"/phone-number/* 60 10\", \"/magic-link/* 60 5\", \"/** 10 5000\"]",
    ] {
        load(file, &[]);
    }
}
