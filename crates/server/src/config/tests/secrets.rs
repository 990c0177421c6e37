//! `secret` and `secrets`.

use super::*;

const OTHER_SECRET: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";

fn webhook_secret(config: &Config) -> String {
    config.secrets.as_ref().unwrap().webhook_secret().expose().clone()
}

#[test]
fn the_first_of_the_secrets_is_the_current_one() {
    let single = load("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]);
    let list = format!("secrets = [\"{GOOD_SECRET}\", \"{OTHER_SECRET}\"]");
    let of_environment = format!("{GOOD_SECRET}; {OTHER_SECRET}");
    for (file, variables) in [
        (list.as_str(), &[][..]),
        (&list, &[("BETTER_AUTH_SECRET", GOOD_SECRET)][..]),
        ("", &[("PORTCULLIS_SECRETS", of_environment.as_str())][..]),
    ] {
        assert_eq!(webhook_secret(&load(file, variables)), webhook_secret(&single));
    }
    let other = load("", &[("PORTCULLIS_SECRETS", "with, a comma;other")]);
    assert_eq!(
        webhook_secret(&other),
        webhook_secret(&load("secret = \"with, a comma\"", &[]))
    );
}

#[test]
fn two_different_current_secrets_are_refused() {
    let list = format!("secrets = [\"{OTHER_SECRET}\", \"{GOOD_SECRET}\"]");
    let problems = refused(&list, &[("BETTER_AUTH_SECRET", GOOD_SECRET)]);
    assert_eq!(
        problems,
        [
            "BETTER_AUTH_SECRET: `secret` and the first of `secrets` differ, but both are the current secret: remove `secret`"
        ]
    );
}

#[test]
fn every_secret_must_be_strong_in_production_and_none_is_shown() {
    let good = format!("{GOOD_SECRET};{OTHER_SECRET}");
    let environment = |secrets| {
        let mut environment = production(&[("BETTER_AUTH_SECRET", "")]);
        environment.push(("PORTCULLIS_SECRETS", secrets));
        environment
    };
    let good: &'static str = good.leak();
    assert!(load("", &environment(good)).secrets.is_some());
    let repeating = "secret".repeat(7);
    for (bad, fault) in [
        (
            format!("n3Vr1tQpZc8yLw0b;{GOOD_SECRET}"),
            "number 1 must have at least 32 characters",
        ),
        (
            format!("{GOOD_SECRET};{repeating}"),
            "number 2 has too few different characters",
        ),
        (
            format!("{GOOD_SECRET};{OTHER_SECRET};better-auth-secret-123456789"),
            "number 3 is a published example",
        ),
    ] {
        let problems = refused("", &environment(bad.leak()));
        assert_eq!(problems.len(), 1, "{problems:?}");
        let expected = format!("PORTCULLIS_SECRETS: `secrets`: {fault}");
        assert!(problems[0].starts_with(&expected), "{}", problems[0]);
        assert!(!problems[0].contains("n3Vr"), "{}", problems[0]);
    }
}

/// What it has signed and encrypted could not be read otherwise.
#[test]
fn a_short_previous_secret_is_accepted_with_a_warning() {
    let list: &'static str = format!("{GOOD_SECRET};n3Vr1tQpZc8yLw0b").leak();
    let environment = production(&[("BETTER_AUTH_SECRET", ""), ("PORTCULLIS_SECRETS", list)]);
    let config = load("", &environment);
    let warnings: Vec<_> = config.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].starts_with("PORTCULLIS_SECRETS: `secrets`: number 2 has fewer than 32 characters"),
        "{warnings:?}"
    );
    assert!(!warnings[0].contains("n3Vr"), "{warnings:?}");
    let in_development = load("", &[("PORTCULLIS_SECRETS", "one;other")]);
    assert_eq!(in_development.warnings, []);
}

#[test]
fn a_list_of_secrets_in_another_form_is_refused_without_its_secrets() {
    for text in [
        format!("{GOOD_SECRET},{OTHER_SECRET}"),
        format!("2:{GOOD_SECRET},1:{OTHER_SECRET}"),
        format!("[\"{GOOD_SECRET}\"]"),
    ] {
        let problems = refused("", &[("PORTCULLIS_SECRETS", &text)]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with(
                "PORTCULLIS_SECRETS: `secrets` must be secrets separated by semicolons, the current one first"
            ),
            "{problems:?}"
        );
        assert!(
            !problems[0].contains(GOOD_SECRET) && !problems[0].contains(OTHER_SECRET),
            "{problems:?}"
        );
    }
    let later = format!("2:{GOOD_SECRET},1:{OTHER_SECRET}");
    for environment in [
        vec![("BETTER_AUTH_SECRETS", later.as_str())],
        vec![
            ("BETTER_AUTH_SECRETS", later.as_str()),
            ("BETTER_AUTH_SECRET", GOOD_SECRET),
        ],
    ] {
        let problems = refused("", &environment);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with("BETTER_AUTH_SECRETS: ") && problems[0].contains("PORTCULLIS_SECRETS"),
            "{problems:?}"
        );
    }
}

/// As in Better Auth: other programs use the same name.
#[test]
fn auth_secret_is_used_only_if_no_other_secret_is_given() {
    let current = |file: &str, environment: &[(&'static str, &'static str)]| {
        let mut environment = environment.to_vec();
        environment.push(("AUTH_SECRET", OTHER_SECRET));
        webhook_secret(&load(file, &environment))
    };
    let good = webhook_secret(&load("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]));
    let other = webhook_secret(&load("", &[("BETTER_AUTH_SECRET", OTHER_SECRET)]));
    assert_eq!(current("", &[]), other);
    assert_eq!(current("", &[("BETTER_AUTH_SECRET", "")]), other);
    assert_eq!(current("", &[("BETTER_AUTH_SECRET", GOOD_SECRET)]), good);
    assert_eq!(current("", &[("PORTCULLIS_SECRET", GOOD_SECRET)]), good);
    assert_eq!(current(&format!("secret = \"{GOOD_SECRET}\""), &[]), good);
    assert_eq!(current(&format!("secrets = [\"{GOOD_SECRET}\"]"), &[]), good);
}
