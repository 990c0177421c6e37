//! Sign-in with Google One Tap.

use actix_web::HttpResponse;
use portcullis_application::one_tap::{OneTap, OneTapError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::Code,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Token, body},
    operation::{Answer, Operation},
    route::Route,
    signed_in::{self, SignedIn},
};

body! {
    SignIn {
        id_token: Token = "idToken",
    }
}

/// wire: Better Auth reports a token without an address with the status 200.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct NoEmail {
    #[schemars(extend("const" = "Email not available in token"))]
    error: &'static str,
}

const INVALID_ID_TOKEN: Code = Code::new(400, "INVALID_ID_TOKEN", "invalid id token");
const NOT_LINKED: Code = Code::new(401, "GOOGLE_SUB_DOESNT_MATCH", "Google sub doesn't match");
const COULD_NOT_CREATE_USER: Code = Code::new(500, "COULD_NOT_CREATE_USER", "Could not create user");
/// wire: the status is Better Auth's.
const USER_NOT_FOUND: Code = Code::new(502, "USER_NOT_FOUND", "User not found");

pub(crate) const CODES: &[&Code] = &[
    &INVALID_ID_TOKEN,
    &NOT_LINKED,
    &COULD_NOT_CREATE_USER,
    &USER_NOT_FOUND,
];

impl From<OneTapError> for ApiError {
    fn from(error: OneTapError) -> Self {
        match error {
            OneTapError::InvalidToken => (&INVALID_ID_TOKEN).into(),
            OneTapError::UnknownUser => (&USER_NOT_FOUND).into(),
            OneTapError::NotLinked => (&NOT_LINKED).into(),
            OneTapError::UnableToCreateUser => (&COULD_NOT_CREATE_USER).into(),
            OneTapError::Refused(refusal) => refusal.into(),
            OneTapError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/one-tap/callback",
    &Public(|call, body| Box::pin(sign_in(call, body))),
)
.documented(&Operation {
    summary: "Sign in with an id token of Google One Tap",
    query: &[],
    answers: &[
        Answer::json::<SignedIn<'_>>("The user is signed in").with_cookies(),
        Answer::json::<NoEmail>("The id token has no e-mail address"),
        Answer::CHALLENGE,
    ],
    codes: CODES,
})
.completes_sign_ins()
.rejects_foreign_sites()
.waits_for_providers()];

async fn sign_in(call: Call<'_, OneTap>, Body(body): Body<SignIn>) -> Result<HttpResponse, ApiError> {
    match call.feature.sign_in(body.id_token, &call.context()).await? {
        Some(outcome) => signed_in::answer(&call, outcome),
        None => Ok(answer::json(&NoEmail {
            error: "Email not available in token",
        })),
    }
}
