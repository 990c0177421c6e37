//! JWTs, and the public keys that verify them.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use portcullis_application::{jwt::Jwt, ports::Failure, session::StrictCaller};
use portcullis_domain::user::User;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::{
    answer,
    call::Call,
    endpoint::{ForCallers, Public},
    error::{self, ApiError},
    route::Route,
    view::Presenter,
};

/// How long caches may keep the keys. A verifier that finds an unknown key id fetches them again.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// The header of a session response that contains a JWT.
const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");
/// Maximum length of that header: many clients and proxies reject longer ones. `GET /token` has no such limit.
const LONGEST: usize = 8 * 1024;

/// What the routes of JWTs call, and where the keys are published.
pub struct JwtEndpoints {
    /// Creates JWTs.
    pub jwt: Jwt,
    /// Path of the public keys that verify JWTs, relative to the base path.
    pub jwks_path: String,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/jwks", &Public(|call, ()| Box::pin(key_set(call))))
        .at(|features| Some(features.get::<JwtEndpoints>()?.jwks_path.clone())),
    Route::get("/token", &ForCallers(|call, by, ()| Box::pin(token(call, by)))),
];

async fn key_set(call: Call<'_, JwtEndpoints>) -> Result<HttpResponse, ApiError> {
    let keys = call.feature.jwt.key_set().await?;
    let mut response = HttpResponse::Ok().json(json!({ "keys": keys }));
    response.headers_mut().insert(header::CACHE_CONTROL, FIVE_MINUTES);
    Ok(response)
}

async fn token(call: Call<'_, JwtEndpoints>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let token = of(&call.feature.jwt, by.user(), call.presenter()).await?;
    Ok(answer::json(&json!({ "token": token })))
}

async fn of(jwt: &Jwt, user: &User, presenter: Presenter<'_>) -> Result<String, Failure> {
    let view = match presenter.user_value(user) {
        Value::Object(view) => view,
        _ => Map::new(),
    };
    jwt.token(user, view).await
}

/// Adds a JWT of this user to a response that contains a session whose row was read for the request. If creating the
/// JWT fails or takes too long, or if the JWT is too long for a header, the response is sent without it.
pub(crate) async fn add_header(call: &Call<'_>, user: &User, response: &mut HeaderMap) {
    let endpoints = call.app.features.get::<JwtEndpoints>();
    let Some(endpoints) = endpoints.filter(|endpoints| endpoints.jwt.sets_header()) else {
        return;
    };
    // The rest of the time is left for the response itself.
    let limit = call.options.limits.request / 2;
    let token = timeout(limit, of(&endpoints.jwt, user, call.presenter())).await;
    match token.unwrap_or_else(|_elapsed| Err(Failure::unavailable("creating the JWT took too long"))) {
        Ok(token) if token.len() > LONGEST => {}
        Ok(token) => {
            if let Ok(value) = HeaderValue::from_maybe_shared(token) {
                answer::set_exposed_header(response, SET_AUTH_JWT, value);
            }
        }
        Err(failure) => error::log(None, &failure, "sent a session without its JWT"),
    }
}

#[cfg(test)]
mod tests;
