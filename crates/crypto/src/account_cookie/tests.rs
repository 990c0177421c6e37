use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use portcullis_application::{ports::Encoding, testing::SeededRandom};
use portcullis_domain::password::PasswordHash;
use serde_json::{Value, json};

use super::*;
use crate::testing::{SECRET, secrets};

/// Cookies made by Better Auth, and their rows; the file names the function.
const VECTORS: &str = include_str!("../../vectors/account_cookies.json");
const LIFETIME: TimeDelta = TimeDelta::seconds(300);

fn cookies(texts: &[&str]) -> AccountCookies {
    AccountCookies::new(&secrets(texts), Arc::new(SeededRandom::default()))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

/// Returns the rows and the cookies of each vector.
fn vectors() -> Vec<(Value, String)> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = vectors["accounts"].as_array().unwrap().iter();
    let vectors: Vec<_> = vectors
        .map(|vector| {
            let text = vector["encrypted"].as_str().unwrap();
            (vector["row"].clone(), text.to_owned())
        })
        .collect();
    assert_eq!(vectors.len(), 3);
    vectors
}

/// Returns the account as it is written.
fn written(account: &Account) -> Value {
    serde_json::from_slice(&row::write(account, (now(), now() + LIFETIME), "J")).unwrap()
}

/// Seals these claims.
fn sealed(claims: &Value) -> String {
    let cookies = cookies(&[SECRET]);
    cookies.jwe.seal(|_jti| claims.to_string().into_bytes())
}

fn opens(text: &str) -> bool {
    cookies(&[SECRET]).open(text, now()).is_some()
}

#[test]
fn cookies_of_better_auth_are_read() {
    for (row, text) in vectors() {
        let account = cookies(&[SECRET]).open(&text, now()).unwrap();
        let written = written(&account);
        for (name, value) in row.as_object().unwrap() {
            if name != "user" {
                assert_eq!(written[name], *value, "{name}");
            }
        }
        for name in [
            "accessToken",
            "refreshToken",
            "accessTokenExpiresAt",
            "scope",
            "password",
        ] {
            let value = row.get(name).unwrap_or(&Value::Null);
            assert_eq!(written[name], *value, "{name}");
        }
    }
}

#[test]
fn a_cookie_has_better_auths_header_and_claims() {
    let (_, text) = vectors().remove(0);
    let account = Account {
        password: Some(PasswordHash::new("H")),
        ..cookies(&[SECRET]).open(&text, now()).unwrap()
    };
    let sealed = cookies(&[SECRET]).seal(&account, now(), now() + LIFETIME);
    let header = |text: &str| text.split('.').next().unwrap().to_owned();
    assert_eq!(header(sealed.expose()), header(&text));
    let claims = row::write(&account, (now(), now() + LIFETIME), "J");
    assert_eq!(
        String::from_utf8(claims).unwrap(),
        r#"{"accountId":"4711","providerId":"google","userId":"U","accessToken":"ya29.a0AfH6SMB-_./+=Zoë","refreshToken":"1//0g-refresh","idToken":"eyJ.e30.c2ln","accessTokenExpiresAt":"2026-01-01T01:00:00.123Z","refreshTokenExpiresAt":null,"scope":"openid,email","password":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.001Z","id":"A","iat":1767225600,"exp":1767225900,"jti":"J"}"#
    );
}

#[test]
fn a_sealed_account_opens_until_it_expires() {
    let account = cookies(&[SECRET]).open(&vectors().remove(0).1, now()).unwrap();
    let text = cookies(&[SECRET]).seal(&account, now(), now() + LIFETIME);
    let opened = |after| cookies(&[SECRET]).open(text.expose(), now() + TimeDelta::seconds(after));
    assert_eq!(written(&opened(0).unwrap()), written(&account));
    // As in Better Auth, clocks may differ by 15 s.
    assert!(opened(314).is_some());
    assert!(opened(315).is_none());
}

#[test]
fn old_secrets_open_accounts_and_the_first_secret_seals_them() {
    let (_, text) = vectors().remove(0);
    let rotated = cookies(&["another", SECRET]);
    let account = rotated.open(&text, now()).unwrap();
    let new = rotated.seal(&account, now(), now() + LIFETIME);
    assert!(cookies(&["another"]).open(new.expose(), now()).is_some());
    assert!(!opens(new.expose()));
}

#[test]
fn a_changed_cookie_is_rejected() {
    let (_, text) = vectors().remove(2);
    for place in 0..text.len() {
        assert!(!opens(&text[..place]), "{place}");
        for bit in 0..7 {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            assert!(!opens(&String::from_utf8(bytes).unwrap()), "{place} {bit}");
        }
    }
}

/// Both are encrypted in the same way; only the salt differs.
#[test]
fn an_account_is_not_a_session_and_a_session_is_not_an_account() {
    let (_, text) = vectors().remove(0);
    let random = Arc::new(SeededRandom::default());
    let sessions = crate::SessionCookies::new(&secrets(&[SECRET]), random);
    let opened =
        portcullis_application::ports::SessionCacheCodec::open(&sessions, Encoding::Jwe, &text, now());
    assert!(opened.is_none());
    let sessions: Value = serde_json::from_str(include_str!("../../vectors/sessions.json")).unwrap();
    assert!(!opens(sessions["jwe"]["plain"].as_str().unwrap()));
}

#[test]
fn genuine_claims_of_another_shape_are_not_an_account() {
    let (mut good, _) = vectors().remove(0);
    good["exp"] = json!(1_767_225_601);
    assert!(opens(&sealed(&good)));
    for (name, value) in [
        ("exp", json!("1767225601")),
        ("exp", json!(1_767_225_600 - 15)),
        ("id", json!(1)),
        ("userId", json!(null)),
        ("providerId", json!({})),
        ("accessToken", json!(1)),
        ("accessTokenExpiresAt", json!("soon")),
        ("createdAt", json!(1_767_225_600)),
    ] {
        let mut claims = good.clone();
        claims[name] = value.clone();
        assert!(!opens(&sealed(&claims)), "{name} {value}");
    }
    for name in ["id", "userId", "accountId", "providerId", "createdAt", "exp"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        assert!(!opens(&sealed(&claims)), "{name}");
    }
}

#[test]
fn a_text_of_more_than_64_kib_is_rejected() {
    let (mut claims, _) = vectors().remove(0);
    claims["exp"] = json!(1_767_225_900);
    for (length, is_read) in [(40_000, true), (60_000, false)] {
        claims["idToken"] = json!("a".repeat(length));
        assert_eq!(opens(&sealed(&claims)), is_read, "{length}");
    }
}

#[test]
fn two_cookies_of_one_account_differ() {
    let cookies = cookies(&[SECRET]);
    let account = cookies.open(&vectors().remove(0).1, now()).unwrap();
    let seal = || cookies.seal(&account, now(), now() + LIFETIME).expose().clone();
    assert_ne!(seal(), seal());
    let header = BASE64_URL_SAFE_NO_PAD.decode(seal().split('.').next().unwrap());
    assert!(
        String::from_utf8(header.unwrap())
            .unwrap()
            .contains("A256CBC-HS512")
    );
}
