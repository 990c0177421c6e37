use actix_web::http::header::{self, HeaderMap};
use chrono::TimeDelta;
use portcullis_application::{
    client_token::SessionEffect,
    testing::{
        PlainMac,
        fixtures::{a_session, a_user},
    },
};

use super::{TOKEN, options};
use crate::{answer, cookie::Cookies};

fn location(url: &str) -> Option<String> {
    let response = answer::redirect(url).ok()?;
    assert_eq!(response.status(), 302);
    let headers = response.headers();
    assert_eq!(headers.get(header::CONTENT_TYPE).unwrap(), "application/json");
    assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    let location = headers.get(header::LOCATION).unwrap();
    Some(location.to_str().unwrap().to_owned())
}

#[test]
fn a_redirect_url_is_normalised_only_if_a_header_cannot_contain_it() {
    for (url, expected) in [
        ("/x?a=b&error=invalid_token", Some("/x?a=b&error=invalid_token")),
        (
            "https://A.example.com/%7e?x=[1]",
            Some("https://A.example.com/%7e?x=[1]"),
        ),
        (
            "https://a.example.com/é\r\nX: y",
            Some("https://a.example.com/%C3%A9X:%20y"),
        ),
        ("/é", None),
        ("/\r\nX: y", None),
    ] {
        assert_eq!(location(url).as_deref(), expected, "{url:?}");
    }
}

#[test]
fn a_redirect_sets_the_session_cookie() {
    let (headers, options) = (HeaderMap::new(), options());
    let cookies = Cookies {
        headers: &headers,
        mac: &PlainMac,
        cache: None,
        account: None,
        options: &options,
    };
    let effects = SessionEffect::store(a_session(), a_user(), Some(TimeDelta::days(7))).into();
    let response = answer::redirect_with_effects("/x", &effects, &cookies)
        .ok()
        .unwrap();
    assert_eq!(response.headers().get(header::LOCATION).unwrap(), "/x");
    let kept: Vec<_> = response.headers().get_all(header::SET_COOKIE).collect();
    assert_eq!(
        kept,
        [&format!(
            "{TOKEN}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
        )]
    );
}
