//! Who asks?
//!
//! The one place in which a request is turned into a [`StrictCaller`]. Cookies are left as they are, whatever
//! becomes of the session, as the reference leaves them; and no copy of a session that a client keeps proves
//! anything here.

use portcullis_application::session::{FreshCaller, StrictCaller};

use crate::{call::Call, code, error::ApiError};

/// The caller whose session the request presents, where it presents a live one.
///
/// # Errors
///
/// 503 where the store cannot tell.
pub(crate) async fn find(call: &Call<'_>) -> Result<Option<StrictCaller>, ApiError> {
    let cookies = call.cookies();
    let presented = cookies.presented();
    let reading = call.reading(&cookies);
    Ok(call.app.sessions.caller(&presented.tokens, reading).await?)
}

/// The caller whose session the request presents.
///
/// # Errors
///
/// 401 where there is no such session; 503 where the store cannot tell.
pub(crate) async fn require(call: &Call<'_>) -> Result<StrictCaller, ApiError> {
    let caller = find(call).await?;
    caller.ok_or_else(|| (&code::UNAUTHORIZED).into())
}

/// The caller whose session the request presents, and is young enough for what is dangerous.
///
/// # Errors
///
/// As [`require`], and 403 where the session is too old.
pub(crate) async fn require_fresh(call: &Call<'_>) -> Result<FreshCaller, ApiError> {
    let caller = require(call).await?;
    let caller = call.app.sessions.fresh(caller);
    caller.ok_or_else(|| (&code::SESSION_IS_NOT_FRESH).into())
}
