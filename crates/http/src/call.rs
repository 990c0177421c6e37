//! The input of handlers.

use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use portcullis_application::{
    context::RequestContext,
    session::{FreshCaller, Reading, StrictCaller},
};

use crate::{
    app::App,
    caller,
    cookie::Cookies,
    error::ApiError,
    extract::{client, query::Query, schema::Values},
    options::Options,
    view::Presenter,
};

/// The future of a handler's response.
pub(crate) type Answering<'a> = LocalBoxFuture<'a, Result<HttpResponse, ApiError>>;
/// Handler that needs no session.
pub(crate) type PublicEndpoint = for<'a> fn(Call<'a>) -> Answering<'a>;
/// Handler that needs no session, and receives the caller if the request presents a live one.
pub(crate) type AnyoneEndpoint = for<'a> fn(Call<'a>, Option<StrictCaller>) -> Answering<'a>;
/// Handler that needs a session. It cannot be called without the proof of one.
pub(crate) type CallerEndpoint = for<'a> fn(Call<'a>, StrictCaller) -> Answering<'a>;
/// Handler that needs a session that is fresh enough for dangerous operations.
pub(crate) type FreshCallerEndpoint = for<'a> fn(Call<'a>, FreshCaller) -> Answering<'a>;

/// The handler of a route.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    Public(PublicEndpoint),
    ForAnyone(AnyoneEndpoint),
    ForCallers(CallerEndpoint),
    ForFreshCallers(FreshCallerEndpoint),
}

impl Endpoint {
    /// Reads the caller's session if the handler needs it, and calls the handler.
    ///
    /// # Errors
    ///
    /// 401 if a required session is missing, 403 if it is not fresh enough, and the handler's own errors.
    pub(crate) fn answer(self, call: Call<'_>) -> Answering<'_> {
        match self {
            Self::Public(handler) => handler(call),
            Self::ForAnyone(handler) => Box::pin(async move {
                let by = caller::find(&call).await?;
                handler(call, by).await
            }),
            Self::ForCallers(handler) => Box::pin(async move {
                let by = caller::require(&call).await?;
                handler(call, by).await
            }),
            Self::ForFreshCallers(handler) => Box::pin(async move {
                let by = caller::require_fresh(&call).await?;
                handler(call, by).await
            }),
        }
    }
}

/// A request that has passed every check of its route.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) options: &'a Options,
    pub(crate) request: &'a HttpRequest,
    /// The path segment that matches the route's variable, as it was sent. Empty if the route has no variable.
    pub(crate) segment: &'a str,
    /// The query as it was sent.
    pub(crate) query: Query<'a>,
    /// The query parameters that the route declares.
    pub(crate) asked: Values,
    pub(crate) body: Values,
}

impl Call<'_> {
    /// Returns the reader of the request's cookies and writer of the response's.
    pub(crate) fn cookies(&self) -> Cookies<'_> {
        Cookies {
            headers: self.request.headers(),
            mac: self.app.mac.as_ref(),
            cache: self.app.session_cookie_cache.as_ref(),
            options: self.options,
        }
    }

    /// Returns how the request reads a session. A session with a `dont_remember` cookie is never renewed.
    pub(crate) fn reading(&self, cookies: &Cookies<'_>) -> Reading {
        Reading {
            may_renew: !cookies.has_dont_remember() && !self.query.is_truthy("disableRefresh"),
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
        let client = client::of(self.request, &self.options.trusted_proxies);
        RequestContext {
            ip_address: client.address,
            is_ip_address_shared: client.is_shared,
            user_agent: client::user_agent(self.request.headers(), self.options.limits.user_agent),
            tokens: self.cookies().tokens(),
        }
    }
}
