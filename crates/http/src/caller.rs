//! Authentication of callers.
//!
//! Only this module turns a request into a [`StrictCaller`], except for requests with API keys. It leaves cookies
//! unchanged even if the session has expired, as Better Auth does, and never trusts the session cookie cache.

use portcullis_application::session::{FreshCaller, Reading, StrictCaller};
use portcullis_domain::session::Reader;

use crate::{call::Call, code, error::ApiError};

/// Returns the caller whose session the request presents, or `None` if it presents no live session. A key that stands
/// for a session comes before a session.
///
/// # Errors
///
/// 403 if another user acts in the session and the route is reserved for users in person; 503 if the store is
/// unavailable.
pub(crate) async fn find(call: &Call<'_>) -> Result<Option<StrictCaller>, ApiError> {
    if let Some(by_key) = &call.by_key {
        return Ok(Some(by_key.clone()));
    }
    let cookies = call.cookies();
    let presented = call.presented();
    // wire: these routes store the renewal and send no cookie.
    let reading = call.reading(&cookies, Reader::Other);
    let caller = call.app.sessions.caller(&presented.tokens, reading).await?;
    if call.is_personal && caller.as_ref().is_some_and(StrictCaller::is_delegated) {
        return Err((&code::NOT_ALLOWED_WHILE_IMPERSONATING).into());
    }
    Ok(caller)
}

/// Returns the caller whose session the request presents, and does not renew the session: the request was not sent by
/// the client that stores it.
///
/// # Errors
///
/// 503 if the store is unavailable.
pub(crate) async fn find_unrenewed<F>(call: &Call<'_, F>) -> Result<Option<StrictCaller>, ApiError> {
    let presented = call.presented();
    let caller = call.app.sessions.caller(&presented.tokens, Reading::UNCHANGED);
    Ok(caller.await?)
}

/// Returns the caller whose session the request presents.
///
/// # Errors
///
/// 401 if there is no such session; 503 if the store is unavailable.
pub(crate) async fn require(call: &Call<'_>) -> Result<StrictCaller, ApiError> {
    let caller = find(call).await?;
    caller.ok_or_else(|| (&code::UNAUTHORIZED).into())
}

/// Returns the caller whose session the request presents, if the session is fresh enough for dangerous operations.
///
/// # Errors
///
/// As [`require`], and 403 if the session is too old.
pub(crate) async fn require_fresh(call: &Call<'_>) -> Result<FreshCaller, ApiError> {
    let caller = require(call).await?;
    let caller = call.app.sessions.fresh(caller);
    caller.ok_or_else(|| (&code::SESSION_IS_NOT_FRESH).into())
}
