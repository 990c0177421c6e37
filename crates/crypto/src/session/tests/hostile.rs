//! Tests with valid signatures of other claims, and with unsupported headers.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;

/// Whether a JWT with these claims and a valid signature opens.
fn opens(claims: &Value) -> bool {
    let hs256 = Hs256::new(&secrets(&[SECRET]));
    let text = hs256.sign(claims.to_string().as_bytes());
    cookies(&[SECRET]).open(Encoding::Jwt, &text, now()).is_some()
}

#[test]
fn genuine_claims_of_another_shape_are_not_a_session() {
    let good =
        json!({ "session": {}, "user": {}, "updatedAt": 1, "version": "1", "iat": 1, "exp": 1_767_225_601 });
    assert!(opens(&good));
    let with = |key: &str, value: Value| {
        let mut claims = good.clone();
        claims[key] = value;
        claims
    };
    assert!(opens(&with("nbf", json!(1_767_225_600))));
    assert!(opens(&with("beside", json!({}))));
    for (key, value) in [
        ("exp", json!(1_767_225_600)),
        ("exp", json!("1767225601")),
        ("exp", json!(null)),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(1_767_225_601)),
        ("nbf", json!("1")),
        ("iat", json!("1")),
        ("iat", json!(null)),
        ("updatedAt", json!("1")),
        ("updatedAt", json!(i64::MAX)),
        ("version", json!(1)),
        ("version", json!(null)),
        ("session", json!(null)),
        ("session", json!([])),
        ("session", json!("S")),
        ("user", json!(true)),
    ] {
        assert!(!opens(&with(key, value.clone())), "{key} {value}");
    }
    for key in ["session", "user", "updatedAt", "exp"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(key);
        assert!(!opens(&claims), "{key}");
    }
    for claims in [json!([]), json!(null), json!("session"), json!(1)] {
        assert!(!opens(&claims), "{claims}");
    }
}

#[test]
fn a_session_without_a_version_has_version_1() {
    let claims = json!({ "session": {}, "user": {}, "updatedAt": 1, "exp": 1_767_225_601 }).to_string();
    let read = claims::read(claims.as_bytes(), now(), 0).unwrap();
    assert_eq!(read.version, "1");
}

#[test]
fn another_algorithm_in_the_header_is_rejected() {
    let (claims, hs256) = (claims::write(&named("A"), None), Hs256::new(&secrets(&[SECRET])));
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"nOnE"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
    ] {
        let [header, claims] = [header.as_bytes(), &claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{claims}");
        let signature = hs256.signature(signed.as_bytes());
        for text in [format!("{signed}.{signature}"), format!("{signed}."), signed] {
            assert_eq!(cookies(&[SECRET]).open(Encoding::Jwt, &text, now()), None);
        }
    }
}

#[test]
fn an_unsupported_header_is_rejected_before_decryption() {
    let text = cookies(&[SECRET]).seal(Encoding::Jwe, &named("A"));
    let (_, rest) = text.split_once('.').unwrap();
    for header in [
        r#"{"alg":"dir","enc":"A256GCM"}"#,
        r#"{"alg":"A256KW","enc":"A256CBC-HS512"}"#,
        r#"{"alg":"PBES2-HS256+A128KW","enc":"A256CBC-HS512","p2c":2147483647}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","zip":"DEF"}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","crit":[]}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","kid":"another"}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","kid":["9FxAKt3hSIwuAwvpuUX0Th1Ykf8lCZH7E4PZkgxrJW0"]}"#,
        "[]",
    ] {
        let text = format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header));
        assert_eq!(
            cookies(&[SECRET]).open(Encoding::Jwe, &text, now()),
            None,
            "{header}"
        );
    }
}

#[test]
fn a_text_of_more_than_64_kib_is_rejected() {
    for encoding in ENCODINGS {
        for (length, is_read) in [(30_000, true), (60_000, false)] {
            let text = cookies(&[SECRET]).seal(encoding, &named(&"a".repeat(length)));
            let opened = cookies(&[SECRET]).open(encoding, &text, now());
            assert_eq!(opened.is_some(), is_read, "{encoding:?} {}", text.len());
        }
    }
}
