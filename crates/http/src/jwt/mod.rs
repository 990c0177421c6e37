//! JWTs, and the public keys that verify them.

mod response_decorator;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use portcullis_application::{jwt::Jwt, ports::Failure, session::StrictCaller};
use portcullis_domain::user::User;
use serde_json::{Map, Value, json};

use crate::{
    answer,
    call::Call,
    endpoint::{ForCallers, Public},
    error::ApiError,
    route::Route,
    view::Presenter,
};

/// How long caches may keep the keys. A verifier that finds an unknown key id fetches them again.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
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

#[cfg(test)]
mod tests;
