//! What a handler is given.

use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use portcullis_application::{
    context::RequestContext,
    session::{Reading, StrictCaller},
};

use crate::{
    app::App,
    caller,
    cookie::Cookies,
    error::ApiError,
    extract::{client, query::Query, schema::Values},
    options::Options,
};

/// An answer in the making.
pub(crate) type Answering<'a> = LocalBoxFuture<'a, Result<HttpResponse, ApiError>>;
/// Answers anybody.
pub(crate) type PublicEndpoint = for<'a> fn(Call<'a>) -> Answering<'a>;
/// Answers whoever has proven to have a session. It cannot be called without the proof.
pub(crate) type CallerEndpoint = for<'a> fn(Call<'a>, StrictCaller) -> Answering<'a>;

/// What a route calls in the end.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    Public(PublicEndpoint),
    ForCallers(CallerEndpoint),
}

impl Endpoint {
    /// Answers, once it is known who asks where that matters.
    ///
    /// # Errors
    ///
    /// 401 for a caller without a session where one is needed, and the handler's own.
    pub(crate) async fn answer(self, call: Call<'_>) -> Result<HttpResponse, ApiError> {
        match self {
            Self::Public(handler) => handler(call).await,
            Self::ForCallers(handler) => {
                let by = caller::find(&call).await?;
                handler(call, by).await
            }
        }
    }
}

/// A request that has passed every check of its route.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) options: &'a Options,
    pub(crate) request: &'a HttpRequest,
    pub(crate) query: Query<'a>,
    pub(crate) body: Values,
}

impl Call<'_> {
    /// The cookies that came along, and those that are to go back.
    pub(crate) fn cookies(&self) -> Cookies<'_> {
        Cookies::new(
            self.request.headers(),
            self.app.mac.as_ref(),
            self.options.secure_cookies,
        )
    }

    /// How the request would have a session be read. One that is not to be remembered is never renewed.
    pub(crate) fn reading(&self, cookies: &Cookies<'_>) -> Reading {
        Reading {
            may_renew: !cookies.says_not_to_remember() && !self.query.is_truthy("disableRefresh"),
        }
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
