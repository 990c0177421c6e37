//! Redirects of users who return from a provider.

use std::{borrow::Cow, fmt::Write as _};

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::SessionEffect,
    social::{CallbackError, CallbackFailure, Finished, IdentityError, LinkError},
};
use url::form_urlencoded::Serializer;

use crate::{answer, call::Call, callback, decorate, error::ApiError, options::Options};

/// An error as the URL of a redirect reports it: its parameters, encoded.
pub(crate) struct Reported(pub(crate) String);

impl Reported {
    /// Returns these parameters.
    pub(crate) fn of<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Serializer::new(String::new());
        Self(query.extend_pairs(parameters).finish())
    }

    /// Returns the URL with the error at its end.
    pub(crate) fn at(&self, url: &str) -> String {
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}{}", self.0)
    }
}

/// Redirects a user whose sign-in or link was completed. A user who must take a second step sees it in the URL. If the client
/// is an application, a response decorator passes the cookies to it.
pub(crate) fn finished<F>(call: &Call<'_, F>, finished: &Finished) -> Result<HttpResponse, ApiError> {
    let url = if finished.is_challenged {
        &callback::appended(&finished.url, "twoFactorRedirect", "true")
    } else {
        &finished.url
    };
    let cookies = call.cookies();
    let mut response = answer::redirect_with_effects(url, &finished.effects, &cookies)?;
    if let Some(effects) = &finished.browser_effects {
        decorate::for_application(&mut response, cookies.lines(effects));
    }
    Ok(response)
}

/// Returns the report of a refusal that redirects name.
pub(crate) fn refused(error: &IdentityError) -> Option<Reported> {
    let IdentityError::Refused(refusal) = error else {
        return None;
    };
    let (name, error) = (refusal.in_url?, ApiError::from(refusal.clone()));
    let description = escaped(error.message());
    Some(Reported(format!("error={name}&error_description={description}")))
}

/// Returns whether an error is a refusal that redirects name. wire: Better Auth then ignores the page that the client
/// chose.
fn is_refused(error: &CallbackError) -> bool {
    matches!(error, CallbackError::Identity(error) if refused(error).is_some())
}

/// Redirects a user whose sign-in or link failed.
pub(crate) fn failed<F>(
    call: &Call<'_, F>,
    failure: CallbackFailure,
    report: fn(CallbackError) -> Result<Reported, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let is_refused = is_refused(&failure.error);
    let reported = report(failure.error)?;
    let chosen = failure.error_url.filter(|url| !url.is_empty() && !is_refused);
    let url = reported.at(&chosen.unwrap_or_else(|| error_url(call.options)));
    let effects = failure.effects.unwrap_or_else(|| SessionEffect::Unchanged.into());
    answer::redirect_with_effects(&url, &effects, &call.cookies())
}

/// Returns the URL of the page that shows errors, if the client chose none.
pub(crate) fn error_url(options: &Options) -> String {
    let configured = options.pages.error_url.clone();
    configured.unwrap_or_else(|| format!("{}/error", options.routes_url()))
}

/// Returns the name of an error of a sign-in.
pub(crate) fn identity(error: IdentityError) -> Result<Cow<'static, str>, ApiError> {
    Ok(match error {
        IdentityError::NotLinked => "account_not_linked".into(),
        IdentityError::SignUpDisabled => "signup_disabled".into(),
        IdentityError::UnableToCreateUser => "unable_to_create_user".into(),
        // wire: the words of the message, with underscores between them.
        IdentityError::Refused(refusal) => ApiError::from(refusal).message().replace(' ', "_").into(),
        IdentityError::Failure(failure) => return Err(failure.into()),
    })
}

/// Returns the name of an error of linking.
pub(crate) fn link(error: LinkError) -> Result<&'static str, ApiError> {
    Ok(match error {
        LinkError::NotAllowed | LinkError::SessionEnded => "unable_to_link_account",
        LinkError::DifferentEmails => "email_doesn't_match",
        LinkError::OtherUser => "account_already_linked_to_different_user",
        LinkError::Failure(failure) => return Err(failure.into()),
    })
}

/// Returns a text as the value of a parameter. Only what would end the value or is not allowed in a URL is encoded:
/// Better Auth encodes nothing here.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"#%&+<>".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _writing_to_a_string_cannot_fail = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
