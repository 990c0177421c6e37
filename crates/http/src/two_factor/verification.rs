//! Second factors that clients present, for a challenge or in a session.

use actix_web::HttpResponse;
use portcullis_application::{
    session::StrictCaller,
    two_factor::{BackupCodeUse, Presented, TwoFactor, Verified},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::code;
use crate::{
    answer,
    call::Call,
    endpoint::ForAnyone,
    error::ApiError,
    extract::body::{Body, OptionalBody, Text, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    signed_in::SignedIn,
    view::{outcome::Status, user::UserView},
};

body! {
    WithCode {
        code: Text = "code",
        trust_device: Option<bool> = "trustDevice",
    }
}

body! {
    WithBackupCode {
        code: Text = "code",
        disable_session: Option<bool> = "disableSession",
        trust_device: Option<bool> = "trustDevice",
    }
}

// wire: Better Auth accepts the member here and ignores it.
body! {
    SendCode {
        _trust_device: Option<bool> = "trustDevice",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/two-factor/verify-totp",
        &ForAnyone(|call, by, body| Box::pin(verify_totp(call, by, body))),
    )
    .documented(&Operation {
        summary: "Present a code of an authenticator app",
        query: &[],
        answers: &[Answer::json::<SignedIn<'_>>("The second step is passed").with_cookies()],
        codes: &[
            &code::UNAUTHORIZED,
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_CHALLENGE,
            &code::TOTP_DISABLED,
            &code::TOTP_NOT_ENABLED,
            &code::INVALID_CODE,
        ],
    })
    .only_in_person()
    .completes_sign_ins()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/send-otp",
        &ForAnyone(|call, by, body| Box::pin(send_code(call, by, body))),
    )
    .documented(&Operation {
        summary: "Send a one-time code by message",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &code::UNAUTHORIZED,
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_CHALLENGE,
            &code::MESSAGES_DISABLED,
        ],
    })
    .only_in_person()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/verify-otp",
        &ForAnyone(|call, by, body| Box::pin(verify_code(call, by, body))),
    )
    .documented(&Operation {
        summary: "Present a one-time code of a message",
        query: &[],
        answers: &[Answer::json::<SignedIn<'_>>("The second step is passed").with_cookies()],
        codes: &[
            &code::UNAUTHORIZED,
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_CHALLENGE,
            &code::MESSAGES_DISABLED,
            &code::CODE_EXPIRED,
            &code::TOO_MANY_CODE_ATTEMPTS,
            &code::INVALID_CODE,
        ],
    })
    .only_in_person()
    .completes_sign_ins()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/verify-backup-code",
        &ForAnyone(|call, by, body| Box::pin(verify_backup_code(call, by, body))),
    )
    .documented(&Operation {
        summary: "Present a backup code",
        query: &[],
        answers: &[
            Answer::json::<SignedIn<'_>>("The second step is passed").with_cookies(),
            Answer::json::<WithoutSession<'_>>("The code is valid, and no session was requested"),
        ],
        codes: &[
            &code::UNAUTHORIZED,
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_CHALLENGE,
            &code::BACKUP_CODES_NOT_ENABLED,
            &code::INVALID_BACKUP_CODE,
            &code::BACKUP_CODES_CHANGED,
        ],
    })
    .only_in_person()
    .completes_sign_ins()
    .limited(limit::SIGN_IN),
];

async fn verify_totp(
    call: Call<'_, TwoFactor>,
    by: Option<StrictCaller>,
    Body(body): Body<WithCode>,
) -> Result<HttpResponse, ApiError> {
    let presented = presented(&call, by.as_ref(), body.trust_device);
    let totp = &call.feature.totp;
    let verified = totp
        .verify(by.as_ref(), &body.code, presented, &call.context())
        .await?;
    Ok(signed_in(&call, &verified))
}

async fn send_code(
    call: Call<'_, TwoFactor>,
    by: Option<StrictCaller>,
    _body: OptionalBody<SendCode>,
) -> Result<HttpResponse, ApiError> {
    call.feature
        .message_codes
        .send(by.as_ref(), &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}

async fn verify_code(
    call: Call<'_, TwoFactor>,
    by: Option<StrictCaller>,
    Body(body): Body<WithCode>,
) -> Result<HttpResponse, ApiError> {
    let presented = presented(&call, by.as_ref(), body.trust_device);
    let codes = &call.feature.message_codes;
    let verified = codes
        .verify(by.as_ref(), &body.code, presented, &call.context())
        .await?;
    Ok(signed_in(&call, &verified))
}

async fn verify_backup_code(
    call: Call<'_, TwoFactor>,
    by: Option<StrictCaller>,
    Body(body): Body<WithBackupCode>,
) -> Result<HttpResponse, ApiError> {
    let presented = presented(&call, by.as_ref(), body.trust_device);
    let starts_session = !body.disable_session.unwrap_or(false);
    let codes = &call.feature.backup_codes;
    let outcome = codes
        .verify(
            by.as_ref(),
            &body.code,
            (presented, starts_session),
            &call.context(),
        )
        .await?;
    Ok(match outcome {
        BackupCodeUse::Verified(verified) => signed_in(&call, &verified),
        BackupCodeUse::WithoutSession(user) => {
            let token = by.as_ref().map(|by| by.session().token.expose().as_str());
            let user = call.presenter().user(&user);
            answer::json(&WithoutSession { token, user })
        }
    })
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct WithoutSession<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    user: UserView<'a>,
}

fn presented(call: &Call<'_, TwoFactor>, by: Option<&StrictCaller>, trusts: Option<bool>) -> Presented {
    Presented {
        trusts_device: trusts.unwrap_or(false),
        is_remembered: call.is_remembered(by),
    }
}

fn signed_in(call: &Call<'_, TwoFactor>, verified: &Verified) -> HttpResponse {
    let view = SignedIn {
        token: verified.token.expose(),
        user: call.presenter().user(&verified.user),
    };
    answer::with_effects(&view, &verified.effects, &call.cookies())
}
