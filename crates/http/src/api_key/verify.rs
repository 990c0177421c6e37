//! Verification of API keys for services.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use portcullis_application::api_key::{ApiKeys, VerifiedKey, VerifyKeyError};
use portcullis_domain::api_key::KeyRefusal;
use schemars::JsonSchema;
use serde::Serialize;

use super::{body::Permissions, code, view::ApiKeyView};
use crate::{
    answer,
    call::Call,
    error::ApiError,
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
    error: Option<Refused<'a>>,
    key: Option<ApiKeyView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Refused<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// Details about a key that was used too often.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Details {
    /// The time after which the key may be used again, in milliseconds.
    try_again_in: i64,
}

pub(super) const ROUTE: Route = Route::post(
    "/portcullis/api-key/verify",
    &ForServicesInJson(|call, _by, body| Box::pin(verify(call, body))),
)
.documented(&Operation {
    summary: "Check an API key; if it is valid, this is one use of it",
    query: &[],
    answers: &[Answer::json::<Verdict<'_>>("The key, or why it is not valid")],
    codes: &[],
})
.for_services_in_json();

async fn verify(call: Call<'_, ApiKeys>, Body(body): Body<Verify>) -> Result<HttpResponse, ApiError> {
    let outcome = call.feature.verify(&body.key, body.permissions.as_ref()).await;
    match outcome {
        Ok(verified) => Ok(accept(&verified)),
        Err(VerifyKeyError::Unknown) => Ok(refuse(&code::unknown(), None)),
        Err(VerifyKeyError::Refused(refusal)) => {
            let details = match refusal {
                KeyRefusal::RateLimited { retry_after } => Some(retry_after.into()),
                KeyRefusal::Disabled
                | KeyRefusal::Expired
                | KeyRefusal::NotPermitted
                | KeyRefusal::Exhausted { .. } => None,
            };
            Ok(refuse(&refusal.into(), details))
        }
        Err(VerifyKeyError::Failure(failure)) => Err(failure.into()),
    }
}

impl From<TimeDelta> for Details {
    fn from(retry_after: TimeDelta) -> Self {
        let try_again_in = retry_after.num_milliseconds();
        Self { try_again_in }
    }
}

fn refuse(error: &ApiError, details: Option<Details>) -> HttpResponse {
    answer::json(&Verdict {
        valid: false,
        error: Some(Refused {
            code: error.code.name,
            message: error.message(),
            details,
        }),
        key: None,
    })
}

fn accept(verified: &VerifiedKey) -> HttpResponse {
    answer::json(&Verdict {
        valid: true,
        error: None,
        key: Some(ApiKeyView::new(&verified.key)),
    })
}
