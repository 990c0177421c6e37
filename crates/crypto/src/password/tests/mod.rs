use portcullis_application::testing::SeededRandom;

use super::*;

mod foreign;

/// The lowest parameters that argon2 accepts.
const LITTLE: Argon2Parameters = Argon2Parameters {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};
/// Made by Better Auth: `password123`, salt `000102…0f`.
const BETTER_AUTH: &str = "000102030405060708090a0b0c0d0e0f:eedf8cd62212c4ef27d18a5f1f23f875e2571a8d6bc3cea577255d2cfe8729d8d4646badd72958bccbc96ef736af3a9cc0a4735cee8541bee27d392aeafffc3c";
/// Made by Better Auth: `pässwörd①`, which NFKC makes `pässwörd1`, same salt.
const BETTER_AUTH_NFKC: &str = "000102030405060708090a0b0c0d0e0f:8106d3115ce17363953f9a69a608a3a3de4d780553719a15e59fe3eb48343cac92e9b7cee9dc434a96a5eb691c5271f62763d50505534a97b1273fd9c521e68f";

/// Made by the reference implementation of argon2, from the password `password` and the salt `somesalt`.
const KNOWN: [&str; 6] = [
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$cpx6VEQbwTVZvcpxNIxOVUWZ5xnAipUmAe1cg2GMG70",
    "$argon2i$v=19$m=64,t=3,p=1$c29tZXNhbHQ$ihoUvqVsov6OyYl5Xx0TyvJZA9Atj6nkUbXTRj2NMzE",
    "$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$Bj+eR+LycLGV0+FiRfL3OgxHJE8XA/vAQ0igWFvefE8",
    "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$BNNN5hUxEQkUk67iF/12o/X1a4Jvvi9IzrjXfdGe2so",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$pMlwOs/gn+zdvoB/AGiRNA",
    "$argon2id$v=19$m=64,t=1,p=2$c29tZXNhbHQ$C9We8WT1euw2yhVoivYgSnDzgME8JnHaHrTkS/6GJqmdOIB8e84licAx5VIuY+7GVjjInBIkjrYSZgaNioGPBA",
];

fn hasher(scheme: Scheme) -> Hasher {
    let options = HasherOptions {
        scheme,
        permits: 2,
        queue: 8,
        firebase: None,
    };
    Hasher::new(options, Arc::new(SeededRandom::default()))
}

async fn verify(scheme: Scheme, password: &str, hash: &str) -> Verdict {
    hasher(scheme)
        .verify(&Password::new(password), &PasswordHash::new(hash))
        .await
        .unwrap()
}

#[tokio::test]
async fn hashes_of_better_auth_verify_after_nfkc() {
    assert_eq!(
        verify(Scheme::Scrypt, "password123", BETTER_AUTH).await,
        Verdict::Match
    );
    assert_eq!(
        verify(Scheme::Scrypt, "pässwörd①", BETTER_AUTH_NFKC).await,
        Verdict::Match
    );
    assert_eq!(
        verify(Scheme::Scrypt, "pässwörd1", BETTER_AUTH_NFKC).await,
        Verdict::Match
    );
    assert_eq!(
        verify(Scheme::Scrypt, "password124", BETTER_AUTH).await,
        Verdict::Mismatch
    );
    let upper = format!("{}{}", &BETTER_AUTH[..33], BETTER_AUTH[33..].to_uppercase());
    assert_eq!(
        verify(Scheme::Scrypt, "password123", &upper).await,
        Verdict::Match
    );
}

#[tokio::test]
async fn a_new_hash_matches_in_either_format() {
    for scheme in [Scheme::Scrypt, Scheme::Argon2id(LITTLE)] {
        let password = Password::new("correct horse");
        let hash = hasher(scheme).hash(&password).await.unwrap();
        assert_eq!(
            verify(scheme, "correct horse", hash.expose()).await,
            Verdict::Match
        );
        assert_eq!(
            verify(scheme, "correct hors", hash.expose()).await,
            Verdict::Mismatch
        );
    }
}

#[tokio::test]
async fn a_hash_with_the_maximum_of_passes_matches_and_one_with_more_does_not() {
    let most = Argon2Parameters {
        passes: Argon2Parameters::MAX_PASSES,
        ..LITTLE
    };
    let more = Argon2Parameters {
        passes: most.passes + 1,
        ..LITTLE
    };
    let excessive = Verdict::Unverifiable(Unverifiable::ExcessiveCost);
    for (parameters, verdict) in [(most, Verdict::Match), (more, excessive)] {
        let scheme = Scheme::Argon2id(parameters);
        let hash = hasher(scheme).hash(&Password::new("password123")).await.unwrap();
        assert_eq!(verify(scheme, "password123", hash.expose()).await, verdict);
    }
}

#[tokio::test]
async fn a_hash_in_another_format_or_with_other_parameters_is_stale() {
    let hash = hasher(Scheme::Argon2id(LITTLE))
        .hash(&Password::new("password123"))
        .await
        .unwrap();
    let more = Scheme::Argon2id(Argon2Parameters { passes: 2, ..LITTLE });
    for (scheme, hash) in [
        (more, hash.expose()),
        (Scheme::Scrypt, hash.expose()),
        (more, BETTER_AUTH),
    ] {
        assert_eq!(verify(scheme, "password123", hash).await, Verdict::MatchButStale);
        assert_eq!(verify(scheme, "password124", hash).await, Verdict::Mismatch);
    }
}

#[tokio::test]
async fn two_hashes_of_one_password_have_two_salts() {
    let hasher = hasher(Scheme::Argon2id(LITTLE));
    let password = Password::new("password123");
    let first = hasher.hash(&password).await.unwrap();
    let second = hasher.hash(&password).await.unwrap();
    assert_ne!(first.expose(), second.expose());
}

#[tokio::test]
async fn the_default_is_argon2id_with_owasps_minimum() {
    let hash = hasher(Scheme::Argon2id(Argon2Parameters::default()))
        .hash(&Password::new("x"))
        .await
        .unwrap();
    assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test]
async fn an_invalid_hash_or_one_with_excessive_parameters_matches_nothing() {
    let key = &BETTER_AUTH[33..];
    let unknown = [
        String::new(),
        ":".to_owned(),
        "salt".to_owned(),
        "salt:".to_owned(),
        format!("salt:{}", "z".repeat(128)),
        format!("salt:{}", &key[1..]),
        format!("{BETTER_AUTH}00"),
        "$argon2id$".to_owned(),
        "$".to_owned(),
        "$$$$$$".to_owned(),
        "$6$salt$hash".to_owned(),
        "pbkdf2_sha512$1000$salt$c29tZWhhc2hzb21laGFzaA==".to_owned(),
    ];
    let excessive = [
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA".to_owned(),
        "$argon2id$v=19$m=8,t=4294967295,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA".to_owned(),
    ];
    let unknown = unknown.map(|hash| (hash, Unverifiable::UnknownForm));
    let excessive = excessive.map(|hash| (hash, Unverifiable::ExcessiveCost));
    for (hash, reason) in unknown.into_iter().chain(excessive) {
        assert_eq!(
            verify(Scheme::Scrypt, "password123", &hash).await,
            Verdict::Unverifiable(reason),
            "{hash}"
        );
    }
}

#[tokio::test]
async fn hashes_of_every_argon2_algorithm_version_and_output_length_are_verified() {
    for hash in KNOWN {
        for (password, verdict) in [
            ("password", Verdict::MatchButStale),
            ("passwore", Verdict::Mismatch),
        ] {
            assert_eq!(verify(Scheme::Scrypt, password, hash).await, verdict, "{hash}");
        }
    }
}

#[tokio::test]
async fn a_hash_without_salt_or_output_or_of_an_unknown_algorithm_or_version_matches_nothing() {
    let (salt, output) = ("c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    for hash in [
        "$argon2id$v=19$m=8,t=1,p=1".to_owned(),
        format!("$argon2id$v=19$m=8,t=1,p=1${salt}"),
        format!("$argon2x$v=19$m=8,t=1,p=1${salt}${output}"),
        format!("$argon2id$v=18$m=8,t=1,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=7,t=1,p=1${salt}${output}"),
    ] {
        let verdict = verify(Scheme::Argon2id(LITTLE), "password", &hash).await;
        assert_eq!(
            verdict,
            Verdict::Unverifiable(Unverifiable::UnknownForm),
            "{hash}"
        );
    }
}

#[tokio::test]
async fn every_code_point_of_a_password_counts() {
    let password = "p🔑ss wörd with ünicode and 72 bytes or more so that nothing is cut off anywhere!";
    let scheme = Scheme::Argon2id(LITTLE);
    let hash = hasher(scheme).hash(&Password::new(password)).await.unwrap();
    for (place, letter) in password.char_indices() {
        let mut other = password.to_owned();
        other.replace_range(place..place + letter.len_utf8(), "#");
        assert_eq!(
            verify(scheme, &other, hash.expose()).await,
            Verdict::Mismatch,
            "{other}"
        );
    }
}

#[tokio::test]
async fn a_dummy_hash_is_computed_and_not_returned() {
    assert!(
        hasher(Scheme::Argon2id(LITTLE))
            .hash_dummy(&Password::new("password123"))
            .await
            .is_ok()
    );
}
