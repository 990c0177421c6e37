//! Requests that send the user to a provider.

use actix_web::HttpResponse;
use portcullis_application::{generic_oauth::GenericOAuth, session::StrictCaller, social::Start};

use super::code;
use crate::{
    call::Call,
    endpoint::{ForCallers, Public},
    error::ApiError,
    extract::body::{Body, Record, RedirectUrl, Text, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    social::{PROVIDER_NOT_FOUND, STATE_TOO_LARGE, SendToProvider, started_at},
};

body! {
    SignIn {
        provider: Text = "providerId",
        callback_url: Option<RedirectUrl> = "callbackURL",
        error_url: Option<RedirectUrl> = "errorCallbackURL",
        new_user_url: Option<RedirectUrl> = "newUserCallbackURL",
        disable_redirect: Option<bool> = "disableRedirect",
        scopes: Option<Vec<Text>> = "scopes",
        request_sign_up: Option<bool> = "requestSignUp",
        additional: Option<Record> = "additionalData",
    }
}

body! {
    Link {
        provider: Text = "providerId",
        callback_url: RedirectUrl = "callbackURL",
        scopes: Option<Vec<Text>> = "scopes",
        error_url: Option<RedirectUrl> = "errorCallbackURL",
    }
}

const STARTED: &[Answer] =
    &[Answer::json::<SendToProvider<'_>>("The client is to send the user to this URL").with_cookies()];

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/sign-in/oauth2",
        &Public(|call, body| Box::pin(sign_in(call, body))),
    )
    .documented(&Operation {
        summary: "Sign in with an account of a generic provider",
        query: &[],
        answers: STARTED,
        codes: &[
            &code::UNKNOWN_PROVIDER,
            &code::INVALID_CONFIGURATION,
            &STATE_TOO_LARGE,
        ],
    })
    .limited(limit::SIGN_IN)
    .rejects_foreign_sites()
    .waits_for_providers(),
    Route::post(
        "/oauth2/link",
        &ForCallers(|call, by, body| Box::pin(link(call, by, body))),
    )
    .documented(&Operation {
        summary: "Link an account of a generic provider to the caller",
        query: &[],
        answers: STARTED,
        codes: &[
            &PROVIDER_NOT_FOUND,
            &code::INVALID_CONFIGURATION,
            &STATE_TOO_LARGE,
        ],
    })
    .only_in_person()
    .waits_for_providers(),
];

async fn sign_in(call: Call<'_, GenericOAuth>, Body(body): Body<SignIn>) -> Result<HttpResponse, ApiError> {
    if !call.feature.has(&body.provider) {
        return Err(code::unknown(&body.provider));
    }
    let command = Start {
        provider: body.provider,
        callback_url: body.callback_url,
        new_user_url: body.new_user_url,
        error_url: body.error_url,
        scopes: body.scopes,
        request_sign_up: body.request_sign_up,
        login_hint: None,
        additional: body.additional.unwrap_or_default(),
    };
    let started = call.app.social.start(None, command, &call.context()).await;
    let started = started.map_err(code::of_start)?;
    Ok(started_at(
        &call,
        &started,
        !body.disable_redirect.unwrap_or(false),
    ))
}

async fn link(
    call: Call<'_, GenericOAuth>,
    by: StrictCaller,
    Body(body): Body<Link>,
) -> Result<HttpResponse, ApiError> {
    if !call.feature.has(&body.provider) {
        return Err((&PROVIDER_NOT_FOUND).into());
    }
    let command = Start {
        provider: body.provider,
        callback_url: Some(body.callback_url),
        error_url: body.error_url,
        scopes: body.scopes,
        ..Start::default()
    };
    let started = call.app.social.start(Some(&by), command, &call.context()).await;
    let started = started.map_err(code::of_start)?;
    Ok(started_at(&call, &started, true))
}
