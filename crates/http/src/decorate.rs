//! The roll call of what rides along with answers: one line for each feature.

use actix_web::http::header::HeaderMap;
use portcullis_domain::user::User;

use crate::{call::Call, jwt};

/// Adds to an answer that tells a session whose row was read for it, and this user's. A feature that cannot do its part
/// leaves it out: the answer may tell the client of what has been done already.
pub(crate) async fn session(call: &Call<'_>, user: &User, response: &mut HeaderMap) {
    jwt::ride_along(call, user, response).await;
}
