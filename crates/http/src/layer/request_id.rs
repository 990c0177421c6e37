//! The request id, which identifies a request in this server's logs and in those of its sender.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use portcullis_application::ports::{Random, RandomExt as _};

const NAME: HeaderName = HeaderName::from_static("x-request-id");
const LENGTH: usize = 20;
const LONGEST: usize = 64;

/// Returns the id in the request's header if it contains only safe characters, or a new one.
pub(crate) fn of(request: &HeaderMap, random: &dyn Random) -> String {
    request
        .get(&NAME)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_plain(id))
        .map_or_else(|| random.text(LENGTH), str::to_owned)
}

/// Sends the id to the client.
pub(crate) fn echo(id: &str, response: &mut HeaderMap) {
    if let Ok(value) = HeaderValue::from_str(id) {
        response.insert(NAME, value);
    }
}

/// Returns whether the id contains no characters with which a client could forge a line of the log.
fn is_plain(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
