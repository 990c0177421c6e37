use portcullis_application::testing::SeededRandom;

use super::*;
use crate::testing::{SECRET, secrets};

/// Better Auth's ciphertext of `hello`, from the contract's vectors.
const HELLO: &str =
    "000102030405060708090a0b0c0d0e0f10111213141516177d3eb633ecd0aa570e23d2afea384047a71cf1c0f0";
/// One purpose for each key.
const PURPOSES: [SealPurpose; 2] = [SealPurpose::SigningKey, SealPurpose::Message];
/// The purposes whose texts Better Auth reads and writes.
const OF_BETTER_AUTH: [SealPurpose; 5] = [
    SealPurpose::SigningKey,
    SealPurpose::Code,
    SealPurpose::TwoFactor,
    SealPurpose::AuthorizationState,
    SealPurpose::ProviderToken,
];

/// Returns the same bytes at every call.
struct Fixed(Vec<u8>);

impl Random for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&self.0[..buffer.len()]);
    }
}

fn aead(texts: &[&str]) -> Aead {
    Aead::new(&secrets(texts), Arc::new(SeededRandom::default()))
}

fn open(texts: &[&str], purpose: SealPurpose, text: &str) -> Option<(String, bool)> {
    let opened = aead(texts).open(purpose, &Sealed(text.to_owned())).ok()?;
    Some((opened.text.expose().clone(), opened.is_stale))
}

#[test]
fn better_auths_ciphertexts_open_with_and_without_the_envelope_of_later_versions() {
    let hello = Some(("hello".to_owned(), false));
    for text in [
        HELLO.to_owned(),
        HELLO.to_uppercase(),
        format!("$ba$1${HELLO}"),
        format!("$ba$42${HELLO}"),
    ] {
        for purpose in OF_BETTER_AUTH {
            assert_eq!(open(&[SECRET], purpose, &text), hello, "{text}");
        }
    }
    for text in [
        format!("$ba${HELLO}"),
        format!("$ba$${HELLO}"),
        format!("$ba$x${HELLO}"),
        format!("$bb$1${HELLO}"),
    ] {
        for purpose in OF_BETTER_AUTH {
            assert_eq!(open(&[SECRET], purpose, &text), None, "{text}");
        }
    }
    let message = aead(&[SECRET]).seal(SealPurpose::Message, "hello").0;
    assert_eq!(
        open(&[SECRET], SealPurpose::Message, &format!("$ba$1${message}")),
        None
    );
}

#[test]
fn the_error_without_the_right_secret_names_what_is_encrypted_and_the_remedy() {
    for (purpose, what) in [
        (SealPurpose::SigningKey, "a signing key of JWTs"),
        (SealPurpose::Code, "a one-time code"),
        (SealPurpose::TwoFactor, "the second factor of a user"),
        (
            SealPurpose::AuthorizationState,
            "the state of an authorization request",
        ),
        (SealPurpose::ProviderToken, "a token of a provider"),
        (SealPurpose::Message, "a queued message"),
    ] {
        let sealed = aead(&[SECRET]).seal(purpose, "hello");
        let failure = aead(&["another secret"]).open(purpose, &sealed).unwrap_err();
        let expected =
            format!("could not decrypt {what}: add the secret with which it was encrypted to `secrets`");
        assert!(failure.causes().contains(&expected), "{}", failure.causes());
    }
}

/// Made by `symmetricEncrypt` of better-auth 1.4.22.
#[test]
fn a_private_key_of_better_auth_opens() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../../vectors/keys.json")).unwrap();
    let key = &vectors["keys"][0];
    let (text, _) = open(
        &[SECRET],
        SealPurpose::SigningKey,
        key["encrypted"].as_str().unwrap(),
    )
    .unwrap();
    assert_eq!(text, key["private"].as_str().unwrap());
}

/// Made by `symmetricEncrypt` of better-auth 1.4.22. With its nonce, ours is the same to the byte, so Better Auth opens it.
#[test]
fn second_factors_and_codes_have_better_auths_form_in_both_directions() {
    for purpose in [SealPurpose::TwoFactor, SealPurpose::Code] {
        has_form_of(purpose, include_str!("../../vectors/two_factor.json"));
    }
}

/// Made by `symmetricEncrypt` of better-auth 1.4.22.
#[test]
fn states_and_tokens_of_providers_have_better_auths_form_in_both_directions() {
    for purpose in [SealPurpose::AuthorizationState, SealPurpose::ProviderToken] {
        has_form_of(purpose, include_str!("../../vectors/social.json"));
    }
}

fn has_form_of(purpose: SealPurpose, vectors: &str) {
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    for vector in vectors["sealed"].as_array().unwrap() {
        let [text, encrypted] = ["text", "encrypted"].map(|name| vector[name].as_str().unwrap());
        let opened = open(&[SECRET], purpose, encrypted);
        assert_eq!(opened, Some((text.to_owned(), false)), "{vector}");
        let stale = open(&["another", SECRET], purpose, encrypted);
        assert_eq!(stale, Some((text.to_owned(), true)), "{vector}");
        let nonce = Fixed(hex::decode(encrypted).unwrap());
        let ours = Aead::new(&secrets(&[SECRET]), Arc::new(nonce)).seal(purpose, text);
        assert_eq!(ours.0, encrypted);
    }
}

#[test]
fn a_sealed_text_opens_only_for_its_purpose() {
    for sealed_for in PURPOSES {
        for text in ["", "hello", "Zoë \u{1f511}"] {
            let sealed = aead(&[SECRET]).seal(sealed_for, text).0;
            assert_eq!(sealed.len(), 2 * (NONCE_LENGTH + text.len() + 16));
            assert_eq!(sealed, sealed.to_lowercase());
            for shown_for in PURPOSES {
                let expected = (sealed_for == shown_for).then(|| (text.to_owned(), false));
                assert_eq!(open(&[SECRET], shown_for, &sealed), expected);
            }
        }
    }
}

#[test]
fn ciphertexts_of_old_secrets_are_stale_and_the_first_secret_encrypts() {
    for purpose in PURPOSES {
        let old = aead(&[SECRET]).seal(purpose, "hello").0;
        let hello = |is_stale| Some(("hello".to_owned(), is_stale));
        assert_eq!(open(&["another", SECRET], purpose, &old), hello(true));
        let new = aead(&["another", SECRET]).seal(purpose, "hello").0;
        assert_eq!(open(&["another", SECRET], purpose, &new), hello(false));
        assert_eq!(open(&["another"], purpose, &new), hello(false));
        assert_eq!(open(&[SECRET], purpose, &new), None);
    }
}

#[test]
fn one_text_sealed_twice_is_sealed_differently() {
    let aead = aead(&[SECRET]);
    let seal = || aead.seal(SealPurpose::Message, "hello");
    assert_ne!(seal(), seal());
}

#[test]
fn changed_or_truncated_ciphertexts_are_rejected() {
    for purpose in PURPOSES {
        let sealed = aead(&[SECRET]).seal(purpose, "hello").0;
        let bytes = hex::decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(open(&[SECRET], purpose, &hex::encode(&changed)), None, "{place}");
            assert_eq!(
                open(&[SECRET], purpose, &hex::encode(&bytes[..place])),
                None,
                "{place}"
            );
        }
        for text in [
            String::new(),
            "hello".to_owned(),
            format!("{sealed}0"),
            format!("{sealed}00"),
        ] {
            assert_eq!(open(&[SECRET], purpose, &text), None, "{text}");
        }
    }
}

/// Computed with another implementation: queued messages must stay readable across versions of the program.
#[test]
fn the_key_of_messages_stays_the_same() {
    assert_eq!(
        open(
            &[SECRET],
            SealPurpose::Message,
            "000102030405060708090a0b0c0d0e0f1011121314151617322dc372f5f3a5868201d95da99e7d7576649b8c50"
        ),
        Some(("hello".to_owned(), false))
    );
}
