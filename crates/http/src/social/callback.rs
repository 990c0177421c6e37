//! The callback of providers, to which browsers return with the answer.

use actix_web::HttpResponse;
use portcullis_application::social::{Answer as ProviderAnswer, CallbackError};

use super::{
    parameters::{self, Parameters},
    returning::{self, Reported},
};
use crate::{
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{OptionalBody, Query},
    operation::{Answer, Operation},
    route::Route,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/callback/:id",
        &Public(|call, query| Box::pin(finish(call, query))),
    )
    .documented(&Operation {
        summary: "Return from a provider",
        query: &[],
        answers: &[Answer::redirect(
            "To the page that the client chose, with the parameter `error` if the sign-in failed",
        )
        .with_cookies()],
        codes: &[],
    })
    .with_secret_url()
    .returns_to_apps()
    .waits_for_providers(),
    Route::post(
        "/callback/:id",
        &Public(|call, input| Box::pin(std::future::ready(receive(&call, input)))),
    )
    .documented(&Operation {
        summary: "Return from a provider that sends a form",
        query: &[],
        answers: &[Answer::redirect(
            "To the same path, with the form as the query: browsers do not send cookies with a form of another site",
        )],
        codes: &[],
    })
    .accepts_forms()
    .accepts_foreign_sites()
    .with_secret_url(),
];

async fn finish(call: Call<'_>, Query(sent): Query<Parameters>) -> Result<HttpResponse, ApiError> {
    let answer = ProviderAnswer {
        path: format!("/callback/{}", call.segment),
        provider: call.segment.to_owned(),
        ..sent.into()
    };
    match call.app.social.finish(answer, &call.context()).await {
        Ok(finished) => returning::finished(&call, &finished),
        Err(failure) => returning::failed(&call, failure, reported),
    }
}

/// Returns the error as Better Auth names it.
fn reported(error: CallbackError) -> Result<Reported, ApiError> {
    let name = match error {
        // wire: the name of the parameter is `state`.
        CallbackError::NoState => return Ok(Reported::of([("state", "state_not_found")])),
        CallbackError::Restart => "please_restart_the_process",
        CallbackError::StateMismatch => "state_mismatch",
        CallbackError::Provider { error, description } => {
            let description = description.as_deref().map(|text| ("error_description", text));
            let parameters = [Some(("error", error.as_str())), description];
            return Ok(Reported::of(parameters.into_iter().flatten()));
        }
        CallbackError::NoCode => "no_code",
        CallbackError::UnknownProvider => "oauth_provider_not_found",
        CallbackError::IssuerMismatch => "issuer_mismatch",
        CallbackError::IssuerMissing => "issuer_missing",
        CallbackError::InvalidCode => "invalid_code",
        CallbackError::NoUserInfo | CallbackError::NoName => "unable_to_get_user_info",
        CallbackError::NoEmail => "email_not_found",
        CallbackError::Identity(error) => {
            return match returning::refused(&error) {
                Some(reported) => Ok(reported),
                None => Ok(Reported::of([("error", &*returning::identity(error)?)])),
            };
        }
        CallbackError::Link(error) => returning::link(error)?,
    };
    Ok(Reported::of([("error", name)]))
}

fn receive(
    call: &Call<'_>,
    (OptionalBody(form), Query(query)): (OptionalBody<Parameters>, Query<Parameters>),
) -> Result<HttpResponse, ApiError> {
    parameters::redirect(call, &format!("/callback/{}", call.segment), form, query)
}
