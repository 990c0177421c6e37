//! The session token in the header `set-auth-token`, signed as in the cookie.

use std::future;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use futures_util::{FutureExt as _, future::LocalBoxFuture};

use super::BearerOptions;
use crate::{
    answer,
    decorate::{Decorating, ResponseDecorator},
    operation::{AddedHeader, SentWith},
};

const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

pub(crate) const HEADER: AddedHeader = AddedHeader {
    name: "set-auth-token",
    description: "The signed session token, if the response sets the session cookie",
    sent_with: SentWith::Cookies,
};

impl ResponseDecorator for BearerOptions {
    /// wire: as in Better Auth, the header follows the cookie, so that it is sent whenever the cookie is set.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let name = at.options.cookies.session_token.name.as_str();
        if let Some(token) = token_in_cookie(response.headers(), name) {
            answer::set_exposed_header(response.headers_mut(), SET_AUTH_TOKEN, token);
        }
        future::ready(()).boxed_local()
    }
}

/// Returns the value of the session cookie that the response sets. A cookie that is cleared has none, such as a cookie
/// of the same name and another domain that is cleared first.
fn token_in_cookie(response: &HeaderMap, name: &str) -> Option<HeaderValue> {
    let token = response.get_all(header::SET_COOKIE).find_map(|line| {
        let (key, rest) = line.to_str().ok()?.split_once('=')?;
        let value = rest.split(';').next()?;
        (key == name && !value.is_empty()).then_some(value)
    })?;
    HeaderValue::from_str(token).ok()
}
