//! The input of handlers.

use std::sync::Arc;

use actix_web::HttpRequest;
use portcullis_application::{
    context::RequestContext,
    session::{Reading, StrictCaller},
};
use portcullis_domain::{session::Reader, token::SessionToken};

use crate::{
    app::App,
    cookie::Cookies,
    credential::{Credentials, Presented, Schemes},
    extract::{client, query::QueryString},
    features::Core,
    options::Options,
    view::Presenter,
};

/// A request that has passed every check of its route. `F` is what the routes of a feature call.
pub(crate) struct Call<'a, F = Core> {
    pub(crate) app: &'a App,
    pub(crate) options: &'a Options,
    pub(crate) request: &'a HttpRequest,
    pub(crate) schemes: &'a Schemes,
    /// The caller who presents a key instead of a session.
    pub(crate) by_key: Option<StrictCaller>,
    /// The feature that the route belongs to.
    pub(crate) feature: Arc<F>,
    /// Whether the route rejects sessions in which another user acts.
    pub(crate) is_personal: bool,
    /// The path segment that matches the route's variable, as it was sent. Empty if the route has no variable.
    pub(crate) segment: &'a str,
    /// The path below that segment, as it was sent, if the route matches every path below it.
    pub(crate) tail: &'a str,
    /// The query as it was sent.
    pub(crate) query: QueryString<'a>,
}

impl<'a, F> Call<'a, F> {
    /// Returns the same request for the routes of this feature.
    pub(crate) fn of<G>(self, feature: Arc<G>) -> Call<'a, G> {
        Call {
            app: self.app,
            options: self.options,
            request: self.request,
            schemes: self.schemes,
            by_key: self.by_key,
            feature,
            is_personal: self.is_personal,
            segment: self.segment,
            tail: self.tail,
            query: self.query,
        }
    }

    /// Returns the session tokens of the request that are looked up.
    pub(crate) fn presented(&self) -> Presented {
        self.schemes.presented(self.credentials())
    }

    /// Returns every session token of the request.
    pub(crate) fn all_presented(&self) -> Presented {
        self.schemes.all_presented(self.credentials())
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials {
            headers: self.request.headers(),
            mac: self.app.mac.as_ref(),
            cookies: &self.options.cookies,
        }
    }

    /// Returns the reader of the request's cookies and writer of the response's.
    pub(crate) fn cookies(&self) -> Cookies<'_> {
        Cookies::of(self.request, self.app, self.options)
    }

    fn session_tokens(&self) -> Vec<SessionToken> {
        match self.by_key {
            Some(_) => Vec::new(),
            None => self.presented().tokens,
        }
    }

    /// Returns how the request reads a session. A session with a `dont_remember` cookie is never renewed.
    pub(crate) fn reading(&self, cookies: &Cookies<'_>, reader: Reader) -> Reading {
        Reading {
            may_renew: !cookies.has_dont_remember() && !self.query.is_truthy("disableRefresh"),
            reader,
        }
    }

    /// Returns whether a session cookie that this request sets persists when the browser closes: neither the row of the
    /// caller's session nor the client's `dont_remember` cookie forbids it.
    pub(crate) fn is_remembered(&self, by: Option<&StrictCaller>) -> bool {
        by.is_none_or(StrictCaller::is_remembered) && !self.cookies().has_dont_remember()
    }

    /// Returns the presenter of users and sessions to clients.
    pub(crate) fn presenter(&self) -> Presenter<'_> {
        self.options.presenter()
    }

    /// Returns what is known about the client.
    pub(crate) fn context(&self) -> RequestContext {
        let client = client::of(
            self.request,
            &self.options.trusted_proxies,
            &self.options.address_headers,
        );
        RequestContext {
            ip_address: client.address,
            is_ip_address_shared: client.is_shared,
            user_agent: client::user_agent(self.request.headers(), self.options.limits.user_agent),
            session_tokens: self.session_tokens(),
            tokens: self.cookies().tokens(),
        }
    }
}
