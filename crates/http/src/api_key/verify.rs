//! Verification of API keys for services.

use actix_web::HttpResponse;
use portcullis_application::api_key::{ApiKeys, VerifiedKey, VerifyKeyError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{body::Permissions, code, view::ApiKeyView};
use crate::{
    answer,
    call::Call,
    error::{self, ApiError},
    extract::body::{Body, Token, body},
    operation::{Answer, Operation},
    route::Route,
    service_endpoint::ForServicesInJson,
};

body! {
    Verify {
        key: Token = "key",
        permissions: Option<Permissions> = "permissions",
    }
}

/// The answer of Better Auth's function `verifyApiKey`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Verdict<'a> {
    valid: bool,
    /// Why the key is not valid.
    error: Option<error::Body<'a>>,
    key: Option<ApiKeyView<'a>>,
}

pub(super) const ROUTE: Route = Route::post(
    "/portcullis/api-key/verify",
    &ForServicesInJson(|call, _by, body| Box::pin(verify(call, body))),
)
.documented(&Operation {
    summary: "Check an API key, which is one use of it",
    query: &[],
    answers: &[Answer::json::<Verdict<'_>>("The key, or why it is not valid")],
    codes: &[],
})
.for_services_in_json();

async fn verify(call: Call<'_, ApiKeys>, Body(body): Body<Verify>) -> Result<HttpResponse, ApiError> {
    let outcome = call.feature.verify(&body.key, body.permissions.as_ref()).await;
    let refusal = match outcome {
        Ok(verified) => return Ok(accept(&verified)),
        Err(VerifyKeyError::Unknown) => code::unknown(),
        Err(VerifyKeyError::Refused(refusal)) => refusal.into(),
        Err(VerifyKeyError::Failure(failure)) => return Err(failure.into()),
    };
    Ok(answer::json(&Verdict {
        valid: false,
        error: Some(refusal.body()),
        key: None,
    }))
}

fn accept(verified: &VerifiedKey) -> HttpResponse {
    answer::json(&Verdict {
        valid: true,
        error: None,
        key: Some(ApiKeyView::new(&verified.key)),
    })
}
