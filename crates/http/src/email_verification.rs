//! Verification of e-mail addresses.

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::SessionEffect,
    email_verification::{EmailVerificationError, FollowLink, FollowLinkError, SendLink, Verified},
    session::StrictCaller,
};
use portcullis_domain::token::OneTimeToken;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    callback,
    code::{self, Code},
    endpoint::ForAnyone,
    error::ApiError,
    extract::body::{Body, EmailAsSent, Query, RedirectUrl, body},
    limit,
    link::Link,
    operation::{Answer, Operation},
    route::Route,
    view::{outcome::Status, user::UserView},
};

body! {
    Send {
        email: EmailAsSent = "email",
        callback: Option<RedirectUrl> = "callbackURL",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Proof<'a> {
    #[schemars(extend("const" = true))]
    status: bool,
    user: Option<UserView<'a>>,
}

const EMAIL_MISMATCH: Code = Code::new(400, "EMAIL_MISMATCH", "Email mismatch");
const EMAIL_IS_ALREADY_VERIFIED: Code =
    Code::new(400, "EMAIL_IS_ALREADY_VERIFIED", "Email is already verified");
const TOKEN_EXPIRED: Code = Code::new(401, "TOKEN_EXPIRED", "token_expired");
const INVALID_TOKEN: Code = Code::new(401, "INVALID_TOKEN", "invalid_token");
const USER_NOT_FOUND: Code = Code::new(401, "USER_NOT_FOUND", "user_not_found");
const WRONG_USER: Code = Code::new(401, "UNAUTHORIZED", "unauthorized");

pub(crate) const CODES: &[&Code] = &[
    &EMAIL_MISMATCH,
    &EMAIL_IS_ALREADY_VERIFIED,
    &TOKEN_EXPIRED,
    &INVALID_TOKEN,
    &USER_NOT_FOUND,
    &WRONG_USER,
];

impl From<EmailVerificationError> for ApiError {
    fn from(error: EmailVerificationError) -> Self {
        match error {
            EmailVerificationError::Disabled => (&code::VERIFICATION_EMAIL_ISNT_ENABLED).into(),
            EmailVerificationError::Mismatch => (&EMAIL_MISMATCH).into(),
            EmailVerificationError::AlreadyVerified => (&EMAIL_IS_ALREADY_VERIFIED).into(),
            EmailVerificationError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the error of a rejected link, whose message is sent in the response or appended to the callback.
fn refusal(refused: FollowLinkError) -> Result<ApiError, ApiError> {
    let code = match refused {
        FollowLinkError::Expired => &TOKEN_EXPIRED,
        FollowLinkError::Invalid => &INVALID_TOKEN,
        FollowLinkError::UserNotFound => &USER_NOT_FOUND,
        FollowLinkError::Unauthorized => &WRONG_USER,
        FollowLinkError::SignInRefused(refusal) => return Ok(refusal.into()),
        FollowLinkError::Failure(failure) => return Err(failure.into()),
    };
    Ok(code.into())
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/send-verification-email",
        &ForAnyone(|call, by, body| Box::pin(send(call, by, body))),
    )
    .documented(&Operation {
        summary: "Send a mail that verifies an e-mail address",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &code::VERIFICATION_EMAIL_ISNT_ENABLED,
            &EMAIL_MISMATCH,
            &EMAIL_IS_ALREADY_VERIFIED,
        ],
    })
    .limited(limit::MESSAGE),
    Route::get(
        "/verify-email",
        &ForAnyone(|call, by, query| Box::pin(verify(call, by, query))),
    )
    .documented(&Operation {
        summary: "Follow the link that verifies an e-mail address",
        query: &[],
        answers: &[
            Answer::json::<Proof<'_>>("The address was verified, and the link names no page").with_cookies(),
            Answer::json::<Status>("The address was confirmed, and a link was sent to the new one"),
            Answer::CHALLENGE,
            Answer::redirect(
                "To the page that the link names, with the parameter `error` if the link is rejected",
            )
            .with_cookies(),
        ],
        codes: &[&TOKEN_EXPIRED, &INVALID_TOKEN, &USER_NOT_FOUND, &WRONG_USER],
    })
    .completes_sign_ins()
    .with_secret_url()
    .returns_to_apps(),
];

async fn send(
    call: Call<'_>,
    by: Option<StrictCaller>,
    Body(body): Body<Send>,
) -> Result<HttpResponse, ApiError> {
    let command = SendLink {
        email: body.email.address,
        text: body.email.text,
        callback: body.callback,
    };
    call.app
        .email_verification
        .send(by.as_ref(), &command, &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}

async fn verify(
    call: Call<'_>,
    by: Option<StrictCaller>,
    Query(link): Query<Link>,
) -> Result<HttpResponse, ApiError> {
    let callback = link.callback();
    let command = FollowLink {
        token: OneTimeToken::new(link.token),
        callback: callback.clone(),
        remembered: call.is_remembered(by.as_ref()),
    };
    let verification = &call.app.email_verification;
    match verification.verify(by.as_ref(), &command, &call.context()).await {
        Ok(verified) => show(&call, &verified, callback.as_deref()),
        Err(refused) => {
            let error = refusal(refused)?;
            match callback {
                Some(url) => answer::redirect(&callback::appended(&url, "error", error.message())),
                None => Err(error),
            }
        }
    }
}

fn show(call: &Call<'_>, verified: &Verified, callback: Option<&str>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    if let Some(url) = callback {
        let effects = match verified {
            Verified::Challenged(challenge) => &challenge.effects,
            Verified::Proven(effects) | Verified::Changed(_, effects) => effects,
            Verified::Asked => &SessionEffect::Unchanged.into(),
        };
        return answer::redirect_with_effects(url, effects, &cookies);
    }
    // wire: the user only after a change of the address.
    let proof = |user| Proof { status: true, user };
    Ok(match verified {
        Verified::Challenged(challenge) => answer::challenge(challenge, &cookies),
        Verified::Proven(effects) => answer::with_effects(&proof(None), effects, &cookies),
        Verified::Changed(user, effects) => {
            let user = call.presenter().user(user);
            answer::with_effects(&proof(Some(user)), effects, &cookies)
        }
        Verified::Asked => answer::json(&Status::DONE),
    })
}
