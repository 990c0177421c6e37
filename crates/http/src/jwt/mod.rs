//! JWTs, and the public keys that verify them.

mod response_decorator;

pub(crate) use self::response_decorator::HEADER;

use actix_web::{HttpResponse, http::header};
use portcullis_application::{jwt::Jwt, ports::Failure, session::StrictCaller};
use portcullis_domain::{jwt::Algorithm, user::User};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    answer,
    call::Call,
    code::Code,
    discovery::{self, FIVE_MINUTES, Links},
    endpoint::{ForCallers, Public},
    error::ApiError,
    extract::query::Repeated,
    features::Features,
    operation::{Answer, Operation, Parameter},
    route::Route,
    view::Presenter,
};

const INVALID_AUDIENCE: Code = Code::new(400, "INVALID_AUDIENCE", "The audience is not allowed");

pub(crate) const CODES: &[&Code] = &[&INVALID_AUDIENCE];

/// The parameter that names the audience of a token.
const AUDIENCE: &str = "audience";
/// The path of the keys, unless the configuration chooses another one.
const JWKS: &str = "/jwks";
/// The path at which libraries expect the keys.
const WELL_KNOWN: &str = "/.well-known/jwks.json";

/// What the routes of JWTs call, and the path of the published keys.
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
    Route::get(JWKS, &Public(|call, ()| Box::pin(key_set(call))))
        .documented(&PUBLICATION)
        .at(|features| Some(features.get::<JwtEndpoints>()?.jwks_path.clone())),
    Route::get(WELL_KNOWN, &PUBLISHED_KEYS).documented(&PUBLICATION),
    Route::get(WELL_KNOWN, &PUBLISHED_KEYS)
        .documented(&PUBLICATION)
        .outside_base_path(),
    Route::get("/token", &ForCallers(|call, by, ()| Box::pin(token(call, by))))
        .documented(&Operation {
            summary: "Issue a JWT of the caller",
            query: &[Parameter {
                name: AUDIENCE,
                description: "An allowed audience; without it, the token is for the default audience",
            }],
            answers: &[Answer::json::<Token>("The JWT")],
            codes: &[&INVALID_AUDIENCE],
        })
        .only_in_person(),
];

static PUBLICATION: Operation = Operation {
    summary: "Publish the keys that verify JWTs",
    query: &[],
    answers: &[Answer::json::<KeySet>("A JSON Web Key Set")],
    codes: &[],
};
static PUBLISHED_KEYS: Public<(), JwtEndpoints> = Public(|call, ()| Box::pin(published_keys(call)));

/// Returns what this feature adds to discovery documents.
pub(crate) fn metadata(features: &Features, links: &Links<'_>) -> Option<Map<String, Value>> {
    let jwt = &features.get::<JwtEndpoints>()?.jwt;
    let algorithms: Vec<_> = jwt.algorithms().map(Algorithm::name).collect();
    let members = [
        (discovery::ISSUER, Some(jwt.issuer().into())),
        ("jwks_uri", links.url(JWKS).map(Value::from)),
        ("id_token_signing_alg_values_supported", Some(algorithms.into())),
    ];
    let members = members.into_iter();
    Some(
        members
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect(),
    )
}

async fn published_keys(call: Call<'_, JwtEndpoints>) -> Result<HttpResponse, ApiError> {
    let mut response = key_set(call).await?;
    discovery::publish(response.headers_mut());
    Ok(response)
}

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
            let view = call.presenter().user_members(by.user());
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
    jwt.token(user, presenter.user_members(user)).await
}

#[cfg(test)]
mod tests;
