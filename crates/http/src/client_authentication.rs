//! Authentication of services by RFC 6749, section 2.3.1: HTTP Basic, or two fields of the form.
//!
//! Only this module creates a [`ServiceCaller`] or an [`AdministratorService`].

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use portcullis_domain::{secret::Secret, service_client::ServiceClientId};
use serde_json::Value;

use crate::{
    call::Call,
    code::{INVALID_CLIENT_CREDENTIALS, SERVICE_IS_NOT_AN_ADMINISTRATOR},
    error::ApiError,
    oauth_error::{INVALID_CLIENT, INVALID_REQUEST},
    sockets::Entrance,
};

const SCHEME: &str = "basic";

/// The service that sent a request.
pub(crate) struct ServiceCaller {
    /// Its id. `None`: the request came through a private listener, at which services need not authenticate themselves.
    pub(crate) client: Option<ServiceClientId>,
}

/// The service that sent a request, and that is an administrator.
pub(crate) struct AdministratorService {
    /// Its id.
    pub(crate) client: ServiceClientId,
}

/// The fields of a form by which a service authenticates itself.
#[derive(Default)]
pub(crate) struct FormCredentials {
    id: Option<String>,
    secret: Option<Secret<String>>,
}

/// An id, and the readings of a secret.
struct Presented {
    id: String,
    secrets: Vec<Secret<String>>,
}

impl FormCredentials {
    /// Returns the fields of this body.
    pub(crate) fn of(body: Option<&Value>) -> Self {
        let field = |name| Some(body?.get(name)?.as_str()?.to_owned());
        Self {
            id: field("client_id"),
            secret: field("client_secret").map(Secret::new),
        }
    }
}

/// Returns the service that sent the request.
///
/// # Errors
///
/// 401 `invalid_client` if it does not authenticate itself, 400 `invalid_request` if it does so in two ways.
pub(crate) fn require(call: &Call<'_>, form: FormCredentials) -> Result<ServiceCaller, ApiError> {
    if Entrance::of(call.request) == Entrance::Private {
        return Ok(ServiceCaller { client: None });
    }
    let presented = presented(call.request.headers(), form)?;
    let client =
        presented.and_then(|Presented { id, secrets }| call.app.service_clients.authenticate(&id, &secrets));
    let client = client.ok_or(&INVALID_CLIENT)?;
    Ok(ServiceCaller { client: Some(client) })
}

/// Returns the service that sent the request with a body of JSON, which contains no credentials.
///
/// # Errors
///
/// 401 `INVALID_CLIENT_CREDENTIALS` if it does not authenticate itself by HTTP Basic.
pub(crate) fn require_by_header(call: &Call<'_>, _body: FormCredentials) -> Result<ServiceCaller, ApiError> {
    require(call, FormCredentials::default()).map_err(|_error| (&INVALID_CLIENT_CREDENTIALS).into())
}

/// Returns the administrator that sent the request.
///
/// # Errors
///
/// 401 `INVALID_CLIENT_CREDENTIALS` if it does not authenticate itself by HTTP Basic, also at a private listener. 403
/// `SERVICE_IS_NOT_AN_ADMINISTRATOR` if the configuration does not make it an administrator.
pub(crate) fn require_administrator(
    call: &Call<'_>,
    _body: FormCredentials,
) -> Result<AdministratorService, ApiError> {
    let clients = &call.app.service_clients;
    let presented = presented(call.request.headers(), FormCredentials::default());
    let presented = presented.map_err(|_error| &INVALID_CLIENT_CREDENTIALS)?;
    let client = presented.and_then(|Presented { id, secrets }| clients.authenticate(&id, &secrets));
    let client = client.ok_or(&INVALID_CLIENT_CREDENTIALS)?;
    if !clients.is_administrator(&client) {
        let message = format!(
            "Service `{client}` is not an administrator: set `clients.{client}.administrator = true`"
        );
        return Err(ApiError::with_message(&SERVICE_IS_NOT_AN_ADMINISTRATOR, message));
    }
    Ok(AdministratorService { client })
}

fn presented(headers: &HeaderMap, form: FormCredentials) -> Result<Option<Presented>, ApiError> {
    let mut lines = headers.get_all(header::AUTHORIZATION);
    let line = lines.next();
    if lines.next().is_some() {
        return Err(malformed("The request has several `Authorization` headers"));
    }
    match (line, form.id, form.secret) {
        (Some(_), _, Some(_)) => Err(malformed(
            "The client authenticates itself in two ways: send either the `Authorization` header or `client_secret`",
        )),
        (Some(line), id, None) => {
            let basic = basic(line);
            if let (Some(basic), Some(id)) = (&basic, id)
                && basic.id != id
            {
                return Err(malformed(
                    "`client_id` is not the client of the `Authorization` header",
                ));
            }
            Ok(basic)
        }
        (None, Some(id), Some(secret)) => Ok(Some(Presented {
            id,
            secrets: vec![secret],
        })),
        (None, _, _) => Ok(None),
    }
}

fn malformed(message: &'static str) -> ApiError {
    ApiError::with_message(&INVALID_REQUEST, message)
}

/// Reads HTTP Basic. OAuth encodes both parts as in forms, and many clients, such as curl, do not: the secret is
/// compared in both readings. An id has only one.
fn basic(line: &HeaderValue) -> Option<Presented> {
    let (scheme, encoded) = line.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return None;
    }
    let pair = Secret::new(String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?);
    let (id, secret) = pair.expose().split_once(':')?;
    let sent = Secret::new(secret.to_owned());
    let decoded = form_decoded(secret).filter(|decoded| *decoded != secret);
    let decoded = decoded.map(|decoded| Secret::new(decoded.into_owned()));
    Some(Presented {
        id: form_decoded(id)?.into_owned(),
        secrets: [sent].into_iter().chain(decoded).collect(),
    })
}

fn form_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, Vec<String>)> {
        let presented = basic(&HeaderValue::from_str(line).unwrap())?;
        let secrets = presented.secrets.iter().map(|secret| secret.expose().clone());
        Some((presented.id, secrets.collect()))
    }

    #[test]
    fn basic_is_read_as_oauth_and_as_other_clients_send_it() {
        for (pair, id, secrets) in [
            ("api:plain", "api", &["plain"][..]),
            ("api:a:b", "api", &["a:b"]),
            ("api:", "api", &[""]),
            ("billing%5Fapi:x", "billing_api", &["x"]),
            ("api:a%2Bb", "api", &["a%2Bb", "a+b"]),
            ("api:a+b", "api", &["a+b", "a b"]),
            ("api:100%", "api", &["100%"]),
            ("api:%FF", "api", &["%FF"]),
        ] {
            for scheme in ["Basic ", "basic ", "BASIC  "] {
                let line = format!("{scheme}{}", STANDARD.encode(pair));
                let expected = (id.to_owned(), secrets.iter().map(|it| (*it).to_owned()).collect());
                assert_eq!(read(&line), Some(expected), "{pair}");
            }
        }
    }

    #[test]
    fn other_authorization_presents_no_service() {
        let without_colon = format!("Basic {}", STANDARD.encode("api"));
        let binary = format!("Basic {}", STANDARD.encode([0xFF, b':']));
        for line in [
            "Basic",
            "Basic ",
            "Basic !",
            "Bearer YTpi",
            "YTpi",
            &without_colon,
            &binary,
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
