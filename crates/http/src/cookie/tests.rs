use std::sync::Arc;

use actix_web::{HttpResponse, http::header, test::TestRequest};
use chrono::TimeDelta;
use portcullis_application::{
    client_token::{TokenEffect, TokenKind},
    ports::{Purpose, TAG_LENGTH, Tag},
    testing::{
        PlainMac,
        fixtures::{a_session, a_user},
    },
};
use portcullis_domain::secret::Secret;

use portcullis_domain::token::SessionToken;

use super::*;
use crate::credential::{Credentials, Presented, Schemes, SessionCookie};

const CHALLENGE: TokenKind = TokenKind::new("challenge");
const DEVICE: TokenKind = TokenKind::new("device");

/// `token-1` with the fake signature.
const SIGNED: &str = "better-auth.session_token=token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

/// Returns the HMAC-SHA256 signatures of the contract's test vectors.
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

fn options(is_secure: bool) -> Options {
    Options {
        cookies: CookieOptions::new(is_secure),
        ..crate::tests::options()
    }
}

fn cookies<'a>(headers: &'a HeaderMap, mac: &'a dyn Mac, options: &'a Options) -> Cookies<'a> {
    Cookies {
        headers,
        mac,
        cache: None,
        account: None,
        options,
    }
}

fn written_with(effect: &SessionEffect, options: &Options) -> Vec<String> {
    written_all(&effect.clone().into(), options)
}

fn written_all(effects: &ClientEffects, options: &Options) -> Vec<String> {
    let mut response = HttpResponse::Ok().finish();
    cookies(&HeaderMap::new(), &Vectors, options).apply(effects, &mut response);
    response
        .headers()
        .get_all(header::SET_COOKIE)
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

fn written(effect: &SessionEffect, is_secure: bool) -> Vec<String> {
    written_with(effect, &options(is_secure))
}

fn store(lifetime: Option<TimeDelta>) -> SessionEffect {
    let session = Session {
        token: SessionToken::new("abc"),
        ..a_session()
    };
    SessionEffect::store(session, a_user(), lifetime)
}

/// The tokens in the cookies: those that are looked up, and all of them.
fn tokens(headers: &HeaderMap, mac: &dyn Mac, options: &Options) -> (Vec<String>, Vec<String>) {
    let schemes = Schemes::new(vec![Arc::new(SessionCookie)]);
    let credentials = Credentials {
        headers,
        mac,
        cookies: &options.cookies,
    };
    let texts = |presented: Presented| {
        let tokens = presented.tokens.iter();
        tokens.map(|token| token.expose().clone()).collect()
    };
    (
        texts(schemes.presented(credentials)),
        texts(schemes.all_presented(credentials)),
    )
}

fn presented(headers: &HeaderMap) -> Option<String> {
    let (tokens, _) = tokens(headers, &PlainMac, &options(false));
    tokens.into_iter().next()
}

#[test]
fn attributes_have_better_auths_order_and_spelling() {
    let mut options = options(true);
    let token = &mut options.cookies.session_token;
    token.name = CookieName::parse("__Secure-tok").unwrap();
    token.attributes = CookieAttributes {
        domain: AttributeText::parse("auth.example.com"),
        same_site: Some(SameSite::None),
        partitioned: true,
        max_age: Some(TimeDelta::seconds(1)),
        ..CookieAttributes::new(true)
    };
    let mark = &mut options.cookies.dont_remember;
    mark.name = CookieName::parse("__Secure-mark").unwrap();
    mark.attributes = CookieAttributes {
        path: None,
        http_only: false,
        secure: false,
        same_site: Some(SameSite::Strict),
        max_age: Some(TimeDelta::seconds(60)),
        ..CookieAttributes::new(true)
    };
    options.cookies.session_data.attributes.same_site = None;
    let token = "__Secure-tok=abc.XCBPKA0oWH4Apn7A2i%2FwbvU91gX5fZrXdRBAswKGpMM%3D";
    let rest = "Domain=auth.example.com; Path=/; HttpOnly; Secure; SameSite=None; Partitioned";
    assert_eq!(
        written_with(&store(Some(TimeDelta::days(7))), &options),
        [format!("{token}; Max-Age=604800; {rest}")]
    );
    assert_eq!(
        written_with(&store(None), &options),
        [
            format!("{token}; {rest}"),
            "__Secure-mark=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D; Max-Age=60; Secure; SameSite=Strict"
                .to_owned(),
        ]
    );
    assert_eq!(
        written_with(&SessionEffect::Clear, &options),
        [
            format!("__Secure-tok=; Max-Age=0; {rest}"),
            "__Secure-better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; Secure".to_owned(),
            "__Secure-mark=; Max-Age=0; Secure; SameSite=Strict".to_owned(),
        ]
    );
}

#[test]
fn cookies_are_signed_and_written_as_by_better_auth() {
    let session = "session_token=abc.XCBPKA0oWH4Apn7A2i%2FwbvU91gX5fZrXdRBAswKGpMM%3D";
    let dont_remember = "dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D";
    assert_eq!(
        written(&store(Some(TimeDelta::days(7))), false),
        [format!(
            "better-auth.{session}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
        )]
    );
    assert_eq!(
        written(&store(None), true),
        [
            format!("__Secure-better-auth.{session}; Path=/; HttpOnly; Secure; SameSite=Lax"),
            format!("__Secure-better-auth.{dont_remember}; Path=/; HttpOnly; Secure; SameSite=Lax"),
        ]
    );
    assert!(written(&SessionEffect::Unchanged, false).is_empty());
}

#[test]
fn a_postponed_session_clears_the_old_one_and_keeps_the_mark_of_one_that_is_not_remembered() {
    let gone = |name: &str| format!("better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    let cleared = [gone("session_token"), gone("session_data")];
    let postponed = |is_remembered| written(&SessionEffect::Postpone { is_remembered }, false);
    assert_eq!(postponed(true), cleared);
    let dont_remember = "better-auth.dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D";
    let mark = format!("{dont_remember}; Path=/; HttpOnly; SameSite=Lax");
    assert_eq!(postponed(false), [&[mark][..], &cleared].concat());
}

/// Options with a cookie for each of two kinds of tokens.
fn options_with_tokens() -> Options {
    let mut options = options(true);
    options.cookies.tokens = [CHALLENGE, DEVICE]
        .map(|kind| TokenCookie {
            kind,
            cookie: Cookie {
                name: CookieName::parse(&format!("__Secure-app.{}", kind.name)).unwrap(),
                attributes: CookieAttributes::new(true),
            },
        })
        .into();
    options
}

#[test]
fn tokens_are_set_signed_under_the_names_of_their_kinds_and_cleared() {
    let effects = ClientEffects {
        session: SessionEffect::Unchanged,
        tokens: vec![
            TokenEffect::Set {
                kind: CHALLENGE,
                value: Secret::new("abc".to_owned()),
                lifetime: TimeDelta::minutes(10),
            },
            TokenEffect::Clear { kind: DEVICE },
        ],
    };
    let attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(
        written_all(&effects, &options_with_tokens()),
        [
            format!(
                "__Secure-app.challenge=abc.XCBPKA0oWH4Apn7A2i%2FwbvU91gX5fZrXdRBAswKGpMM%3D; Max-Age=600; {attributes}"
            ),
            format!("__Secure-app.device=; Max-Age=0; {attributes}"),
        ]
    );
}

#[test]
fn only_tokens_with_valid_signatures_are_presented() {
    let value = SIGNED.split_once('=').unwrap().1;
    let lines = [
        format!("__Secure-app.challenge={value}"),
        "__Secure-app.device=token-1".to_owned(),
        format!("app.challenge={value}"),
    ];
    let request = TestRequest::get()
        .insert_header((header::COOKIE, lines.join("; ")))
        .to_http_request();
    let options = options_with_tokens();
    let tokens = cookies(request.headers(), &PlainMac, &options).tokens();
    let [PresentedToken { kind, value, .. }] = &tokens[..] else {
        panic!("one token is presented: {tokens:?}");
    };
    assert_eq!((*kind, value.expose().as_str()), (CHALLENGE, "token-1"));
}

#[test]
fn no_cookie_is_kept_for_more_than_400_days() {
    let [cookie] = &written(&store(Some(TimeDelta::days(500))), false)[..] else {
        panic!("expected one cookie");
    };
    assert!(cookie.contains("; Max-Age=34560000; "));
}

#[test]
fn written_cookies_can_be_read() {
    let mut response = HttpResponse::Ok().finish();
    cookies(&HeaderMap::new(), &Vectors, &options(true)).apply(&store(None).into(), &mut response);
    let mut request = HeaderMap::new();
    for line in response.headers().get_all(header::SET_COOKIE) {
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        request.append(header::COOKIE, pair.parse().unwrap());
    }
    let (secure, plain) = (options(true), options(false));
    let here = cookies(&request, &Vectors, &secure);
    assert_eq!(tokens(&request, &Vectors, &secure).0, ["abc"]);
    assert!(here.has_dont_remember());
    let elsewhere = cookies(&request, &Vectors, &plain);
    assert!(tokens(&request, &Vectors, &plain).0.is_empty());
    assert!(!elsewhere.has_dont_remember());
}

#[test]
fn the_first_signed_cookie_of_a_name_is_used_on_any_line() {
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
        (&[bad, SIGNED], true),
        (&["better-auth.session_token=", SIGNED], true),
        (&[last_dot], false),
        (&[" better-auth.session_token = token-1.bad"], false),
    ] {
        let mut request = TestRequest::get();
        for line in lines {
            request = request.append_header((header::COOKIE, *line));
        }
        let request = request.to_http_request();
        let token = presented(request.headers());
        assert_eq!(token.as_deref() == Some("token-1"), is_read, "{lines:?}");
    }
}

#[test]
fn at_most_three_sessions_are_looked_up_and_all_are_revoked() {
    let signed = |token: &str| {
        use base64::Engine as _;
        let tag = PlainMac.tag(Purpose::Cookie, token.as_bytes());
        let signature = base64::engine::general_purpose::STANDARD.encode(tag);
        format!("better-auth.session_token={token}.{signature}")
    };
    let line = ["a", "a", "b", "a", "c", "d"]
        .map(signed)
        .join("; bad=1; better-auth.session_token=bad; ");
    let request = TestRequest::get()
        .insert_header((header::COOKIE, line))
        .to_http_request();
    let (looked_up, all) = tokens(request.headers(), &PlainMac, &options(false));
    assert_eq!(looked_up, ["a", "b", "c"]);
    assert_eq!(all, ["a", "b", "c", "d"]);
}

#[test]
fn a_cookie_with_an_empty_value_is_ignored() {
    let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [0; TAG_LENGTH]);
    let request = TestRequest::get()
        .insert_header((header::COOKIE, format!("better-auth.session_token=.{signature}")))
        .to_http_request();
    assert_eq!(presented(request.headers()), None);
}

#[test]
fn three_pieces_are_read_and_pieces_up_to_99_are_cleared() {
    let line = "a.0=x; a.2=y; a.3=z; a.99=z; a.100=z; a.+1=x; a.001=x; a.=x; a.-0=x; a.x=x; ab.1=x";
    let request = TestRequest::get()
        .insert_header((header::COOKIE, line))
        .to_http_request();
    let found: Vec<String> = read::piece_names(request.headers(), "a").collect();
    assert_eq!(found, ["a.0", "a.2", "a.3", "a.99"]);
    assert_eq!(read::names(request.headers(), "a"), found);
    assert_eq!(read::joined(request.headers(), "a").as_deref(), Some("xy"));
}

#[test]
fn a_cookie_is_read_whole_or_joined_from_its_pieces_in_order() {
    let joined = |line: &str| {
        let request = TestRequest::get()
            .insert_header((header::COOKIE, line))
            .to_http_request();
        read::joined(request.headers(), "a")
    };
    for (line, text) in [
        ("a=w; a.0=x", Some("w")),
        ("a=; a.2=z; a.1=y; a.0=x; a.0=q", Some("xyz")),
        ("a.+0=v; a.00=v; a.0=x; a.01=w; a.3=z", Some("x")),
        ("a.0=%7; a.1=Bx", Some("{x")),
        ("a=\"w\"", Some("w")),
        ("a.x=1; ab=2; a.=3", None),
        ("a=\"; b=1", None),
        ("a=%ff", None),
        ("", None),
    ] {
        assert_eq!(joined(line).as_deref(), text, "{line}");
    }
    let long = "x".repeat(33 * 1024);
    assert!(joined(&format!("a.0={long}")).is_some());
    assert_eq!(joined(&format!("a.0={long}; a.1={long}")), None);
}
