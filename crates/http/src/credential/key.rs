//! Keys that stand for a session during one request. No row is stored for such a session.

use actix_web::http::header::HeaderName;
use futures_util::future::LocalBoxFuture;
use portcullis_application::session::KeySession;

use crate::{call::Call, error::ApiError};

/// The seam by which a feature accepts keys instead of sessions.
pub(crate) trait KeyScheme: Send + Sync {
    /// Returns the headers in which requests present keys; the first that is not empty counts.
    fn headers(&self) -> &[HeaderName];

    /// Returns the lookup of the key that the request presents, or `None` if it presents none. The lookup returns the
    /// session that the key stands for, or why the key is not valid.
    fn look_up<'a>(&'a self, call: &'a Call<'a>) -> Option<LocalBoxFuture<'a, Result<KeySession, ApiError>>>;
}
