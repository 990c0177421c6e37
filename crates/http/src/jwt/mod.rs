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
    code::Code,
    endpoint::{ForCallers, Public},
    error::ApiError,
    extract::query::Repeated,
    operation::{Answer, Operation, Parameter},
    route::Route,
    view::Presenter,
};

/// How long caches may keep the keys.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

const INVALID_AUDIENCE: Code = Code::new(400, "INVALID_AUDIENCE", "The audience is not allowed");

pub(crate) const CODES: &[&Code] = &[&INVALID_AUDIENCE];

/// The parameter that names the audience of a token.
const AUDIENCE: &str = "audience";

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
        query: &[Parameter {
            name: AUDIENCE,
            description: "An allowed audience; without it, the token is for the default audience",
        }],
        answers: &[Answer::json::<Token>("The JWT")],
        codes: &[&INVALID_AUDIENCE],
    }),
];

/// A verifier that finds an unknown key id reads the keys again.
async fn key_set(call: Call<'_, JwtEndpoints>) -> Result<HttpResponse, ApiError> {
    let keys = call.feature.jwt.key_set().await?;
    let mut response = HttpResponse::Ok().json(KeySet { keys });
    response.headers_mut().insert(header::CACHE_CONTROL, FIVE_MINUTES);
    Ok(response)
}

async fn token(call: Call<'_, JwtEndpoints>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let jwt = &call.feature.jwt;
    let token = match call.query.one(AUDIENCE) {
        Ok(None) => of(jwt, by.user(), call.presenter()).await?,
        Ok(Some(audience)) => {
            let view = view(by.user(), call.presenter());
            let token = jwt
                .token_for(&audience, (by.user(), &by.session().id), view)
                .await?;
            token.ok_or(&INVALID_AUDIENCE)?
        }
        Err(Repeated) => return Err((&INVALID_AUDIENCE).into()),
    };
    Ok(answer::json(&Token { token }))
}

async fn of(jwt: &Jwt, user: &User, presenter: Presenter<'_>) -> Result<String, Failure> {
    jwt.token(user, view(user, presenter)).await
}

fn view(user: &User, presenter: Presenter<'_>) -> Map<String, Value> {
    match presenter.user_value(user) {
        Value::Object(view) => view,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
