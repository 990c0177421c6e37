mod any;
mod hostile;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use portcullis_application::testing::SeededRandom;
use serde_json::json;

use super::*;
use crate::testing::{SECRET, secrets};

const ENCODINGS: [Encoding; 3] = [Encoding::Compact, Encoding::Jwt, Encoding::Jwe];
/// Cookies made by Better Auth, and their sessions; the file names the functions.
const VECTORS: &str = include_str!("../../../vectors/sessions.json");

fn cookies(texts: &[&str]) -> SessionCookies {
    SessionCookies::new(&secrets(texts), Arc::new(SeededRandom::default()))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

fn session(session: Value, user: Value, version: &str) -> CachedSession {
    CachedSession {
        session,
        user,
        updated_at: now(),
        version: version.to_owned(),
        expires_at: now() + TimeDelta::seconds(300),
    }
}

fn named(name: &str) -> CachedSession {
    session(json!({ "token": "T" }), json!({ "name": name }), "1")
}

/// Returns the encoding, text and session of each vector.
fn vectors() -> Vec<(Encoding, String, CachedSession)> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let mut all = Vec::new();
    for (encoding, name) in [
        (Encoding::Compact, "compact"),
        (Encoding::Jwt, "jwt"),
        (Encoding::Jwe, "jwe"),
    ] {
        for (kind, source, version) in [
            ("plain", "plain", "1"),
            ("rich", "rich", "2"),
            ("without_kid", "plain", "1"),
        ] {
            if let Some(text) = vectors[name][kind].as_str() {
                let source = &vectors[source];
                let expected = session(source["session"].clone(), source["user"].clone(), version);
                all.push((encoding, text.to_owned(), expected));
            }
        }
    }
    assert_eq!(all.len(), 7);
    all
}

#[test]
fn cookies_of_better_auth_are_read() {
    for (encoding, text, expected) in vectors() {
        let opened = cookies(&[SECRET]).open(encoding, &text, now()).unwrap();
        assert_eq!(opened, expected, "{encoding:?}");
        let keys = |session: &CachedSession| (session.session.to_string(), session.user.to_string());
        assert_eq!(keys(&opened), keys(&expected), "{encoding:?}");
    }
}

#[test]
fn signed_cookies_equal_better_auths() {
    for (encoding, text, source) in vectors() {
        if encoding != Encoding::Jwe {
            assert_eq!(cookies(&[SECRET]).seal(encoding, &source), text, "{encoding:?}");
        }
    }
}

#[test]
fn an_encrypted_cookie_has_better_auths_header_and_claims() {
    let random = Arc::new(SeededRandom::default());
    let text = SessionCookies::new(&secrets(&[SECRET]), random).seal(Encoding::Jwe, &named("A"));
    let header = text.split('.').next().unwrap();
    assert_eq!(
        BASE64_URL_SAFE_NO_PAD.decode(header).unwrap(),
        br#"{"alg":"dir","enc":"A256CBC-HS512","kid":"9FxAKt3hSIwuAwvpuUX0Th1Ykf8lCZH7E4PZkgxrJW0"}"#
    );
    let claims = claims::write(&named("A"), Some("J"));
    assert_eq!(
        String::from_utf8(claims).unwrap(),
        r#"{"session":{"token":"T"},"user":{"name":"A"},"updatedAt":1767225600000,"version":"1","iat":1767225600,"exp":1767225900,"jti":"J"}"#
    );
}

#[test]
fn two_encrypted_cookies_of_one_session_differ() {
    let cookies = cookies(&[SECRET]);
    let seal = || cookies.seal(Encoding::Jwe, &named("A"));
    assert_ne!(seal(), seal());
}

#[test]
fn a_name_that_looks_like_a_date_is_kept_in_every_encoding() {
    for encoding in ENCODINGS {
        for name in [
            "2020-01-01T00:00:00Z",
            "2020-02-30T24:00:00.1234Z",
            "2020-01-01T00:00:00.000Z",
        ] {
            let mut sealed = named(name);
            name.clone_into(&mut sealed.version);
            let text = cookies(&[SECRET]).seal(encoding, &sealed);
            assert_eq!(cookies(&[SECRET]).open(encoding, &text, now()), Some(sealed));
        }
    }
}

/// The signature of a compact cookie covers the values of its JSON, and `1e+21` and `1E+21` are the same number.
#[test]
fn a_changed_bit_never_changes_the_content_of_a_cookie() {
    for (encoding, text, expected) in vectors() {
        let cookies = cookies(&[SECRET]);
        let mut same = 0;
        for place in 0..text.len() {
            assert_eq!(
                cookies.open(encoding, &text[..place], now()),
                None,
                "{encoding:?} {place}"
            );
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                let changed = String::from_utf8(bytes).unwrap();
                if let Some(opened) = cookies.open(encoding, &changed, now()) {
                    assert_eq!(opened, expected, "{encoding:?} {place} {bit}");
                    same += 1;
                }
            }
        }
        assert!(same == 0 || encoding == Encoding::Compact, "{encoding:?} {same}");
    }
}

#[test]
fn text_before_or_after_a_cookie_makes_it_invalid() {
    for (encoding, text, _) in vectors() {
        for changed in [
            format!("{text}="),
            format!("{text}\n"),
            format!(" {text}"),
            format!("{text}."),
            format!(".{text}"),
            format!("{text}A"),
        ] {
            assert_eq!(
                cookies(&[SECRET]).open(encoding, &changed, now()),
                None,
                "{changed}"
            );
        }
    }
}

#[test]
fn a_cookie_opens_only_with_its_own_encoding_and_secret() {
    for (encoding, text, _) in vectors() {
        for other in ENCODINGS {
            let opened = cookies(&[SECRET]).open(other, &text, now());
            assert_eq!(opened.is_some(), other == encoding);
        }
        assert_eq!(cookies(&["another"]).open(encoding, &text, now()), None);
    }
}

#[test]
fn old_secrets_open_cookies_and_the_first_secret_seals_them() {
    for encoding in ENCODINGS {
        let rotated = cookies(&["another", "older", SECRET]);
        let old = cookies(&[SECRET]).seal(encoding, &named("A"));
        assert_eq!(rotated.open(encoding, &old, now()), Some(named("A")));
        let new = rotated.seal(encoding, &named("A"));
        assert_eq!(
            cookies(&["another"]).open(encoding, &new, now()),
            Some(named("A"))
        );
        assert_eq!(cookies(&[SECRET]).open(encoding, &new, now()), None);
    }
}

#[test]
fn an_encrypted_cookie_without_a_key_id_opens_with_an_old_secret() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let text = vectors["jwe"]["without_kid"].as_str().unwrap();
    let rotated = cookies(&["another", SECRET]);
    assert!(rotated.open(Encoding::Jwe, text, now()).is_some());
}

/// As in `jose`, the tolerance is zero for a JWT and 15 seconds for a JWE. Callers check the expiry of compact cookies.
#[test]
fn jwts_expire_by_the_second_and_compact_cookies_are_not_checked_for_expiry() {
    for (encoding, last) in [
        (Encoding::Jwt, 299),
        (Encoding::Jwe, 314),
        (Encoding::Compact, 9_999),
    ] {
        let text = cookies(&[SECRET]).seal(encoding, &named("A"));
        let opens = |seconds: i64| {
            let then = now() + TimeDelta::milliseconds(seconds * 1000 + 999);
            cookies(&[SECRET]).open(encoding, &text, then).is_some()
        };
        assert!(opens(last), "{encoding:?}");
        assert_eq!(opens(last + 1), encoding == Encoding::Compact, "{encoding:?}");
    }
}
