//! Error responses.

use std::{borrow::Cow, collections::HashMap};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType},
    },
};
use portcullis_application::ports::{Failure, FailureKind};
use portcullis_domain::{password::PasswordRejection, rate_limit::Denied};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    code::{self, Code},
    oauth_error,
};

/// The content type that Better Auth sends with text bodies.
pub(crate) const PLAIN_TEXT: &str = "text/plain;charset=UTF-8";

/// The form of a route's errors. Errors with a code of OAuth have OAuth's form on every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorForm {
    /// A code and a message.
    BetterAuth,
    /// A code and a message in the form of RFC 6749. A 429, which OAuth does not define, has the form of Better Auth.
    OAuth,
}

/// An error that ends a request.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) code: &'static Code,
    /// The name that is sent, if it is not the code's own.
    name: Option<String>,
    message: Cow<'static, str>,
    failure: Option<Failure>,
    denied: Option<Denied>,
    /// A member of the body beside the message, such as what another server answered.
    extra: Option<Box<(&'static str, Value)>>,
    is_of_authenticated_service: bool,
}

impl ApiError {
    /// Creates an error with a more specific message than the code's own.
    pub(crate) fn with_message(code: &'static Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            name: None,
            message: message.into(),
            failure: None,
            denied: None,
            extra: None,
            is_of_authenticated_service: false,
        }
    }

    /// Creates an error with a more specific message than the code's own, and with the name that Better Auth derives
    /// from `first`, the first message of several. The log contains the code's own name.
    pub(crate) fn named_after(code: &'static Code, first: &str, message: String) -> Self {
        Self {
            name: Some(code::name_of(first)),
            ..Self::with_message(code, message)
        }
    }

    /// Creates an error with the id of a provider in its name and in its message. The log contains the code's own name.
    pub(crate) fn of_provider(code: &'static Code, id: &str) -> Self {
        let part = code.variable.unwrap_or_default();
        let message = code.message.replacen(part, id, 1);
        Self::named_after(code, &message.clone(), message)
    }

    /// Creates a 429 error with the time after which the client may retry.
    pub(crate) fn too_many_requests(denied: Denied) -> Self {
        Self {
            denied: Some(denied),
            ..(&code::TOO_MANY_REQUESTS).into()
        }
    }

    /// Creates the error of a failure. The code is `own` if the failure is of this kind.
    pub(crate) fn of_failure(failure: Failure, kind: FailureKind, own: &'static Code) -> Self {
        let code = if failure.kind() == kind {
            own
        } else {
            code_of(failure.kind())
        };
        Self {
            failure: Some(failure),
            ..code.into()
        }
    }

    /// Adds what another server answered.
    pub(crate) fn caused_by(self, cause: Value) -> Self {
        self.with_extra("cause", cause)
    }

    /// Adds a member to the body.
    pub(crate) fn with_extra(self, name: &'static str, value: Value) -> Self {
        Self {
            extra: Some(Box::new((name, value))),
            ..self
        }
    }

    /// Returns the JSON in which Better Auth's form sends the error, unless the code has no body or no name.
    pub(crate) fn body(&self) -> Body<'_> {
        Body {
            code: self.name.as_deref().unwrap_or(self.code.name),
            message: &self.message,
            extra: self
                .extra
                .as_deref()
                .map(|(name, value)| HashMap::from([(*name, value)])),
        }
    }

    /// Returns the message that is sent.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Marks the error as one of a request whose service has authenticated itself.
    pub(crate) fn of_authenticated_service(self) -> Self {
        Self {
            is_of_authenticated_service: true,
            ..self
        }
    }

    /// Returns whether the request itself is at fault, and no authenticated service has sent it.
    pub(crate) const fn is_rejection(&self) -> bool {
        self.code.status < 500 && !self.is_of_authenticated_service
    }

    /// Logs the error and returns its response. Errors are logged only here.
    pub(crate) fn respond(&self, form: ErrorForm) -> HttpResponse {
        self.log();
        if self.denied.is_none() && (form == ErrorForm::OAuth || self.code.is_of_oauth) {
            return oauth_error::response(self.code, &self.message, form);
        }
        let status = StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if self.code.name == code::INVALID_CLIENT_CREDENTIALS.name {
            response.insert_header((header::WWW_AUTHENTICATE, oauth_error::CHALLENGE));
        }
        if let Some(Denied { retry_after }) = self.denied {
            // wire: Better Auth's own header in addition to the standard one.
            response
                .insert_header((header::RETRY_AFTER, retry_after))
                .insert_header(("x-retry-after", retry_after));
        }
        // wire: JSON with a text content type.
        if self.denied.is_some() || self.code.is_nameless {
            return response
                .content_type(PLAIN_TEXT)
                .body(json!({ "message": self.message }).to_string());
        }
        if self.code.is_bare {
            return response.content_type(ContentType::json()).finish();
        }
        response.json(self.body())
    }

    fn log(&self) {
        let code = self.code.name;
        match &self.failure {
            Some(failure) => log(Some(code), failure, "a request could not be answered"),
            None if is_failure(self.code) => tracing::error!(code, "a request could not be answered"),
            None => tracing::debug!(code, "a request was refused"),
        }
    }
}

/// Returns whether an error is a failure of the server, which its administrator should see in the log.
const fn is_failure(code: &Code) -> bool {
    code.status >= 500 && !code.is_caused_by_clients
}

impl From<&'static Code> for ApiError {
    fn from(code: &'static Code) -> Self {
        Self::with_message(code, code.message)
    }
}

impl From<PasswordRejection> for ApiError {
    fn from(rejection: PasswordRejection) -> Self {
        match rejection {
            PasswordRejection::TooShort => (&code::PASSWORD_TOO_SHORT).into(),
            PasswordRejection::TooLong => (&code::PASSWORD_TOO_LONG).into(),
            PasswordRejection::Common => (&code::PASSWORD_COMPROMISED).into(),
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        let code = code_of(failure.kind());
        Self {
            failure: Some(failure),
            ..code.into()
        }
    }
}

const fn code_of(kind: FailureKind) -> &'static Code {
    match kind {
        FailureKind::Broken => &code::INTERNAL_SERVER_ERROR,
        FailureKind::Unavailable => &code::SERVICE_UNAVAILABLE,
        FailureKind::Rejected => &code::REJECTED_BY_DATABASE,
        FailureKind::Referenced => &code::RECORD_IS_REFERENCED,
    }
}

/// The JSON of an error.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
pub(crate) struct Body<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(flatten)]
    #[schemars(skip)]
    extra: Option<HashMap<&'static str, &'a Value>>,
}

/// Logs a failure and its outcome: an error if something is broken. In an outage every request fails and the outage
/// itself is already logged, and clients can cause rejections, so these are only warnings.
pub(crate) fn log(code: Option<&str>, failure: &Failure, outcome: &str) {
    let cause = format!("{failure}: {}", failure.causes());
    if failure.kind() == FailureKind::Broken {
        tracing::error!(code, cause, "{outcome}");
    } else {
        tracing::warn!(code, cause, "{outcome}");
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;

    use super::*;

    fn sent(code: &'static Code, form: ErrorForm) -> (u16, bool, Value) {
        let response = ApiError::from(code).respond(form);
        let (status, is_challenge) = (
            response.status().as_u16(),
            response.headers().contains_key(header::WWW_AUTHENTICATE),
        );
        let body = response.into_body().try_into_bytes().unwrap();
        (status, is_challenge, serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_code_of_oauth_has_its_form_on_every_route_and_a_challenge_only_for_services() {
        let body = json!({ "error": "invalid_client", "error_description": "Client authentication failed" });
        let code = &oauth_error::INVALID_CLIENT;
        assert_eq!(sent(code, ErrorForm::BetterAuth), (401, false, body.clone()));
        assert_eq!(sent(code, ErrorForm::OAuth), (401, true, body));
    }

    #[test]
    fn another_code_has_the_form_of_its_route() {
        let body = json!({ "code": "VALIDATION_ERROR", "message": "Validation error" });
        assert_eq!(
            sent(&code::VALIDATION_ERROR, ErrorForm::BetterAuth),
            (400, false, body)
        );
        let body = json!({ "error": "invalid_request", "error_description": "Validation error" });
        assert_eq!(
            sent(&code::VALIDATION_ERROR, ErrorForm::OAuth),
            (400, false, body)
        );
    }

    #[test]
    fn an_error_that_clients_cause_is_no_failure_of_the_server() {
        const MISSING: Code = Code::new(500, "MISSING", "Missing");
        const CAUSED: Code = MISSING.caused_by_clients();
        assert!(is_failure(&MISSING) && !is_failure(&CAUSED) && !is_failure(&code::VALIDATION_ERROR));
    }
}
