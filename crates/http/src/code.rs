//! Error codes of the API.

/// An error that a response can report.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent properties of constants"
)]
pub struct Code {
    /// The status of the response.
    pub status: u16,
    /// The name, for programs.
    pub name: &'static str,
    /// The message, for people. Some responses replace it with a more specific one.
    pub message: &'static str,
    /// Whether the response has no body; the name then appears only in the log.
    pub is_bare: bool,
    /// Whether the name is one of OAuth's. The body is `{"error": …, "error_description": …}`.
    pub is_of_oauth: bool,
    /// The part of the name that stands for another text in responses, such as the id of a provider.
    pub variable: Option<&'static str>,
    /// Whether the name appears only in the log. The body is `{"message": …}`, sent as text.
    pub is_nameless: bool,
    /// Whether clients can cause the error, although its status is that of a failure of the server.
    pub is_caused_by_clients: bool,
}

impl Code {
    pub(crate) const fn new(status: u16, name: &'static str, message: &'static str) -> Self {
        Self {
            status,
            name,
            message,
            is_bare: false,
            is_of_oauth: false,
            variable: None,
            is_nameless: false,
            is_caused_by_clients: false,
        }
    }

    pub(crate) const fn of_oauth(status: u16, name: &'static str, message: &'static str) -> Self {
        Self {
            is_of_oauth: true,
            ..Self::new(status, name, message)
        }
    }

    /// wire: Better Auth sends no body.
    pub(crate) const fn bare(status: u16, name: &'static str, message: &'static str) -> Self {
        Self {
            is_bare: true,
            ..Self::new(status, name, message)
        }
    }

    /// wire: Better Auth sends only the message, as JSON with a text content type.
    pub(crate) const fn nameless(status: u16, name: &'static str, message: &'static str) -> Self {
        Self {
            is_nameless: true,
            ..Self::new(status, name, message)
        }
    }

    /// wire: in responses another text replaces this part of the name, as Better Auth derives names from messages.
    pub(crate) const fn varying(self, part: &'static str) -> Self {
        Self {
            variable: Some(part),
            ..self
        }
    }

    /// wire: the status of Better Auth is 5xx, although no administrator of the server can mend the cause. The log
    /// reports a rejection.
    pub(crate) const fn caused_by_clients(self) -> Self {
        Self {
            is_caused_by_clients: true,
            ..self
        }
    }

    /// Returns whether a response with this error may have this name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        match self.variable.and_then(|part| self.name.split_once(part)) {
            Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
            None => self.name == name,
        }
    }
}

pub(crate) const VALIDATION_ERROR: Code = Code::new(400, "VALIDATION_ERROR", "Validation error");
pub(crate) const INVALID_JSON: Code = Code::new(400, "INVALID_JSON", "Invalid JSON");
pub(crate) const INVALID_BODY: Code = Code::new(400, "INVALID_BODY", "Invalid body");
pub(crate) const INVALID_EMAIL: Code = Code::new(400, "INVALID_EMAIL", "Invalid email");
/// wire: the error of Better Auth's plugin haveibeenpwned.
pub(crate) const PASSWORD_COMPROMISED: Code = Code::new(
    400,
    "PASSWORD_COMPROMISED",
    "The password you entered has been compromised. Please choose a different password.",
);
pub(crate) const PASSWORD_TOO_SHORT: Code = Code::new(400, "PASSWORD_TOO_SHORT", "Password too short");
pub(crate) const PASSWORD_TOO_LONG: Code = Code::new(400, "PASSWORD_TOO_LONG", "Password too long");
/// wire: in both the name and the message, the field's own name replaces `field`.
pub(crate) const FIELD_IS_REQUIRED: Code =
    Code::new(400, "FIELD_IS_REQUIRED", "field is required").varying("FIELD");
/// wire: as [`FIELD_IS_REQUIRED`].
pub(crate) const FIELD_IS_NOT_ALLOWED: Code = Code::new(
    400,
    "FIELD_IS_NOT_ALLOWED_TO_BE_SET",
    "field is not allowed to be set",
)
.varying("FIELD");
pub(crate) const VERIFICATION_EMAIL_ISNT_ENABLED: Code = Code::new(
    400,
    "VERIFICATION_EMAIL_ISNT_ENABLED",
    "Verification email isn't enabled",
);
pub(crate) const UNAUTHORIZED: Code = Code::bare(401, "UNAUTHORIZED", "Unauthorized");
/// A service does not authenticate itself at a route that reads JSON.
pub(crate) const INVALID_CLIENT_CREDENTIALS: Code =
    Code::new(401, "INVALID_CLIENT_CREDENTIALS", "Invalid client credentials");
/// A service that is no administrator calls a route for administrators.
pub(crate) const SERVICE_IS_NOT_AN_ADMINISTRATOR: Code = Code::new(
    403,
    "SERVICE_IS_NOT_AN_ADMINISTRATOR",
    "Service is not an administrator",
);
pub(crate) const MISSING_OR_NULL_ORIGIN: Code =
    Code::new(403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin");
pub(crate) const INVALID_ORIGIN: Code = Code::new(403, "INVALID_ORIGIN", "Invalid origin");
pub(crate) const INVALID_CALLBACKURL: Code = Code::new(403, "INVALID_CALLBACKURL", "Invalid callbackURL");
pub(crate) const INVALID_REDIRECTURL: Code = Code::new(403, "INVALID_REDIRECTURL", "Invalid redirectURL");
pub(crate) const INVALID_ERRORCALLBACKURL: Code =
    Code::new(403, "INVALID_ERRORCALLBACKURL", "Invalid errorCallbackURL");
pub(crate) const INVALID_NEWUSERCALLBACKURL: Code =
    Code::new(403, "INVALID_NEWUSERCALLBACKURL", "Invalid newUserCallbackURL");
pub(crate) const CROSS_SITE_NAVIGATION: Code = Code::new(
    403,
    "CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK",
    "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
);
/// The route does not accept sessions in which another user acts.
pub(crate) const NOT_ALLOWED_WHILE_IMPERSONATING: Code = Code::new(
    403,
    "NOT_ALLOWED_WHILE_IMPERSONATING",
    "This is not allowed while an administrator acts for this user",
);
pub(crate) const SESSION_IS_NOT_FRESH: Code = Code::new(403, "SESSION_IS_NOT_FRESH", "Session is not fresh");
/// An API key stands for a session, at a route that changes how its owner signs in.
pub(crate) const KEY_IS_NOT_ACCEPTED: Code = Code::new(
    403,
    "KEY_IS_NOT_ACCEPTED",
    "This request needs a session, and a key is not accepted instead",
);
/// Sent at the path of a feature that is off, as Better Auth does.
pub(crate) const NOT_FOUND: Code = Code::bare(404, "NOT_FOUND", "Not found");
pub(crate) const REQUEST_TIMEOUT: Code = Code::new(408, "REQUEST_TIMEOUT", "Request timeout");
/// Rows of the application's tables refer to a row that the request would delete.
pub(crate) const RECORD_IS_REFERENCED: Code = Code::new(
    409,
    "RECORD_IS_REFERENCED",
    "The record cannot be deleted because other records refer to it",
);
pub(crate) const PAYLOAD_TOO_LARGE: Code = Code::new(413, "PAYLOAD_TOO_LARGE", "Payload too large");
pub(crate) const UNSUPPORTED_MEDIA_TYPE: Code =
    Code::new(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type is not allowed");
/// A trigger or a constraint of the deployment's database rejects the values, on a route without a code for it in
/// Better Auth.
pub(crate) const REJECTED_BY_DATABASE: Code =
    Code::new(422, "REJECTED_BY_DATABASE", "The database rejects the change");
/// wire: Better Auth sends only the message; the name appears only in the log.
pub(crate) const TOO_MANY_REQUESTS: Code = Code::new(
    429,
    "TOO_MANY_REQUESTS",
    "Too many requests. Please try again later.",
);
pub(crate) const REQUEST_HEADER_FIELDS_TOO_LARGE: Code = Code::new(
    431,
    "REQUEST_HEADER_FIELDS_TOO_LARGE",
    "Request header fields too large",
);
pub(crate) const INTERNAL_SERVER_ERROR: Code =
    Code::new(500, "INTERNAL_SERVER_ERROR", "Internal server error");
pub(crate) const SERVICE_UNAVAILABLE: Code = Code::new(503, "SERVICE_UNAVAILABLE", "Service unavailable");

pub(crate) const CODES: &[&Code] = &[
    &VALIDATION_ERROR,
    &INVALID_JSON,
    &INVALID_BODY,
    &INVALID_EMAIL,
    &PASSWORD_COMPROMISED,
    &PASSWORD_TOO_SHORT,
    &PASSWORD_TOO_LONG,
    &FIELD_IS_REQUIRED,
    &FIELD_IS_NOT_ALLOWED,
    &VERIFICATION_EMAIL_ISNT_ENABLED,
    &UNAUTHORIZED,
    &INVALID_CLIENT_CREDENTIALS,
    &SERVICE_IS_NOT_AN_ADMINISTRATOR,
    &MISSING_OR_NULL_ORIGIN,
    &INVALID_ORIGIN,
    &INVALID_CALLBACKURL,
    &INVALID_REDIRECTURL,
    &INVALID_ERRORCALLBACKURL,
    &INVALID_NEWUSERCALLBACKURL,
    &CROSS_SITE_NAVIGATION,
    &NOT_ALLOWED_WHILE_IMPERSONATING,
    &SESSION_IS_NOT_FRESH,
    &KEY_IS_NOT_ACCEPTED,
    &NOT_FOUND,
    &REQUEST_TIMEOUT,
    &RECORD_IS_REFERENCED,
    &PAYLOAD_TOO_LARGE,
    &UNSUPPORTED_MEDIA_TYPE,
    &REJECTED_BY_DATABASE,
    &TOO_MANY_REQUESTS,
    &REQUEST_HEADER_FIELDS_TOO_LARGE,
    &INTERNAL_SERVER_ERROR,
    &SERVICE_UNAVAILABLE,
];

/// Returns the name that Better Auth derives from a message: only capitals, digits and underscores.
pub(crate) fn name_of(message: &str) -> String {
    message.to_uppercase().replace(' ', "_").replace(
        |character: char| !(character.is_ascii_alphanumeric() || character == '_'),
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_contain_the_id_of_a_provider() {
        let code = Code::new(400, "PROVIDER_NAME_NOT_FOUND", "").varying("NAME");
        assert!(code.is_named("PROVIDER_GITHUB_NOT_FOUND") && code.is_named("PROVIDER__NOT_FOUND"));
        assert!(!code.is_named("PROVIDER_NOT_FOUND") && !code.is_named("PROVIDER_GITHUB_IS_NOT_SUPPORTED"));
        assert!(VALIDATION_ERROR.is_named("VALIDATION_ERROR") && !VALIDATION_ERROR.is_named("VALIDATION"));
    }

    #[test]
    fn only_these_errors_with_the_status_of_a_failure_are_caused_by_clients() {
        let codes = crate::codes().into_iter();
        let caused: Vec<_> = codes
            .filter(|code| code.is_caused_by_clients)
            .map(|code| (code.status, code.name.split("_ON_").next()))
            .collect();
        assert_eq!(
            caused,
            [
                (
                    501,
                    Some("DYNAMIC_ACCESS_CONTROL_REQUIRES_A_PREDEFINED_AC_INSTANCE")
                ),
                (500, Some("FAILED_TO_FIND_ADMIN_SESSION")),
                (500, Some("FAILED_TO_VERIFY_REGISTRATION")),
            ]
        );
    }

    #[test]
    fn a_name_is_derived_from_a_message() {
        for (message, name) in [
            ("nick is required", "NICK_IS_REQUIRED"),
            ("Cross-site - x", "CROSSSITE__X"),
            ("isn't é", "ISNT_"),
        ] {
            assert_eq!(name_of(message), name);
        }
    }
}
