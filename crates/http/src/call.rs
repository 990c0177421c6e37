//! What a handler is given.

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

/// An answer in the making.
pub(crate) type Answering<'a> = LocalBoxFuture<'a, Result<HttpResponse, ApiError>>;
/// Answers anybody.
pub(crate) type PublicEndpoint = for<'a> fn(Call<'a>) -> Answering<'a>;
/// Answers anybody, and is told who it is where that is proven.
pub(crate) type AnyoneEndpoint = for<'a> fn(Call<'a>, Option<StrictCaller>) -> Answering<'a>;
/// Answers whoever has proven to have a session. It cannot be called without the proof.
pub(crate) type CallerEndpoint = for<'a> fn(Call<'a>, StrictCaller) -> Answering<'a>;
/// Answers whoever has proven to have a session that is young enough for what is dangerous.
pub(crate) type FreshCallerEndpoint = for<'a> fn(Call<'a>, FreshCaller) -> Answering<'a>;

/// What a route calls in the end.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    Public(PublicEndpoint),
    ForAnyone(AnyoneEndpoint),
    ForCallers(CallerEndpoint),
    ForFreshCallers(FreshCallerEndpoint),
}

impl Endpoint {
    /// Answers, once it is known who asks where that matters.
    ///
    /// # Errors
    ///
    /// 401 for a caller without a session where one is needed, 403 for one whose session is too old, and the
    /// handler's own.
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
    /// The segment of the path that the route leaves open, as it was sent; empty where it leaves none open.
    pub(crate) segment: &'a str,
    /// The query as it was sent.
    pub(crate) query: Query<'a>,
    /// The parameters of the query that the route asks for.
    pub(crate) asked: Values,
    pub(crate) body: Values,
}

impl Call<'_> {
    /// The cookies that came along, and those that are to go back.
    pub(crate) fn cookies(&self) -> Cookies<'_> {
        Cookies {
            headers: self.request.headers(),
            mac: self.app.mac.as_ref(),
            cache: self.app.session_copies.as_ref(),
            options: self.options,
        }
    }

    /// How the request would have a session be read. One that is not to be remembered is never renewed.
    pub(crate) fn reading(&self, cookies: &Cookies<'_>) -> Reading {
        Reading {
            may_renew: !cookies.says_not_to_remember() && !self.query.is_truthy("disableRefresh"),
        }
    }

    /// Whether a client that keeps its session from this request on keeps it when the browser closes: neither the row of
    /// the caller's session nor the client says otherwise.
    pub(crate) fn is_remembered(&self, by: Option<&StrictCaller>) -> bool {
        by.is_none_or(StrictCaller::is_remembered) && !self.cookies().says_not_to_remember()
    }

    /// Shows users and sessions as clients may see them.
    pub(crate) fn presenter(&self) -> Presenter<'_> {
        self.options.presenter()
    }

    /// Where the request comes from.
    pub(crate) fn context(&self) -> RequestContext {
        let client = client::of(self.request, &self.options.trusted_proxies);
        RequestContext {
            ip_address: client.address,
            is_address_shared: client.is_shared,
            user_agent: client::user_agent(self.request.headers(), self.options.limits.user_agent),
        }
    }
}
