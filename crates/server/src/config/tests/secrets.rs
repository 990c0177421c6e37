//! `secret` and `secrets`.

use super::*;

const OTHER_SECRET: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";

fn webhook_secret(config: &Config) -> String {
    config.secrets.as_ref().unwrap().webhook_secret().expose().clone()
}

#[test]
fn the_first_of_the_secrets_is_the_one_of_today() {
    let alone = load("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]);
    let list = format!("secrets = [\"{GOOD_SECRET}\", \"{OTHER_SECRET}\"]");
    let of_environment = format!("{GOOD_SECRET}; {OTHER_SECRET}");
    for config in [
        load(&list, &[]),
        load(&list, &[("BETTER_AUTH_SECRET", GOOD_SECRET)]),
        load("", &[("PORTCULLIS_SECRETS", &of_environment)]),
    ] {
        assert_eq!(webhook_secret(&config), webhook_secret(&alone));
    }
    let other = load("", &[("PORTCULLIS_SECRETS", "with, a comma;other")]);
    assert_eq!(
        webhook_secret(&other),
        webhook_secret(&load("secret = \"with, a comma\"", &[]))
    );
}

#[test]
fn two_secrets_of_today_are_one_too_many() {
    let list = format!("secrets = [\"{OTHER_SECRET}\", \"{GOOD_SECRET}\"]");
    let problems = refused(&list, &[("BETTER_AUTH_SECRET", GOOD_SECRET)]);
    assert_eq!(
        problems,
        [
            "BETTER_AUTH_SECRET: `secret` and the first of `secrets` are two: which is the one of today? Leave out `secret`"
        ]
    );
}

#[test]
fn every_one_must_be_good_in_production_and_none_is_shown() {
    let good = format!("{GOOD_SECRET};{OTHER_SECRET}");
    let environment = |secrets| {
        let mut environment = production(&[("BETTER_AUTH_SECRET", "")]);
        environment.push(("PORTCULLIS_SECRETS", secrets));
        environment
    };
    let good: &'static str = good.leak();
    assert!(load("", &environment(good)).secrets.is_some());
    let bad: &'static str = format!("{GOOD_SECRET};n3Vr1tQpZc8yLw0b").leak();
    let problems = refused("", &environment(bad));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("PORTCULLIS_SECRETS: `secrets`: number 2 must have at least 32 characters"),
        "{}",
        problems[0]
    );
    assert!(!problems[0].contains("n3Vr"), "{}", problems[0]);
}

/// As in the reference: other programs have the name, too.
#[test]
fn the_second_name_of_the_secret_counts_where_none_is_given_otherwise() {
    let of_today = |file: &str, environment: &[(&'static str, &'static str)]| {
        let mut environment = environment.to_vec();
        environment.push(("AUTH_SECRET", OTHER_SECRET));
        webhook_secret(&load(file, &environment))
    };
    let good = webhook_secret(&load("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]));
    let other = webhook_secret(&load("", &[("BETTER_AUTH_SECRET", OTHER_SECRET)]));
    assert_eq!(of_today("", &[]), other);
    assert_eq!(of_today("", &[("BETTER_AUTH_SECRET", "")]), other);
    assert_eq!(of_today("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]), good);
    assert_eq!(of_today("", &[("PORTCULLIS_SECRET", GOOD_SECRET)]), good);
    assert_eq!(of_today(&format!("secret = \"{GOOD_SECRET}\""), &[]), good);
    assert_eq!(of_today(&format!("secrets = [\"{GOOD_SECRET}\"]"), &[]), good);
}
