//! The authorization proxy: sends a browser to an authorization server, and gives it the cookie of the request's state,
//! which the application cannot share with the browser.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use portcullis_application::client_token::{AUTHORIZATION_STATE, ClientEffects, SessionEffect, TokenEffect};
use portcullis_domain::{
    expo::{AuthorizationRejection, AuthorizationRequest},
    secret::Secret,
};

use super::Expo;
use crate::{
    answer,
    call::Call,
    code::Code,
    endpoint::Public,
    error::ApiError,
    extract::body::{Query, Text, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    Asked {
        authorization_url: Text = "authorizationURL",
        oauth_state: Option<Text> = "oauthState",
    }
}

const INVALID_URL: Code = Code::new(400, "INVALID_AUTHORIZATIONURL", "Invalid authorizationURL");
/// wire: Better Auth's words.
const NO_STATE: Code = Code::new(400, "UNEXPECTED_ERROR", "Unexpected error");
const OAUTH_STATE: Code = Code::new(400, "OAUTHSTATE_IS_NOT_SUPPORTED", "oauthState is not supported");

pub(crate) const CODES: &[&Code] = &[&INVALID_URL, &NO_STATE, &OAUTH_STATE];

/// How long the user may take at the authorization server.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

impl From<AuthorizationRejection> for ApiError {
    fn from(rejection: AuthorizationRejection) -> Self {
        match rejection {
            AuthorizationRejection::Url => (&INVALID_URL).into(),
            AuthorizationRejection::State => (&NO_STATE).into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::get(
    "/expo-authorization-proxy",
    &Public(|call, query| Box::pin(std::future::ready(redirect(&call, query)))),
)
.documented(&Operation {
    summary: "Send a browser to an authorization server, with the cookie of the request's state",
    query: &[],
    answers: &[Answer::redirect("To the authorization server").with_cookies()],
    codes: &[&INVALID_URL, &NO_STATE, &OAUTH_STATE],
})];

fn redirect(call: &Call<'_, Expo>, Query(asked): Query<Asked>) -> Result<HttpResponse, ApiError> {
    // Better Auth's parameter for a state that is encrypted in a cookie. No route of this server sends such a state.
    if asked.oauth_state.is_some_and(|state| !state.is_empty()) {
        return Err((&OAUTH_STATE).into());
    }
    let (trusted, own) = (&call.options.trusted_origins, &call.options.base_url);
    let request = AuthorizationRequest::parse(&asked.authorization_url, trusted, own)?;
    let effects = ClientEffects {
        session: SessionEffect::Unchanged,
        tokens: vec![TokenEffect::Set {
            kind: AUTHORIZATION_STATE,
            value: Secret::new(request.state),
            lifetime: LIFETIME,
        }],
    };
    answer::redirect_with_effects(request.url.as_str(), &effects, &call.cookies())
}
