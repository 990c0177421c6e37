//! Hashes of other programs.

use serde_json::Value;

use super::*;

const VECTORS: &str = include_str!("../../../vectors/passwords.json");
/// The names of the members with texts in the list.
const MEMBERS: [&str; 5] = ["form", "made_by", "hash", "password", "wrong"];

fn vectors() -> (Vec<[String; 5]>, FirebaseParameters) {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let entries = vectors["hashes"].as_array().unwrap().iter();
    let entries = entries.map(|entry| MEMBERS.map(|name| entry[name].as_str().unwrap().to_owned()));
    let firebase = &vectors["firebase"];
    let signer_key = Secret::new(firebase["base64_signer_key"].as_str().unwrap().to_owned());
    let separator = firebase["base64_salt_separator"].as_str().unwrap();
    let number = |name: &str| u32::try_from(firebase[name].as_u64().unwrap()).unwrap();
    let parameters =
        FirebaseParameters::decode(&signer_key, separator, number("rounds"), number("mem_cost")).unwrap();
    (entries.collect(), parameters)
}

fn options(firebase: Option<FirebaseParameters>) -> HasherOptions {
    HasherOptions {
        scheme: Scheme::Argon2id(LITTLE),
        permits: 2,
        queue: 8,
        firebase,
    }
}

async fn verdict(options: &HasherOptions, password: &str, hash: &str) -> Verdict {
    Hasher::new(options.clone(), Arc::new(SeededRandom::default()))
        .verify(&Password::new(password), &PasswordHash::new(hash))
        .await
        .unwrap()
}

fn form(options: &HasherOptions, hash: &str) -> Result<PasswordForm, Unverifiable> {
    options.form_of(&PasswordHash::new(hash))
}

#[tokio::test]
async fn hashes_of_other_libraries_match_their_password_and_are_stale() {
    let (entries, firebase) = vectors();
    assert!(entries.len() >= 40);
    let options = options(Some(firebase));
    for [form_name, made_by, hash, password, wrong] in entries {
        assert_eq!(form(&options, &hash).unwrap().to_string(), form_name, "{made_by}");
        let right = verdict(&options, &password, &hash).await;
        assert_eq!(right, Verdict::MatchButStale, "{made_by}: {hash}");
        let other = verdict(&options, &wrong, &hash).await;
        assert_eq!(other, Verdict::Mismatch, "{made_by}: {hash}");
    }
}

#[tokio::test]
async fn without_parameters_no_password_matches_a_hash_of_firebase() {
    let (entries, _) = vectors();
    let [_, _, hash, password, _] = entries
        .iter()
        .find(|entry| entry[0] == "Firebase's scrypt")
        .unwrap();
    let verdict = verdict(&options(None), password, hash).await;
    assert_eq!(verdict, Verdict::Unverifiable(Unverifiable::MissingParameters));
}

#[tokio::test]
async fn a_hash_of_firebase_may_be_in_either_base64_and_must_be_as_long_as_the_signer_key() {
    let (entries, firebase) = vectors();
    let [_, _, hash, password, _] = entries
        .iter()
        .find(|entry| entry[0] == "Firebase's scrypt")
        .unwrap();
    let options = options(Some(firebase));
    let web = hash.replace('+', "-").replace('/', "_").replace('=', "");
    assert_eq!(verdict(&options, password, &web).await, Verdict::MatchButStale);
    for invalid in [
        "firebase-scrypt$$",
        "firebase-scrypt$Bw==$Bw==",
        "firebase-scrypt$Bw==",
    ] {
        assert_eq!(
            form(&options, invalid),
            Err(Unverifiable::UnknownForm),
            "{invalid}"
        );
    }
}

#[test]
fn parameters_of_firebase_must_be_base64() {
    let decode = |key: &str, separator| {
        let decoded = FirebaseParameters::decode(&Secret::new(key.to_owned()), separator, 8, 14);
        decoded.map(|_| ())
    };
    assert_eq!(decode("Bw==", "Bw"), Ok(()));
    assert_eq!(decode("Bw-_", ""), Ok(()));
    assert_eq!(decode("", "Bw=="), Err(FirebaseParameterError::SignerKey));
    assert_eq!(decode("!", "Bw=="), Err(FirebaseParameterError::SignerKey));
    assert_eq!(decode("Bw==", "!"), Err(FirebaseParameterError::SaltSeparator));
}

#[test]
fn the_signer_key_does_not_show_in_debug_output() {
    let (_, firebase) = vectors();
    let shown = format!("{:?}", options(Some(firebase)));
    assert!(shown.contains("signer_key: Secret(…)"), "{shown}");
}

#[test]
fn a_hash_is_verified_up_to_the_limit_of_its_cost() {
    let options = options(None);
    let digest = "c29tZWhhc2hzb21laGFzaA";
    let bcrypt = "abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let argon2 = |parameters| format!("$argon2id$v=19${parameters}$c29tZXNhbHQ${digest}");
    for (within, above) in [
        (argon2("m=1048576,t=1,p=1"), argon2("m=1048577,t=1,p=1")),
        (argon2("m=524288,t=2,p=4"), argon2("m=524288,t=3,p=4")),
        (argon2("m=16384,t=64,p=1"), argon2("m=16385,t=64,p=1")),
        (argon2("m=1024,t=64,p=128"), argon2("m=1024,t=65,p=128")),
        (argon2("m=8,t=1,p=1"), argon2("m=1048576,t=64,p=1")),
        (
            format!("argon2{}", argon2("m=262144,t=4,p=1")),
            format!("argon2{}", argon2("m=262144,t=5,p=1")),
        ),
        (format!("$2b$14${bcrypt}"), format!("$2b$15${bcrypt}")),
        (
            format!("bcrypt_sha256$$2b$14${bcrypt}"),
            format!("bcrypt_sha256$$2b$31${bcrypt}"),
        ),
        (
            format!("$pbkdf2-sha256$2000000$c2FsdA${digest}"),
            format!("$pbkdf2-sha256$2000001$c2FsdA${digest}"),
        ),
        (
            format!("$pbkdf2-sha512$1000000$c2FsdA${}", "A".repeat(86)),
            format!("$pbkdf2-sha512$1000001$c2FsdA${}", "A".repeat(86)),
        ),
        // A key of four blocks of SHA-1.
        (
            format!("$pbkdf2$500000$c2FsdA${}", "A".repeat(86)),
            format!("$pbkdf2$500001$c2FsdA${}", "A".repeat(86)),
        ),
        (
            format!("pbkdf2_sha256$2000000$salt${digest}=="),
            format!("pbkdf2_sha256$18446744073709551615$salt${digest}=="),
        ),
        (
            format!("$scrypt$ln=17,r=8,p=2$c2FsdA${digest}"),
            format!("$scrypt$ln=17,r=8,p=3$c2FsdA${digest}"),
        ),
        (
            format!("$scrypt$ln=16,r=16,p=1$c2FsdA${digest}"),
            format!("$scrypt$ln=16,r=17,p=1$c2FsdA${digest}"),
        ),
        (
            format!("scrypt$16384$salt$8$5${digest}"),
            format!("scrypt$16384$salt$8$99999999999999${digest}"),
        ),
        (
            format!("$scrypt$ln=1,r=1,p=1$c2FsdA${digest}"),
            format!("$scrypt$ln=4294967295,r=1,p=1$c2FsdA${digest}"),
        ),
    ] {
        assert!(form(&options, &within).is_ok(), "{within}");
        assert_eq!(
            form(&options, &above),
            Err(Unverifiable::ExcessiveCost),
            "{above}"
        );
    }
}

#[test]
fn an_incomplete_hash_of_another_program_has_an_unknown_form() {
    let options = options(None);
    let digest = "c29tZWhhc2hzb21laGFzaA";
    let bcrypt = "abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    for hash in [
        format!("$2b$03${bcrypt}"),
        format!("$2x$10${bcrypt}"),
        format!("$2b$10${}", &bcrypt[1..]),
        format!("$2b$10${bcrypt}$"),
        format!("$2b$1x${bcrypt}"),
        "$2b$10$é".to_owned(),
        format!("{{bcrypt}}{bcrypt}"),
        format!("bcrypt$2b$10${bcrypt}"),
        "$bcrypt-sha256$v=3,t=2b,r=4$AYHmTEX.x6aHRDGEuZEwcu$AI5CjW7TzruvDGUN1dJEC0Idjs6D9Ie".to_owned(),
        "$bcrypt-sha256$v=2,r=4,t=2b$AYHmTEX.x6aHRDGEuZEwcu$AI5CjW7TzruvDGUN1dJEC0Idjs6D9Ie".to_owned(),
        format!("$pbkdf2-md5$1000$c2FsdA${digest}"),
        format!("$pbkdf2-sha256$0$c2FsdA${digest}"),
        format!("$pbkdf2-sha256$-1$c2FsdA${digest}"),
        "$pbkdf2-sha256$1000$c2FsdA$".to_owned(),
        "$pbkdf2-sha256$1000$c2FsdA$c29tZQ".to_owned(),
        format!("$pbkdf2-sha256$1000$c2Fsd+${digest}"),
        format!("$pbkdf2-sha256$i=1000,l=17$c2FsdA${digest}"),
        format!("$pbkdf2-sha256$l=16$c2FsdA${digest}"),
        "pbkdf2_sha256$1000$salt$".to_owned(),
        format!("$scrypt$ln=10,r=8$c2FsdA${digest}"),
        format!("$scrypt$ln=0,r=8,p=1$c2FsdA${digest}"),
        format!("$scrypt$ln=10,r=0,p=1$c2FsdA${digest}"),
        "$scrypt$ln=10,r=8,p=1$c2FsdA$".to_owned(),
        format!("scrypt$1000$salt$8$1${digest}"),
        format!("scrypt$1024$salt$8${digest}"),
    ] {
        assert_eq!(form(&options, &hash), Err(Unverifiable::UnknownForm), "{hash}");
    }
}

#[test]
fn the_forms_of_one_password_together_take_no_more_than_the_limit() {
    let (typed, normalized): (&[u8], &[u8]) = ("pässwörd①".as_bytes(), "pässwörd1".as_bytes());
    for (memory_kib, passes, hashes) in [
        (8, 1, 2),
        (19_456, 2, 2),
        (524_288, 1, 2),
        (262_144, 2, 2),
        (524_289, 1, 1),
        (262_144, 3, 1),
        (1_048_576, 1, 1),
    ] {
        let parameters = Argon2Parameters {
            memory_kib,
            passes,
            lanes: 1,
        };
        let hash = format!("$argon2id$v=19$m={memory_kib},t={passes},p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA");
        let stored = argon2::Stored::parse(&hash).unwrap();
        for (is_current, first) in [(true, normalized), (false, typed)] {
            let inputs: Vec<_> = stored.inputs(typed, normalized, is_current).collect();
            assert_eq!((inputs.len(), inputs[0]), (hashes, first), "{hash}");
            assert!(
                inputs.len() as u64 * parameters.work() <= Argon2Parameters::MAX_WORK,
                "{hash}"
            );
            assert_eq!(stored.inputs(typed, typed, is_current).count(), 1, "{hash}");
        }
    }
}

#[tokio::test]
async fn an_argon2_hash_of_a_program_that_does_not_normalise_matches_the_typed_password() {
    let typed = "pässwörd①";
    let work = Memory::new(8);
    let hash = argon2::hash(&Secret::new(typed.to_owned()), b"somesalt", LITTLE, &work).unwrap();
    for (scheme, expected) in [
        (Scheme::Argon2id(LITTLE), Verdict::Match),
        (Scheme::Scrypt, Verdict::MatchButStale),
    ] {
        assert_eq!(super::verify(scheme, typed, hash.expose()).await, expected);
        let normalized = super::verify(scheme, "pässwörd1", hash.expose()).await;
        assert_eq!(normalized, Verdict::Mismatch);
    }
}

#[tokio::test]
async fn a_cost_above_the_limit_is_rejected_without_work() {
    // With this cost, the work would take years.
    let hash = "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let verdict = verdict(&options(None), "correct horse", hash).await;
    assert_eq!(verdict, Verdict::Unverifiable(Unverifiable::ExcessiveCost));
}
