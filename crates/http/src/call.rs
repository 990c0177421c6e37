//! What a handler is given.

use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use portcullis_application::context::RequestContext;

use crate::{
    app::App,
    cookie::Cookies,
    error::ApiError,
    extract::{client, query::Query, schema::Values},
    options::Options,
};

/// What a route calls in the end.
pub(crate) type Handler = for<'a> fn(Call<'a>) -> LocalBoxFuture<'a, Result<HttpResponse, ApiError>>;

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

    /// Where the request comes from.
    pub(crate) fn context(&self) -> RequestContext {
        RequestContext {
            ip_address: client::address(self.request, &self.options.trusted_proxies),
            user_agent: client::user_agent(self.request.headers(), self.options.limits.user_agent),
        }
    }
}
