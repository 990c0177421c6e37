//! Phone numbers: sign-in, proof of numbers, and reset of passwords.

mod code;
mod password_reset;
mod verification;

use actix_web::HttpResponse;
use chrono::TimeDelta;
use portcullis_application::{
    client_token::TokenEffect,
    phone_number::{PhoneNumbers, PhoneSignInError, SignInWithPhoneNumber},
    sign_in::PasswordRequest,
};
use portcullis_domain::{
    destination::PhoneNumber,
    phone_number::{PHONE_NUMBER, PHONE_NUMBER_VERIFIED},
    rate_limit::Rule,
};

pub(crate) use self::{
    code::CODES, password_reset::ROUTES as PASSWORD_RESET, verification::ROUTES as VERIFICATION,
};
use crate::{
    call::Call,
    endpoint::Public,
    error::{ApiError, ErrorForm},
    extract::body::{Body, Secret, Text, body},
    limit,
    operation::{Answer, Operation},
    refusal::Refusals,
    route::Route,
    signed_in::{self, SignedIn},
};

/// For the paths that send or check codes. Better Auth's window is a thousand times longer: its value is in
/// milliseconds, and is read as seconds.
const LIMIT: Rule = Rule {
    window: TimeDelta::seconds(60),
    max: 10,
};

/// The fields of users that only a proof by a code changes.
pub(crate) const OWN_FIELDS: &[&str] = &[PHONE_NUMBER, PHONE_NUMBER_VERIFIED];

/// The errors with which the feature refuses what clients set of users.
pub(crate) static REFUSALS: Refusals = Refusals {
    inputs: &[&code::CANNOT_BE_UPDATED, &code::INVALID_NUMBER],
    ..Refusals::NONE
};

body! {
    SignIn {
        phone_number: Text = "phoneNumber",
        password: Secret = "password",
        remember_me: Option<bool> = "rememberMe",
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/sign-in/phone-number",
    &Public(|call, body| Box::pin(sign_in(call, body))),
)
.documented(&Operation {
    summary: "Sign in with a phone number and a password",
    query: &[],
    answers: &[
        Answer::json::<SignedIn<'_>>("The user is signed in").with_cookies(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &crate::code::TOO_MANY_REQUESTS,
        &crate::code::PASSWORD_TOO_LONG,
        &code::INVALID_NUMBER,
        &code::INVALID_CREDENTIALS,
        &code::NOT_VERIFIED,
    ],
})
.completes_sign_ins()
.limited(limit::SIGN_IN)
.rejects_foreign_sites()];

async fn sign_in(call: Call<'_, PhoneNumbers>, Body(body): Body<SignIn>) -> Result<HttpResponse, ApiError> {
    let command = SignInWithPhoneNumber {
        number: PhoneNumber::new(body.phone_number),
        request: PasswordRequest {
            password: body.password,
            remember_me: body.remember_me.unwrap_or(true),
            callback_url: None,
        },
    };
    match call.feature.sign_in(command, &call.context()).await {
        Ok(outcome) => signed_in::answer(&call, outcome),
        Err(PhoneSignInError::NotVerified(proof)) => Ok(not_verified(&call, *proof)),
        Err(error) => Err(error.into()),
    }
}

/// Returns the error, and sets the cookie with which this client may sign in by the code.
fn not_verified(call: &Call<'_, PhoneNumbers>, proof: TokenEffect) -> HttpResponse {
    let mut response = ApiError::from(&code::NOT_VERIFIED).respond(ErrorForm::BetterAuth);
    call.cookies().apply(&proof.into(), &mut response);
    response
}
