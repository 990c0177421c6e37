//! Completion of a sign-in with a passkey.

use actix_web::HttpResponse;
use portcullis_application::{
    passkey::{Authentication, Passkeys},
    sign_in::completion::Outcome,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{code, origin, response};
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Record, body},
    operation::{Answer, Operation},
    route::Route,
    view::session::SessionView,
};

body! {
    Verify {
        response: Record = "response",
    }
}

/// wire: without the user.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct SignedIn<'a> {
    session: SessionView<'a>,
}

pub(super) const ROUTE: Route = Route::post(
    "/passkey/verify-authentication",
    &Public(|call, body| Box::pin(verify(call, body))),
)
.documented(&Operation {
    summary: "Sign in with a passkey",
    query: &[],
    answers: &[
        Answer::json::<SignedIn<'_>>("The user is signed in").with_cookies(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &code::ORIGIN_MISSING,
        &code::CHALLENGE_NOT_FOUND,
        &code::UNKNOWN_CREDENTIAL,
        &code::AUTHENTICATION_FAILED,
    ],
})
.rejects_foreign_sites();

async fn verify(call: Call<'_, Passkeys>, Body(body): Body<Verify>) -> Result<HttpResponse, ApiError> {
    let id = body.response.get("id").and_then(Value::as_str);
    let sent = Authentication {
        origin: origin(&call),
        credential_id: id.unwrap_or_default().to_owned(),
        assertion: response::assertion(&body.response),
    };
    match call.feature.authenticate(sent, &call.context()).await? {
        Outcome::Completed(signed_in) => {
            let view = SignedIn {
                session: call.presenter().session(&signed_in.session),
            };
            Ok(answer::with_effects(&view, &signed_in.effects, &call.cookies()))
        }
        Outcome::Challenged(challenge) => Ok(answer::challenge(&challenge, &call.cookies())),
        Outcome::Refused(_) => Err((&code::AUTHENTICATION_FAILED).into()),
    }
}
