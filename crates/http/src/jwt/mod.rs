//! JWTs, and the public keys that verify them.

mod response_decorator;

pub(crate) use self::response_decorator::HEADER;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use portcullis_application::{jwt::Jwt, ports::Failure, session::StrictCaller};
use portcullis_domain::user::User;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    answer,
    call::Call,
    endpoint::{ForCallers, Public},
    error::ApiError,
    operation::{Answer, Operation},
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

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct KeySet {
    #[schemars(with = "Vec<Map<String, Value>>")]
    keys: Vec<Value>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Token {
    token: String,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/jwks", &Public(|call, ()| Box::pin(key_set(call))))
        .documented(&Operation {
            summary: "Publish the keys that verify JWTs",
            query: &[],
            answers: &[Answer::json::<KeySet>("A JSON Web Key Set")],
            codes: &[],
        })
        .at(|features| Some(features.get::<JwtEndpoints>()?.jwks_path.clone())),
    Route::get("/token", &ForCallers(|call, by, ()| Box::pin(token(call, by)))).documented(&Operation {
        summary: "Issue a JWT of the caller",
        query: &[],
        answers: &[Answer::json::<Token>("The JWT")],
        codes: &[],
    }),
];

async fn key_set(call: Call<'_, JwtEndpoints>) -> Result<HttpResponse, ApiError> {
    let keys = call.feature.jwt.key_set().await?;
    let mut response = HttpResponse::Ok().json(KeySet { keys });
    response.headers_mut().insert(header::CACHE_CONTROL, FIVE_MINUTES);
    Ok(response)
}

async fn token(call: Call<'_, JwtEndpoints>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let token = of(&call.feature.jwt, by.user(), call.presenter()).await?;
    Ok(answer::json(&Token { token }))
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
