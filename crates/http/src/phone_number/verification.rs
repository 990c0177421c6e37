//! Codes that prove phone numbers.

use actix_web::HttpResponse;
use portcullis_application::{
    phone_number::{PhoneNumberVerified, PhoneNumbers, VerifyPhoneNumber, VerifyPhoneNumberError},
    seams::{Decision, UserOperation},
    session::StrictCaller,
};
use portcullis_domain::{additional::AdditionalFields, destination::PhoneNumber};
use serde_json::{Map, Value};

use super::{LIMIT, code};
use crate::{
    answer,
    call::Call,
    code::{TOO_MANY_REQUESTS, UNAUTHORIZED},
    endpoint::{ForAnyone, Public},
    error::ApiError,
    extract::{
        additional,
        body::{Body, Text, body},
    },
    operation::{Answer, Operation},
    options::Options,
    route::Route,
    sign_up,
    signed_in::Verified,
    view::outcome::Message,
};

body! {
    SendCode {
        phone_number: Text = "phoneNumber",
    }
}

body! {
    Verify as ["object", "record"] {
        phone_number: Text = "phoneNumber",
        code: Text = "code",
        disable_session: Option<bool> = "disableSession",
        update_phone_number: Option<bool> = "updatePhoneNumber",
        ..undeclared
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/phone-number/send-otp",
        &Public(|call, body| Box::pin(send(call, body))),
    )
    .documented(&Operation {
        summary: "Send a one-time code to a phone number",
        query: &[],
        answers: &[Answer::json::<Message>(
            "The same whether or not a user has the number",
        )],
        codes: &[&code::SENDING_DISABLED, &code::INVALID_NUMBER],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/phone-number/verify",
        &ForAnyone(|call, by, body| Box::pin(verify(call, by, body))),
    )
    .documented(&Operation {
        summary: "Prove a phone number by a code, and sign in or change the caller's number",
        query: &[],
        answers: &[
            Answer::json::<Verified<'_>>(
                "The number is proven. `token` is `null` if no session was requested",
            )
            .with_cookies(),
            Answer::CHALLENGE,
        ],
        codes: &[
            &UNAUTHORIZED,
            &TOO_MANY_REQUESTS,
            &code::CODE_NOT_FOUND,
            &code::CODE_EXPIRED,
            &code::INVALID_CODE,
            &code::TOO_MANY_ATTEMPTS,
            &code::NO_SESSION,
            &code::TAKEN,
            &code::UNKNOWN_NUMBER,
            &code::INVALID_NUMBER,
            &sign_up::NOT_CREATED,
        ],
    })
    .only_in_person()
    .completes_sign_ins()
    .sets_data_of_users()
    .limited(LIMIT)
    .rejects_foreign_sites(),
];

async fn send(call: Call<'_, PhoneNumbers>, Body(body): Body<SendCode>) -> Result<HttpResponse, ApiError> {
    let number = PhoneNumber::new(body.phone_number);
    call.feature.send_code(&number, &call.context()).await?;
    Ok(answer::json(&Message::new("code sent")))
}

async fn verify(
    call: Call<'_, PhoneNumbers>,
    by: Option<StrictCaller>,
    Body(body): Body<Verify>,
) -> Result<HttpResponse, ApiError> {
    let fields = fields(&call, body.undeclared).await;
    let command = VerifyPhoneNumber {
        number: PhoneNumber::new(body.phone_number),
        code: body.code,
        starts_session: !body.disable_session.unwrap_or(false),
        is_change: body.update_phone_number.unwrap_or(false),
        fields: fields.as_ref().ok().cloned(),
    };
    match call.feature.verify(by.as_ref(), &command, &call.context()).await {
        Ok(verified) => Ok(show(&call, &verified)),
        Err(VerifyPhoneNumberError::InvalidFields) => Err(fields
            .err()
            .unwrap_or_else(|| VerifyPhoneNumberError::InvalidFields.into())),
        Err(error) => Err(error.into()),
    }
}

/// Returns the fields of the user, if one is created. An error is reported only then.
async fn fields(
    call: &Call<'_, PhoneNumbers>,
    mut sent: Map<String, Value>,
) -> Result<AdditionalFields, ApiError> {
    if !call.feature.may_sign_up() {
        return Ok(AdditionalFields::default());
    }
    let Options {
        user_fields, limits, ..
    } = call.options;
    let inputs = &call.app.user_inputs;
    if let Decision::Refused(refusal) = inputs.prepare(&mut sent, UserOperation::Create).await? {
        return Err(refusal.into());
    }
    additional::create(user_fields, &sent, limits)
}

fn show(call: &Call<'_, PhoneNumbers>, verified: &PhoneNumberVerified) -> HttpResponse {
    let (token, user, effects) = match verified {
        PhoneNumberVerified::Challenged(challenge) => return answer::challenge(challenge, &call.cookies()),
        PhoneNumberVerified::Changed(user, token) => (Some(token), &**user, None),
        PhoneNumberVerified::WithoutSession(user) => (None, &**user, None),
        PhoneNumberVerified::SignedIn(signed_in) => {
            let token = &signed_in.session.token;
            (Some(token), &signed_in.user, Some(&signed_in.effects))
        }
    };
    let view = Verified {
        status: true,
        token: token.map(|token| token.expose().as_str()),
        user: call.presenter().user(user),
    };
    match effects {
        Some(effects) => answer::with_effects(&view, effects, &call.cookies()),
        None => answer::json(&view),
    }
}
