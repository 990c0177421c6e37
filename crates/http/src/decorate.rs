//! Additional headers of responses.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderMap, HeaderValue},
};
use futures_util::future::LocalBoxFuture;
use portcullis_application::client_token::ActiveSession;
use portcullis_domain::token::SessionToken;

use crate::{
    app::App,
    cookie::Cookies,
    credential::{Credentials, Schemes},
    options::Options,
    route::Route,
};

/// The seam by which a feature adds headers to successful responses.
pub(crate) trait ResponseDecorator: Send + Sync {
    /// Adds headers. A feature that fails leaves its header out, because the response may report changes that are
    /// already stored.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()>;
}

/// The request and the route of a response.
#[derive(Clone, Copy)]
pub(crate) struct Decorating<'a> {
    pub(crate) route: &'a Route,
    pub(crate) options: &'a Options,
    pub(crate) app: &'a App,
    pub(crate) request: &'a HttpRequest,
    /// The headers in which the client presents cookies and session tokens: those of the request. Empty if the client is an
    /// application: those of the request are the browser's.
    pub(crate) presented: &'a HeaderMap,
    pub(crate) schemes: &'a Schemes,
}

impl<'a> Decorating<'a> {
    /// Returns the reader of the client's cookies and writer of the response's.
    pub(crate) fn cookies(self) -> Cookies<'a> {
        Cookies {
            headers: self.presented,
            ..Cookies::of(self.request, self.app, self.options)
        }
    }

    /// Returns the session tokens of the client that are looked up.
    pub(crate) fn session_tokens(self) -> Vec<SessionToken> {
        let credentials = Credentials {
            headers: self.presented,
            mac: self.app.mac.as_ref(),
            cookies: &self.options.cookies,
        };
        self.schemes.presented(credentials).tokens
    }
}

/// An extension of a response that contains this session, whose row was read for the request.
#[derive(Clone)]
pub(crate) struct Contains(pub(crate) Arc<ActiveSession>);

/// An extension of a response that makes the client store this session.
#[derive(Clone)]
pub(crate) struct Stores {
    pub(crate) active_session: Arc<ActiveSession>,
    /// Whether the client keeps the session when the browser closes.
    pub(crate) is_remembered: bool,
}

/// An extension of a response whose cookies are for the application to which the browser is redirected. It contains the
/// lines of the cookies that the browser itself receives.
struct ForApplication(Vec<HeaderValue>);

/// Marks a response as one whose cookies are for the application to which the browser is redirected, except these, which
/// the browser itself receives.
pub(crate) fn for_application(response: &mut HttpResponse, browser: Vec<HeaderValue>) {
    response.extensions_mut().insert(ForApplication(browser));
}

/// Returns whether the cookies of a response are for an application: then those of the request are not the application's.
pub(crate) fn is_for_application(response: &HttpResponse) -> bool {
    response.extensions().get::<ForApplication>().is_some()
}

/// Removes the cookies for an application from a decorated response, so that the browser does not store them. The redirect
/// contains them if a decorator has added them to it.
pub(crate) fn withhold_cookies(response: &mut HttpResponse) {
    let removed = response.extensions_mut().remove::<ForApplication>();
    if let Some(ForApplication(lines)) = removed {
        response.headers_mut().remove(header::SET_COOKIE);
        for line in lines {
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
}

/// Marks a response as one that makes the client store this session.
pub(crate) fn stores(response: &mut HttpResponse, stored: Stores) {
    response.extensions_mut().insert(stored);
}

/// Marks a response as one that contains this session.
pub(crate) fn contains(response: &mut HttpResponse, active_session: Arc<ActiveSession>) {
    response.extensions_mut().insert(Contains(active_session));
}
