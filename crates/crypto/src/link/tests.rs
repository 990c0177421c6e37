use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::testing::{SECRET, secrets};

// Made by `createEmailVerificationToken` of better-auth 1.4.22 at the start of 2026, valid for an hour.
const VERIFY: &str = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXguY29tIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjkyMDB9.tiXdLF5ibCZLY-aiCAB5nifAhKtSbL6ot2kzfzpb4Yo";
const CONFIRM: &str = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXguY29tIiwidXBkYXRlVG8iOiJiQGV4LmNvbSIsInJlcXVlc3RUeXBlIjoiY2hhbmdlLWVtYWlsLWNvbmZpcm1hdGlvbiIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwfQ.VccGJPv9rsuhnZSHngu_CkbF32crdsWRqDaS1-M6HnU";
const CHANGE: &str = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXguY29tIiwidXBkYXRlVG8iOiJiQGV4LmNvbSIsInJlcXVlc3RUeXBlIjoiY2hhbmdlLWVtYWlsLXZlcmlmaWNhdGlvbiIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwfQ.ty-BAKPmmn9zVMKX0zU_ZMlg1L75bahKd4ZyhNe03GM";

fn tokens(texts: &[&str]) -> LinkTokens {
    LinkTokens::new(&secrets(texts))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

fn end() -> DateTime<Utc> {
    now() + TimeDelta::hours(1)
}

fn link(request: LinkRequest) -> EmailLink {
    let email = EmailAddress::parse("a@ex.com").unwrap();
    EmailLink { email, request }
}

fn vectors() -> [(&'static str, EmailLink); 3] {
    let to = || EmailAddress::parse("b@ex.com").unwrap();
    [
        (VERIFY, link(LinkRequest::Verify)),
        (CONFIRM, link(LinkRequest::ConfirmChange(to()))),
        (CHANGE, link(LinkRequest::VerifyChange(to()))),
    ]
}

fn verify(token: &str, now: DateTime<Utc>) -> Result<EmailLink, LinkTokenError> {
    tokens(&[SECRET])
        .verify(&OneTimeToken::new(token), now)
        .map(|genuine| genuine.link)
}

/// Returns a token of these claims with a valid signature.
fn signed(claims: &Value) -> String {
    Hs256::new(&secrets(&[SECRET])).sign(claims.to_string().as_bytes())
}

#[test]
fn tokens_equal_better_auths_tokens_and_have_the_same_meaning() {
    for (token, link) in vectors() {
        assert_eq!(tokens(&[SECRET]).sign(&link, now(), end()).expose(), token);
        let genuine = tokens(&[SECRET])
            .verify(&OneTimeToken::new(token), now())
            .unwrap();
        assert_eq!((genuine.link, genuine.expires_at), (link, end()));
    }
}

#[test]
fn a_genuine_token_expires_by_the_second_and_a_forged_one_is_always_invalid() {
    let last = end() - TimeDelta::milliseconds(1);
    assert!(verify(VERIFY, last).is_ok());
    assert_eq!(verify(VERIFY, end()), Err(LinkTokenError::Expired));
    let forged = tokens(&["another"]).sign(&link(LinkRequest::Verify), now(), end());
    for then in [now(), end()] {
        assert_eq!(verify(forged.expose(), then), Err(LinkTokenError::Invalid));
    }
}

#[test]
fn old_secrets_verify_tokens_and_the_first_secret_signs_them() {
    let rotated = tokens(&["another", SECRET]);
    assert!(rotated.verify(&OneTimeToken::new(VERIFY), now()).is_ok());
    let new = rotated.sign(&link(LinkRequest::Verify), now(), end());
    assert!(tokens(&["another"]).verify(&new, now()).is_ok());
    assert_eq!(verify(new.expose(), now()), Err(LinkTokenError::Invalid));
}

#[test]
fn a_token_with_a_changed_bit_is_invalid() {
    for (token, _) in vectors() {
        for place in 0..token.len() {
            for bit in 0..7 {
                let mut bytes = token.as_bytes().to_vec();
                bytes[place] ^= 1 << bit;
                let changed = String::from_utf8(bytes).unwrap();
                assert_eq!(
                    verify(&changed, now()),
                    Err(LinkTokenError::Invalid),
                    "{place} {bit}"
                );
            }
        }
    }
}

#[test]
fn another_header_or_another_form_of_base64_is_invalid() {
    let (_, rest) = VERIFY.split_once('.').unwrap();
    let (claims, _) = rest.split_once('.').unwrap();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"nOnE"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":true}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
    ] {
        let signed = format!("{}.{claims}", BASE64_URL_SAFE_NO_PAD.encode(header));
        let signature = Hs256::new(&secrets(&[SECRET])).signature(signed.as_bytes());
        for token in [format!("{signed}.{signature}"), format!("{signed}.")] {
            assert_eq!(verify(&token, now()), Err(LinkTokenError::Invalid), "{header}");
        }
    }
    let longer = "a".repeat(100_000);
    for token in [
        format!("{VERIFY}="),
        format!("{VERIFY}\n"),
        format!(" {VERIFY}"),
        format!("{VERIFY}.{VERIFY}"),
        format!("{VERIFY}."),
        String::new(),
        "..".to_owned(),
        signed(&json!({ "email": longer, "iat": 1, "exp": 1_767_229_200 })),
    ] {
        assert_eq!(verify(&token, now()), Err(LinkTokenError::Invalid));
    }
}

#[test]
fn genuine_claims_of_another_shape_are_invalid() {
    let good = json!({ "email": "A@ex.com", "updateTo": "B@ex.com", "requestType": CONFIRM_CHANGE, "iat": 1, "exp": 1_767_229_200 });
    let to = EmailAddress::parse("b@ex.com").unwrap();
    assert_eq!(
        verify(&signed(&good), now()),
        Ok(link(LinkRequest::ConfirmChange(to)))
    );
    for (key, value) in [
        ("email", json!("a")),
        ("email", json!(1)),
        ("email", json!(null)),
        ("updateTo", json!("")),
        ("updateTo", json!("b")),
        ("updateTo", json!(["b@ex.com"])),
        ("updateTo", json!(null)),
        ("requestType", json!("")),
        ("requestType", json!("reset-password")),
        ("requestType", json!(null)),
        ("exp", json!("1767229200")),
        ("exp", json!(null)),
        ("exp", json!(i64::MAX)),
        ("iat", json!("1")),
        ("nbf", json!(1_767_229_199)),
        ("nbf", json!(1)),
        ("session", json!({})),
        ("user", json!({})),
        ("sub", json!("U")),
    ] {
        let mut claims = good.clone();
        claims[key] = value.clone();
        assert_eq!(
            verify(&signed(&claims), now()),
            Err(LinkTokenError::Invalid),
            "{key} {value}"
        );
    }
    for key in ["email", "updateTo", "requestType", "iat", "exp"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(key);
        assert_eq!(
            verify(&signed(&claims), now()),
            Err(LinkTokenError::Invalid),
            "{key}"
        );
    }
}
