//! Introspection and revocation of tokens for services: RFC 7662 and RFC 7009.

mod token;
mod view;

use actix_web::{HttpResponse, http::header};
use portcullis_application::introspection::{Introspection, RevocationError};
use portcullis_domain::service_client::ServiceClientId;
use serde_json::{Map, Value};

use self::{token::presented, view::TokenView};
use crate::{
    answer,
    call::Call,
    client_authentication::ServiceCaller,
    code::Code,
    discovery::Links,
    error::ApiError,
    extract::body::{Body, Secret, body},
    features::Features,
    operation::{Answer, Operation},
    route::Route,
    service_endpoint::ForServices,
};

const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";
/// RFC 8414: how services authenticate.
const AUTHENTICATION_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
const UNSUPPORTED_TOKEN_TYPE: Code = Code::of_oauth(
    400,
    "unsupported_token_type",
    "The token belongs to no session; it stays valid until it expires",
);

pub(crate) const CODES: &[&Code] = &[&UNSUPPORTED_TOKEN_TYPE];

impl From<RevocationError> for ApiError {
    fn from(error: RevocationError) -> Self {
        match error {
            RevocationError::NoSession => (&UNSUPPORTED_TOKEN_TYPE).into(),
            RevocationError::Failure(failure) => failure.into(),
        }
    }
}

body! {
    Asked {
        token: Secret = "token",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        INTROSPECT,
        &ForServices(|call, _by, body| Box::pin(introspect(call, body))),
    )
    .documented(&Operation {
        summary: "Check a session token or a JWT",
        query: &[],
        answers: &[Answer::json::<TokenView<'_>>(
            "What the token stands for, or that it is not active",
        )],
        codes: &[],
    })
    .for_services(),
    Route::post(
        REVOKE,
        &ForServices(|call, by, body| Box::pin(revoke(call, by, body))),
    )
    .documented(&Operation {
        summary: "End the session that a token belongs to",
        query: &[],
        answers: &[Answer::empty("The token is not active now")],
        codes: &[&UNSUPPORTED_TOKEN_TYPE],
    })
    .for_services(),
];

/// Returns what this feature adds to discovery documents.
pub(crate) fn metadata(features: &Features, links: &Links<'_>) -> Option<Map<String, Value>> {
    let introspection = features.get::<Introspection>()?;
    let endpoints = [
        ("introspection_endpoint", INTROSPECT),
        ("revocation_endpoint", REVOKE),
    ];
    let offered = endpoints
        .into_iter()
        .filter_map(|(name, path)| Some((name, links.url(path)?)));
    let members = offered.flat_map(|(name, url)| {
        [
            (name.to_owned(), url.into()),
            (
                format!("{name}_auth_methods_supported"),
                AUTHENTICATION_METHODS.into(),
            ),
        ]
    });
    introspection.has_clients().then(|| members.collect())
}

async fn introspect(
    call: Call<'_, Introspection>,
    Body(body): Body<Asked>,
) -> Result<HttpResponse, ApiError> {
    let token = presented(body.token.expose(), call.app.mac.as_ref());
    let active = call.feature.introspect(&token).await?;
    let issuer = call.feature.issuer();
    Ok(answer::json(&TokenView::new(
        active.as_ref(),
        issuer,
        call.presenter(),
    )))
}

async fn revoke(
    call: Call<'_, Introspection>,
    by: ServiceCaller,
    Body(body): Body<Asked>,
) -> Result<HttpResponse, ApiError> {
    let token = presented(body.token.expose(), call.app.mac.as_ref());
    call.feature.revoke(&token).await?;
    let client = by.client.as_ref().map(ServiceClientId::as_str);
    tracing::info!(client, "a service revoked a token");
    let mut response = HttpResponse::Ok();
    Ok(response
        .insert_header((header::CACHE_CONTROL, answer::NO_STORE))
        .finish())
}
