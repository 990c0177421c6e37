//! Additional headers of session responses: one line for each feature.

use actix_web::http::header::HeaderMap;
use portcullis_domain::user::User;

use crate::{call::Call, jwt};

/// Adds headers to a response that contains a session of this user, whose row was read for the request. A feature that
/// fails leaves its header out, because the response may report changes that are already stored.
pub(crate) async fn session(call: &Call<'_>, user: &User, response: &mut HeaderMap) {
    jwt::add_header(call, user, response).await;
}
