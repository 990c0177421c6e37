//! Additional headers of responses.

use std::sync::Arc;

use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;
use portcullis_application::client_token::ActiveSession;

use crate::{options::Options, route::Route};

/// The seam by which a feature adds headers to successful responses.
pub(crate) trait ResponseDecorator: Send + Sync {
    /// Adds headers. A feature that fails leaves its header out, because the response may report changes that are
    /// already stored.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()>;
}

/// What a response is a response of.
#[derive(Clone, Copy)]
pub(crate) struct Decorating<'a> {
    pub(crate) route: &'a Route,
    pub(crate) options: &'a Options,
}

/// An extension of a response that contains this session, whose row was read for the request.
#[derive(Clone)]
pub(crate) struct Contains(pub(crate) Arc<ActiveSession>);

/// Marks a response as one that contains this session.
pub(crate) fn contains(response: &mut HttpResponse, active_session: Arc<ActiveSession>) {
    response.extensions_mut().insert(Contains(active_session));
}
