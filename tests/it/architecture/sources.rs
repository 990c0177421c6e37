//! What each file may be and say.

use std::{fs, path::Path};

use super::{files, root, shown};

/// Features: what a deployment switches on and off. Each has this one name in every crate.
const FEATURES: &[&str] = &[
    "admin",
    "anonymous",
    "api_key",
    "bearer",
    "captcha",
    "dev_oidc",
    "device_authorization",
    "email_otp",
    "expo",
    "forward_auth",
    "generic_oauth",
    "have_i_been_pwned",
    "introspection",
    "jwt",
    "last_login_method",
    "magic_link",
    "multi_session",
    "oidc_provider",
    "one_tap",
    "one_time_token",
    "open_api",
    "organization",
    "passkey",
    "phone_number",
    "two_factor",
    "username",
];

/// The files in which the core may import a feature. `docs/adding-a-feature.md` says what each of them lists.
pub(super) const ROLL_CALLS: &[&str] = &[
    "crates/application/src/lib.rs",
    "crates/application/src/ports/mod.rs",
    "crates/application/src/ports/store.rs",
    "crates/application/src/testing/contract/mod.rs",
    "crates/application/src/testing/memory/mod.rs",
    "crates/application/src/testing/sealing/mod.rs",
    "crates/application/src/testing/store.rs",
    "crates/crypto/src/lib.rs",
    "crates/domain/src/id.rs",
    "crates/domain/src/lib.rs",
    "crates/http/src/lib.rs",
    "crates/http/src/roll_call.rs",
    "crates/http/src/route_list.rs",
    "crates/outbound/src/lib.rs",
    "crates/persistence/src/lib.rs",
    "crates/persistence/src/repositories.rs",
    "crates/server/src/compose.rs",
    "crates/server/src/config/assemble.rs",
    "crates/server/src/config/feature_cookies.rs",
    "crates/server/src/config/feature_fields.rs",
    "crates/server/src/config/feature_origins.rs",
    "crates/server/src/config/keys.rs",
    "crates/server/src/config/mod.rs",
    "crates/server/src/features.rs",
    "crates/server/src/lib.rs",
    "crates/server/src/providers.rs",
    "crates/server/src/seams.rs",
];

/// Crates and folders that use a part of a feature: providers issue JWTs, whose algorithms are those of `jwt`.
const USERS: &[(&str, &str)] = &[("crates/oauth/", "jwt"), ("crates/testkit/src/provider/", "jwt")];

/// How types of a built feature begin, if that differs from the types of the core.
const TYPES: &[(&str, &str)] = &[
    ("api_key", "ApiKey"),
    ("bearer", "Bearer"),
    ("captcha", "Captcha"),
    ("dev_oidc", "DevOidc"),
    ("email_otp", "EmailOtp"),
    ("forward_auth", "ForwardAuth"),
    ("generic_oauth", "GenericOAuth"),
    ("have_i_been_pwned", "HaveIBeenPwned"),
    ("introspection", "Introspection"),
    ("jwt", "Jwk"),
    ("last_login_method", "LastLogin"),
    ("magic_link", "MagicLinks"),
    ("one_tap", "OneTap"),
    ("open_api", "OpenApi"),
    ("phone_number", "PhoneNumbers"),
    ("two_factor", "TwoFactor"),
    ("username", "Username"),
];

/// Files with enums of the core that have variants for features, or with a `match` that decides about each variant.
const VARIANTS: &[&str] = &[
    "crates/application/src/ports/cipher.rs",
    "crates/application/src/ports/mac.rs",
    "crates/application/src/testing/mod.rs",
    "crates/application/src/testing/verifications.rs",
    "crates/application/src/testing/memory/verifications.rs",
    "crates/application/src/sign_in/completion/method.rs",
    "crates/application/src/testing/contract/verifications.rs",
    "crates/crypto/src/aead/mod.rs",
    "crates/crypto/src/separation.rs",
    "crates/domain/src/code/key.rs",
    "crates/domain/src/message/mod.rs",
    "crates/domain/src/payload_token.rs",
    "crates/domain/src/verification.rs",
    "crates/persistence/src/verification/identifier/mod.rs",
];

/// Crates that are not part of the server, so that its features mean nothing in them.
const OUTSIDE: &[&str] = &["crates/verify/"];

/// Files that a program writes.
const GENERATED: &[&str] = &["crates/persistence/src/schema.rs"];

/// Maximum lines of a file without its tests, and with them.
const LONGEST_PRODUCTION: usize = 300;
const LONGEST_FILE: usize = 400;

/// The feature that a file belongs to: the first part of its path, within its crate's sources, that names one.
fn owner(path: &str) -> Option<&'static str> {
    let places = ["/src/", "/tests/it/", "/benches/"];
    let (_, inside) = places.iter().find_map(|place| path.split_once(place))?;
    let first = inside
        .trim_start_matches("ports/")
        .trim_start_matches("testing/memory/")
        .trim_start_matches("testing/contract/")
        .trim_start_matches("testing/sealing/")
        .trim_start_matches("config/tests/")
        .trim_start_matches("config/")
        .split(['/', '.'])
        .next()?;
    FEATURES.iter().find(|feature| **feature == first).copied()
}

/// Features that a file imports and is not entitled to.
fn trespasses(path: &str, text: &str) -> Vec<String> {
    if ROLL_CALLS.contains(&path) {
        return Vec::new();
    }
    let own = owner(path);
    let paths = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .filter(|word| word.contains("::"))
        });
    paths
        .flat_map(|path| path.split("::"))
        .filter(|word| FEATURES.contains(word) && own != Some(*word) && !is_user(path, word))
        .map(|word| format!("{path}: {word}"))
        .collect()
}

fn is_user(path: &str, feature: &str) -> bool {
    let mut users = USERS.iter();
    users.any(|(folder, used)| path.starts_with(folder) && *used == feature)
}

fn sources() -> impl Iterator<Item = (String, String)> {
    let rust = files("crates", "rs").into_iter().chain(files("tests", "rs"));
    rust.map(|path| (shown(&path), fs::read_to_string(&path).unwrap()))
        .filter(|(path, _)| !path.starts_with("tests/it/architecture/"))
}

/// Sources of the server.
fn server_sources() -> impl Iterator<Item = (String, String)> {
    sources().filter(|(path, _)| !OUTSIDE.iter().any(|folder| path.starts_with(folder)))
}

#[test]
fn no_feature_imports_another_and_the_core_imports_none() {
    let found: Vec<String> = server_sources()
        .filter(|(path, _)| path.starts_with("crates/"))
        .flat_map(|(path, text)| trespasses(&path, &text))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

fn outside_of_texts(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').step_by(2)
}

/// Types of features that production code of the core names outside the lists.
fn types_of_features(path: &str, text: &str) -> Vec<String> {
    if ROLL_CALLS.contains(&path) || VARIANTS.contains(&path) || path.contains("/test") {
        return Vec::new();
    }
    let own = owner(path);
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let words = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(outside_of_texts)
        .flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    words
        .filter(|word| {
            let mut others = TYPES.iter().filter(|(feature, _)| own != Some(*feature));
            others.any(|(_, start)| word.starts_with(start))
        })
        .map(|word| format!("{path}: {word}"))
        .collect()
}

#[test]
fn the_core_names_no_type_of_a_feature() {
    let found: Vec<String> = server_sources()
        .filter(|(path, _)| path.contains("/src/"))
        .flat_map(|(path, text)| types_of_features(&path, &text))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    let seen = |path| types_of_features(path, "fn step(_: &TwoFactorStep) {}");
    assert_eq!(seen("crates/application/src/sign_in/completion/mod.rs").len(), 1);
    assert_eq!(seen("crates/application/src/username/mod.rs").len(), 1);
    assert_eq!(seen("crates/application/src/two_factor/totp.rs").len(), 0);
}

#[test]
fn an_import_of_a_feature_is_seen() {
    let seen = |path| trespasses(path, "use crate::two_factor::Enrolment;");
    assert_eq!(seen("crates/application/src/sign_in/completion/mod.rs").len(), 1);
    assert_eq!(seen("crates/application/src/admin/mod.rs").len(), 1);
    assert_eq!(seen("crates/application/src/two_factor/totp.rs").len(), 0);
    assert_eq!(seen("crates/application/src/ports/two_factor.rs").len(), 0);
    assert_eq!(seen("crates/application/src/ports/store.rs").len(), 0);
    assert_eq!(seen("crates/crypto/benches/two_factor.rs").len(), 0);
    assert_eq!(seen("crates/crypto/benches/cookie_cache.rs").len(), 1);
}

#[test]
fn no_file_is_too_long() {
    let written = sources().filter(|(path, _)| !GENERATED.contains(&path.as_str()));
    let long: Vec<String> = written
        .filter(|(path, text)| {
            production_lines(path, text) > LONGEST_PRODUCTION || text.lines().count() > LONGEST_FILE
        })
        .map(|(path, _)| path)
        .collect();
    assert!(
        long.is_empty(),
        "longer than {LONGEST_PRODUCTION} lines, or {LONGEST_FILE} with tests: {long:#?}"
    );
}

/// Returns how many lines of a file are not tests.
fn production_lines(path: &str, text: &str) -> usize {
    if path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs") {
        return 0;
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut counted = 0;
    let mut rest = lines.as_slice();
    loop {
        rest = match rest {
            // Tests in files of their own.
            ["#[cfg(test)]", next, rest @ ..] if next.ends_with(';') => rest,
            [] | ["#[cfg(test)]", ..] => return counted,
            [_, rest @ ..] => {
                counted += 1;
                rest
            }
        };
    }
}

#[test]
fn only_production_lines_are_counted_towards_their_limit() {
    let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {}\n";
    assert_eq!(production_lines("crates/http/src/a.rs", text), 2);
    let text = "#[cfg(test)]\nmod tests;\nmod time;\n\nfn a() {}\n";
    assert_eq!(production_lines("crates/http/src/a.rs", text), 3);
    assert_eq!(production_lines("crates/http/src/tests/a.rs", text), 0);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    for (path, text) in sources() {
        assert!(
            !text.contains("#[allow(") && !text.contains("#![allow("),
            "{path}"
        );
    }
}

#[test]
fn no_test_is_left_out() {
    for (path, text) in sources() {
        assert!(!text.contains("#[ignore"), "{path}");
    }
}

fn is_left_to_do(line: &str) -> bool {
    let mut words = line.split(|character: char| !character.is_ascii_alphabetic());
    words.any(|word| matches!(word, "TODO" | "FIXME"))
}

#[test]
fn what_is_left_to_do_has_a_number() {
    for (path, text) in sources() {
        for line in text.lines().filter(|line| is_left_to_do(line)) {
            assert!(line.contains('#'), "{path}: {line}");
        }
    }
}

#[test]
fn a_folder_and_a_file_never_share_a_name() {
    for path in files("crates", "rs") {
        assert!(
            !path.with_extension("").is_dir(),
            "{} and its folder",
            shown(&path)
        );
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for (path, text) in sources().filter(|(path, _)| path.ends_with("src/lib.rs")) {
        let head = text.lines().take_while(|line| line.starts_with("//!")).count();
        assert!(
            head >= 3,
            "{path}: begin with what the crate is and what it must not do"
        );
    }
}

#[test]
fn every_listed_file_exists() {
    for path in GENERATED.iter().chain(ROLL_CALLS) {
        assert!(root().join(Path::new(path)).exists(), "{path} is listed and gone");
    }
}
