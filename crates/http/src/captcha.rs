//! Captchas: some routes are reached only by requests with a solved challenge.

use actix_web::http::header::{HeaderMap, HeaderValue};
use futures_util::FutureExt as _;
use portcullis_application::{
    captcha::{Captcha, CaptchaError},
    ports::FailureKind,
};
use portcullis_domain::secret::Secret;

use crate::{
    code::Code,
    error::ApiError,
    extract::client,
    route::Route,
    route_check::{Arriving, Checking, RouteCheck},
};

/// The header that contains what a page got for a solved challenge.
const RESPONSE: &str = "x-captcha-response";

const MISSING: Code = Code::nameless(400, "MISSING_CAPTCHA_RESPONSE", "Missing CAPTCHA response");
const REJECTED: Code = Code::nameless(403, "CAPTCHA_VERIFICATION_FAILED", "Captcha verification failed");
const UNAVAILABLE: Code = Code::nameless(500, "CAPTCHA_SERVICE_UNAVAILABLE", "Something went wrong");

pub(crate) const CODES: &[&Code] = &[&MISSING, &REJECTED, &UNAVAILABLE];

impl From<CaptchaError> for ApiError {
    fn from(error: CaptchaError) -> Self {
        match error {
            CaptchaError::Rejected(rejection) => {
                let reason = rejection.to_string();
                tracing::debug!(reason, "a captcha was not accepted");
                (&REJECTED).into()
            }
            // wire: every failure has this error, and the request is rejected.
            CaptchaError::Failure(failure) => {
                Self::of_failure(failure, FailureKind::Unavailable, &UNAVAILABLE)
            }
        }
    }
}

impl RouteCheck for Captcha {
    fn begin<'a>(&'a self, at: Arriving<'a>) -> Result<Option<Checking<'a>>, ApiError> {
        let Arriving {
            route,
            request,
            options,
        } = at;
        if !is_protected(self, route) {
            return Ok(None);
        }
        let response = response(request.headers()).ok_or(&MISSING)?;
        let checking = async move {
            let client = client::of(request, &options.trusted_proxies, &options.address_headers);
            Ok(self.check(&response, &client.address).await?)
        };
        Ok(Some(checking.boxed_local()))
    }
}

/// Returns whether only requests with a solved challenge reach the route.
pub(crate) fn is_protected(captcha: &Captcha, route: &Route) -> bool {
    route.is_called_by_clients() && captcha.protects(route.path)
}

/// Returns the text of the header. The lines of a header that is repeated are one text, as HTTP defines it.
///
/// wire: each byte is a character (ISO 8859-1), as in Node. Providers issue only ASCII.
fn response(headers: &HeaderMap) -> Option<Secret<String>> {
    let text = |line: &HeaderValue| line.as_bytes().iter().copied().map(char::from).collect();
    let lines: Vec<String> = headers.get_all(RESPONSE).map(text).collect();
    Some(Secret::new(lines.join(", "))).filter(|text| !text.expose().is_empty())
}

#[cfg(test)]
mod tests {
    use portcullis_domain::captcha::CaptchaRejection;

    use super::*;
    use crate::tests::LogCapture;

    #[test]
    fn the_log_says_why_a_captcha_is_not_accepted() {
        for (rejection, reason) in [
            (CaptchaRejection::Unsolved, "does not report a solved challenge"),
            (CaptchaRejection::Score, "below `min_score`"),
            (CaptchaRejection::Hostname, "not in `hostnames`"),
            (CaptchaRejection::Action, "is not `action`"),
        ] {
            let log = LogCapture::default();
            let guard = log.start();
            let error = ApiError::from(CaptchaError::Rejected(rejection));
            drop(guard);
            assert_eq!(error.code.name, REJECTED.name);
            assert!(log.text().contains(reason), "{}", log.text());
        }
    }
}
