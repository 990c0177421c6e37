//! Checks of requests before anything else is done for them.

use actix_web::HttpRequest;
use futures_util::future::LocalBoxFuture;

use crate::{error::ApiError, options::Options, route::Route};

/// The part of a check that waits for another server.
pub(crate) type Checking<'a> = LocalBoxFuture<'a, Result<(), ApiError>>;

/// The seam by which a feature decides whether a request reaches its route.
///
/// The check receives the route that the pipeline found, so that the spelling of a URL does not matter. It begins
/// before the request is counted, its origin is checked or its body is read.
pub(crate) trait RouteCheck: Send + Sync {
    /// Begins the check, without waiting. Returns what remains of it, or `None` if the request passes. What remains is
    /// awaited after the request was counted, so that the rate limit also limits the requests to the other server.
    ///
    /// # Errors
    ///
    /// If the request is rejected already.
    fn begin<'a>(&'a self, at: Arriving<'a>) -> Result<Option<Checking<'a>>, ApiError>;
}

/// A request that has arrived.
#[derive(Clone, Copy)]
pub(crate) struct Arriving<'a> {
    pub(crate) route: &'a Route,
    pub(crate) request: &'a HttpRequest,
    pub(crate) options: &'a Options,
}
