//! `password.firebase`.

use super::*;

const KEY: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";

#[test]
fn the_signer_key_enables_hashes_of_firebase_and_is_not_shown() {
    assert!(load("", &[]).password.firebase.is_none());
    let config = load("", &[("PORTCULLIS_PASSWORD__FIREBASE__BASE64_SIGNER_KEY", KEY)]);
    assert!(config.password.firebase.is_some());
    let shown = format!("{:?}", config.password);
    assert!(shown.contains("signer_key: Secret(…)"), "{shown}");
}

#[test]
fn parameters_of_firebase_that_are_not_base64_are_refused_and_not_shown() {
    for (key, separator, refusal) in [
        (
            "not a key",
            "Bw==",
            "`password.firebase.base64_signer_key` is not base64",
        ),
        (
            KEY,
            "not a separator",
            "`password.firebase.base64_salt_separator` is not base64",
        ),
    ] {
        let file = format!(
            "[password.firebase]\nbase64_signer_key = \"{key}\"\nbase64_salt_separator = \"{separator}\""
        );
        let problems = refused(&file, &[]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(refusal), "{problems:?}");
        assert!(!problems[0].contains("not a"), "{problems:?}");
    }
}

#[test]
fn the_other_parameters_of_firebase_need_the_signer_key() {
    let problems = refused("[password.firebase]\nrounds = 8\nmem_cost = 14", &[]);
    assert_eq!(problems.len(), 2, "{problems:?}");
    for (problem, key) in problems.iter().zip(["rounds", "mem_cost"]) {
        let text = format!("`password.firebase.{key}` needs `password.firebase.base64_signer_key`");
        assert!(problem.contains(&text), "{problem}");
    }
}
