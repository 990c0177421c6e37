//! Sign-in and verification of addresses with codes.

use actix_web::HttpResponse;
use portcullis_application::{
    email_otp::{AddressVerified, EmailOtp, VerifyAddress},
    session::StrictCaller,
};

use super::{LIMIT, code, typed};
use crate::{
    answer,
    call::Call,
    endpoint::{ForAnyone, Public},
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    signed_in::{self, SignedIn, Verified},
};

body! {
    WithCode {
        email: Text = "email",
        otp: Text = "otp",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/email-otp/verify-email",
        &ForAnyone(|call, by, body| Box::pin(verify(call, by, body))),
    )
    .documented(&Operation {
        summary: "Verify an e-mail address with a one-time code",
        query: &[],
        answers: &[
            Answer::json::<Verified<'_>>(
                "The address is verified. `token` is that of the new session, if the user is signed in",
            )
            .with_cookies(),
            Answer::CHALLENGE,
        ],
        codes: &[
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_EMAIL,
            &code::INVALID_OTP,
            &code::OTP_EXPIRED,
            &code::TOO_MANY_ATTEMPTS,
        ],
    })
    .only_in_person()
    .completes_sign_ins()
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/sign-in/email-otp",
        &Public(|call, body| Box::pin(sign_in(call, body))),
    )
    .documented(&Operation {
        summary: "Sign in with a one-time code of a mail",
        query: &[],
        answers: &[
            Answer::json::<SignedIn<'_>>("The user is signed in").with_cookies(),
            Answer::CHALLENGE,
        ],
        codes: &[
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_OTP,
            &code::OTP_EXPIRED,
            &code::TOO_MANY_ATTEMPTS,
            &code::FAILED_TO_CREATE_USER,
        ],
    })
    .completes_sign_ins()
    .rejects_foreign_sites()
    .limited(LIMIT),
];

async fn verify(
    call: Call<'_, EmailOtp>,
    by: Option<StrictCaller>,
    Body(body): Body<WithCode>,
) -> Result<HttpResponse, ApiError> {
    let command = VerifyAddress {
        typed: typed(&body.email, body.otp).ok_or(&code::INVALID_EMAIL)?,
        is_remembered: call.is_remembered(by.as_ref()),
    };
    let verified = call
        .feature
        .verify(by.as_ref(), &command, &call.context())
        .await?;
    Ok(match verified {
        AddressVerified::Done { token, user, effects } => {
            let view = Verified {
                status: true,
                token: token.as_ref().map(|token| token.expose().as_str()),
                user: call.presenter().user(&user),
            };
            answer::with_effects(&view, &effects, &call.cookies())
        }
        AddressVerified::Challenged(challenge) => answer::challenge(&challenge, &call.cookies()),
    })
}

async fn sign_in(call: Call<'_, EmailOtp>, Body(body): Body<WithCode>) -> Result<HttpResponse, ApiError> {
    // wire: a text that is no address has no code.
    let typed = typed(&body.email, body.otp).ok_or(&code::INVALID_OTP)?;
    let outcome = call.feature.sign_in(&typed, &call.context()).await?;
    signed_in::answer(&call, outcome)
}
