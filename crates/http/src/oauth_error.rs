//! Errors in OAuth's form: RFC 6749, section 5.2.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;

use crate::{
    answer::NO_STORE,
    code::{self, Code},
    error::ErrorForm,
};

/// OAuth has one status for bodies that are not forms and for forms that are malformed.
pub(crate) const INVALID_REQUEST: Code = invalid_request(400, "The request is malformed");
pub(crate) const INVALID_CLIENT: Code = Code::of_oauth(401, "invalid_client", "Client authentication failed");
const TOO_SLOW: Code = invalid_request(408, code::REQUEST_TIMEOUT.message);
const TOO_LARGE: Code = invalid_request(413, code::PAYLOAD_TOO_LARGE.message);
const LONG_HEAD: Code = invalid_request(431, code::REQUEST_HEADER_FIELDS_TOO_LARGE.message);
const SERVER_ERROR: Code = Code::of_oauth(500, "server_error", code::INTERNAL_SERVER_ERROR.message);
const UNAVAILABLE: Code = Code::of_oauth(503, "temporarily_unavailable", code::SERVICE_UNAVAILABLE.message);

/// The errors of each route that services call.
pub(crate) const CODES: &[&Code] = &[
    &INVALID_REQUEST,
    &INVALID_CLIENT,
    &TOO_SLOW,
    &TOO_LARGE,
    &LONG_HEAD,
    &SERVER_ERROR,
    &UNAVAILABLE,
];

/// How services authenticate themselves.
pub(crate) const CHALLENGE: HeaderValue =
    HeaderValue::from_static("Basic realm=\"portcullis\", charset=\"UTF-8\"");

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: &'a str,
}

const fn invalid_request(status: u16, message: &'static str) -> Code {
    Code::of_oauth(status, "invalid_request", message)
}

/// Returns the response of an error with this message. An error of the core has OAuth's code for its status. Only
/// routes of this form name the scheme by which services authenticate themselves.
pub(crate) fn response(code: &Code, message: &str, form: ErrorForm) -> HttpResponse {
    let code = if code.is_of_oauth {
        code
    } else {
        of_status(code.status)
    };
    let status = StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status).json(Body {
        error: code.name,
        error_description: message,
    });
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    if status == StatusCode::UNAUTHORIZED && form == ErrorForm::OAuth {
        headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn of_status(status: u16) -> &'static Code {
    let found = CODES.iter().find(|code| code.status == status);
    found.copied().unwrap_or(&INVALID_REQUEST)
}
