use actix_web::{http::header, test::TestRequest};
use chrono::TimeDelta;
use portcullis_application::{
    ports::{Purpose, TAG_LENGTH, Tag},
    testing::PlainMac,
};

use super::*;

/// `token-1` as the fake signs it.
const SIGNED: &str = "better-auth.session_token=token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

/// Signs as HMAC-SHA256 does with the secret of the contract's vectors, where the vectors tell.
struct Vectors;

impl Vectors {
    fn signature(message: &[u8]) -> &'static str {
        match message {
            b"abc" => "XCBPKA0oWH4Apn7A2i/wbvU91gX5fZrXdRBAswKGpMM=",
            b"true" => "+GWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA=",
            other => panic!("no vector for {other:?}"),
        }
    }
}

impl Mac for Vectors {
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        use base64::Engine as _;
        assert_eq!(purpose, Purpose::Cookie);
        let mut tag = [0; TAG_LENGTH + 1];
        let length = base64::engine::general_purpose::STANDARD
            .decode_slice(Self::signature(message), &mut tag)
            .unwrap();
        tag[..length].try_into().unwrap()
    }

    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool {
        self.tag(purpose, message) == tag
    }
}

fn written(effect: &SessionEffect, is_secure: bool) -> Vec<String> {
    let mut response = HeaderMap::new();
    Cookies::new(&HeaderMap::new(), &Vectors, is_secure).apply(effect, &mut response);
    response
        .get_all(header::SET_COOKIE)
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

fn keep(lifetime: Option<TimeDelta>) -> SessionEffect {
    SessionEffect::Keep {
        token: SessionToken::new("abc"),
        lifetime,
    }
}

#[test]
fn cookies_are_signed_and_written_as_the_reference_does() {
    let session = "session_token=abc.XCBPKA0oWH4Apn7A2i%2FwbvU91gX5fZrXdRBAswKGpMM%3D";
    let dont_remember = "dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D";
    assert_eq!(
        written(&keep(Some(TimeDelta::days(7))), false),
        [format!(
            "better-auth.{session}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
        )]
    );
    assert_eq!(
        written(&keep(None), true),
        [
            format!("__Secure-better-auth.{session}; Path=/; HttpOnly; Secure; SameSite=Lax"),
            format!("__Secure-better-auth.{dont_remember}; Path=/; HttpOnly; Secure; SameSite=Lax"),
        ]
    );
    assert!(written(&SessionEffect::None, false).is_empty());
}

#[test]
fn no_cookie_is_kept_for_more_than_400_days() {
    let [cookie] = &written(&keep(Some(TimeDelta::days(500))), false)[..] else {
        panic!("one cookie");
    };
    assert!(cookie.contains("; Max-Age=34560000; "));
}

#[test]
fn what_is_written_is_read_again() {
    let mut response = HeaderMap::new();
    Cookies::new(&HeaderMap::new(), &Vectors, true).apply(&keep(None), &mut response);
    let mut request = HeaderMap::new();
    for line in response.get_all(header::SET_COOKIE) {
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        request.append(header::COOKIE, pair.parse().unwrap());
    }
    let cookies = Cookies::new(&request, &Vectors, true);
    assert_eq!(cookies.session_token().unwrap().expose(), "abc");
    assert!(cookies.says_not_to_remember());
    let elsewhere = Cookies::new(&request, &Vectors, false);
    assert!(elsewhere.session_token().is_none());
    assert!(!elsewhere.says_not_to_remember());
}

#[test]
fn the_first_cookie_of_a_name_wins_on_whatever_line() {
    let signature = "dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let quoted = format!("better-auth.session_token=\"token-1.{signature}\"");
    let unencoded = format!("better-auth.session_token=token-1.{signature}");
    let crowded = format!("a;b=;;{SIGNED};c=\"");
    let last_dot = "better-auth.session_token=x.token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";
    let bad = "better-auth.session_token=token-1.bad";
    for (lines, is_read) in [
        (&[SIGNED][..], true),
        (&[&quoted], true),
        (&[&unencoded], true),
        (&[&crowded], true),
        (&["other=1", SIGNED], true),
        (&[SIGNED, bad], true),
        (&[bad, SIGNED], false),
        (&["better-auth.session_token=", SIGNED], false),
        (&[last_dot], false),
        (&[" better-auth.session_token = token-1.bad"], false),
    ] {
        let mut request = TestRequest::get();
        for line in lines {
            request = request.append_header((header::COOKIE, *line));
        }
        let request = request.to_http_request();
        let token = Cookies::new(request.headers(), &PlainMac, false).session_token();
        assert_eq!(
            token.is_some_and(|token| token.expose() == "token-1"),
            is_read,
            "{lines:?}"
        );
    }
}

#[test]
fn a_signature_of_nothing_is_no_cookie() {
    let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [0; TAG_LENGTH]);
    let request = TestRequest::get()
        .insert_header((header::COOKIE, format!("better-auth.session_token=.{signature}")))
        .to_http_request();
    assert!(
        Cookies::new(request.headers(), &PlainMac, false)
            .session_token()
            .is_none()
    );
}

#[test]
fn pieces_are_counted_to_a_hundred() {
    let line = "a.0=x; a.99=x; a.100=x; a.x=x; ab.1=x; a=x";
    let request = TestRequest::get()
        .insert_header((header::COOKIE, line))
        .to_http_request();
    let found: Vec<String> = read::chunks(request.headers(), "a").collect();
    assert_eq!(found, ["a.0", "a.99"]);
}
