//! The callback of generic providers, to which browsers return with the answer.

use std::future;

use actix_web::HttpResponse;
use portcullis_application::{
    generic_oauth::GenericOAuth,
    social::{Answer as ProviderAnswer, CallbackError},
};

use super::code;
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{OptionalBody, Query},
    operation::{Answer, Operation},
    route::Route,
    social::{
        parameters::{self, Parameters},
        returning::{self, Reported, escaped},
    },
};

const PATH: &str = "/oauth2/callback/:providerId";

pub(crate) static ROUTES: &[Route] = &[
    Route::get(PATH, &Public(|call, query| Box::pin(finish(call, query))))
        .documented(&Operation {
            summary: "Return from a generic provider",
            query: &[],
            answers: &[Answer::redirect(
                "To the page that the client chose, with the parameter `error` if the sign-in failed",
            )
            .with_cookies()],
            codes: &[&code::UNKNOWN_PROVIDER],
        })
        .with_secret_url()
        .returns_to_apps()
        .waits_for_providers(),
    Route::post(
        PATH,
        &Public(|call, input| Box::pin(future::ready(receive(&call, input)))),
    )
    .documented(&Operation {
        summary: "Return from a generic provider that sends a form",
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

async fn finish(
    call: Call<'_, GenericOAuth>,
    Query(sent): Query<Parameters>,
) -> Result<HttpResponse, ApiError> {
    let id = call.segment;
    let answer = ProviderAnswer {
        path: path(id),
        provider: id.to_owned(),
        is_generic: true,
        ..sent.into()
    };
    // wire: this error precedes the lookup of the state, so the client's own error page is unknown, and the state stays
    // valid.
    if answer.error.is_some() || answer.code.is_none() {
        return answer::redirect(&unanswered(&answer).at(&returning::error_url(call.options)));
    }
    if !call.feature.has(id) {
        return Err(code::unknown(id));
    }
    match call.app.social.finish(answer, &call.context()).await {
        Ok(finished) => returning::finished(&call, &finished),
        Err(failure) => returning::failed(&call, failure, reported),
    }
}

fn receive(
    call: &Call<'_, GenericOAuth>,
    (OptionalBody(form), Query(query)): (OptionalBody<Parameters>, Query<Parameters>),
) -> Result<HttpResponse, ApiError> {
    parameters::redirect(call, &path(call.segment), form, query)
}

fn path(id: &str) -> String {
    format!("/oauth2/callback/{id}")
}

/// Returns the report of an answer without a code.
fn unanswered(answer: &ProviderAnswer) -> Reported {
    let error = answer.error.as_deref().unwrap_or("oAuth_code_missing");
    // wire: Better Auth writes a description that is missing as JavaScript does.
    let description = answer.error_description.as_deref().unwrap_or("undefined");
    Reported(format!(
        "error={}&error_description={}",
        escaped(error),
        escaped(description)
    ))
}

/// Returns the error as Better Auth's generic providers name it.
fn reported(error: CallbackError) -> Result<Reported, ApiError> {
    let name = match error {
        // Better Auth answers 500 if there is no state.
        CallbackError::NoState | CallbackError::Restart => "please_restart_the_process".into(),
        CallbackError::StateMismatch => "state_mismatch".into(),
        CallbackError::Provider { error, .. } => error.into(),
        CallbackError::NoCode => "oAuth_code_missing".into(),
        CallbackError::UnknownProvider => "oauth_provider_not_found".into(),
        CallbackError::IssuerMismatch => "issuer_mismatch".into(),
        CallbackError::IssuerMissing => "issuer_missing".into(),
        CallbackError::InvalidCode => "oauth_code_verification_failed".into(),
        CallbackError::NoUserInfo => "user_info_is_missing".into(),
        CallbackError::NoEmail => "email_is_missing".into(),
        CallbackError::NoName => "name_is_missing".into(),
        CallbackError::Identity(error) => match returning::refused(&error) {
            Some(reported) => return Ok(reported),
            None => returning::identity(error)?,
        },
        CallbackError::Link(error) => returning::link(error)?.into(),
    };
    Ok(Reported(format!("error={}", escaped(&name))))
}

#[cfg(test)]
mod tests {
    use portcullis_application::{
        ports::Failure,
        social::{IdentityError, LinkError},
    };

    use super::*;

    fn name(error: CallbackError) -> String {
        reported(error).unwrap().0
    }

    #[test]
    fn errors_have_the_names_of_generic_providers() {
        for (error, expected) in [
            (CallbackError::NoState, "error=please_restart_the_process"),
            (CallbackError::InvalidCode, "error=oauth_code_verification_failed"),
            (CallbackError::NoUserInfo, "error=user_info_is_missing"),
            (CallbackError::NoEmail, "error=email_is_missing"),
            (CallbackError::NoName, "error=name_is_missing"),
            (IdentityError::NotLinked.into(), "error=account_not_linked"),
            (LinkError::DifferentEmails.into(), "error=email_doesn't_match"),
        ] {
            assert_eq!(name(error), expected);
        }
        let failure = Failure::unavailable("unreachable");
        assert!(reported(IdentityError::Failure(failure).into()).is_err());
    }

    #[test]
    fn the_providers_words_add_no_parameters() {
        let report = |error: Option<&str>, description: Option<&str>| {
            unanswered(&ProviderAnswer {
                error: error.map(str::to_owned),
                error_description: description.map(str::to_owned),
                ..ProviderAnswer::default()
            })
            .0
        };
        assert_eq!(
            report(None, None),
            "error=oAuth_code_missing&error_description=undefined"
        );
        assert_eq!(
            report(Some("a&code=1#b"), Some("User's choice: n\u{f6}/50%")),
            "error=a%26code=1%23b&error_description=User's%20choice:%20n%C3%B6/50%25"
        );
    }
}
