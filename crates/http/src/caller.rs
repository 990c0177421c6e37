//! Who asks?
//!
//! The one place in which a request is turned into a [`StrictCaller`].

use portcullis_application::session::StrictCaller;

use crate::{call::Call, code, error::ApiError};

/// The caller whose session the request presents in its signed cookie. Cookies are left as they are, whatever
/// becomes of the session, as the reference leaves them.
///
/// # Errors
///
/// 401 where there is no such session; 503 where the store cannot tell.
pub(crate) async fn find(call: &Call<'_>) -> Result<StrictCaller, ApiError> {
    let cookies = call.cookies();
    let token = cookies.session_token().ok_or(&code::UNAUTHORIZED)?;
    let caller = call
        .app
        .sessions
        .caller(&token, call.reading(&cookies))
        .await?
        .ok_or(&code::UNAUTHORIZED)?;
    Ok(caller)
}
