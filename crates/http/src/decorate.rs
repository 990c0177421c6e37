//! The roll call of what rides along with answers: one line for each feature.

use actix_web::http::header::HeaderMap;
use portcullis_domain::user::User;

use crate::{call::Call, error::ApiError, jwt};

/// Adds to an answer that tells a session whose row was read for it, and this user's.
///
/// # Errors
///
/// Where a feature cannot do its part.
pub(crate) async fn session(call: &Call<'_>, user: &User, response: &mut HeaderMap) -> Result<(), ApiError> {
    jwt::ride_along(call, user, response).await
}
