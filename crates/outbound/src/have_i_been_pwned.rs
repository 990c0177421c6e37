//! The list of compromised passwords of Have I Been Pwned, which is queried by the first five digits of a hash.

use async_trait::async_trait;
use portcullis_application::ports::{CompromisedPasswords, Failure};
use portcullis_domain::password::Password;
use sha1::{Digest as _, Sha1};

use crate::client::Client;

/// The URL before the digits.
pub const DEFAULT_RANGE_URL: &str = "https://api.pwnedpasswords.com/range/";
/// The number of digits that leave the server.
const PREFIX: usize = 5;
/// The number of digits of a whole hash.
const DIGITS: usize = 40;

/// Queries the hashes that begin with the same five digits.
pub struct RangeQuery {
    client: Client,
    url: String,
}

impl RangeQuery {
    /// Creates a query that is sent with this client to this URL, which is followed by the digits.
    #[must_use]
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

#[async_trait]
impl CompromisedPasswords for RangeQuery {
    async fn contains(&self, password: &Password) -> Result<bool, Failure> {
        let digest = digest(password);
        let (prefix, suffix) = digest.split_at(PREFIX);
        let url = format!("{}{prefix}", self.url);
        // The answers of all ranges have similar lengths, so that an observer of the encrypted connection does not recognise
        // the range.
        let list = self.client.get_text(&url, &[("add-padding", "true")]).await?;
        lists(&list, suffix).ok_or_else(|| Failure::unavailable("the answer is not a list of hashes"))
    }
}

/// Returns the SHA-1 hash in upper case.
fn digest(password: &Password) -> String {
    let digest = Sha1::digest(password.expose().as_bytes());
    digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02X}"))
}

/// Returns whether a line has the suffix. Lines that pad the answer have the count zero. `None`: no line is an entry, so the
/// answer comes from another service, such as a proxy that intercepts requests.
fn lists(list: &str, suffix: &str) -> Option<bool> {
    let mut entries = list.lines().filter_map(entry).peekable();
    entries.peek()?;
    Some(entries.any(|(listed, count)| listed.eq_ignore_ascii_case(suffix) && count != 0))
}

/// Returns the rest of a hash and its count.
fn entry(line: &str) -> Option<(&str, u64)> {
    let (rest, count) = line.trim().split_once(':')?;
    let is_hash = rest.len() == DIGITS - PREFIX && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((rest, count.trim().parse().ok()?)).filter(|_| is_hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestServer, response};

    /// The SHA-1 hash of `password1234`, after its first five digits.
    const SUFFIX: &str = "0F9A3ECB3D3E4BBFC5B9B5C4F5D4F5A1AAA";

    async fn contains(answer: String) -> (Result<bool, Failure>, Vec<String>) {
        let server = TestServer::start(move |_| answer.clone()).await;
        let query = RangeQuery::new(server.client(), server.url("/range/"));
        let found = query.contains(&Password::new("password1234")).await;
        (found, server.requests())
    }

    fn suffix() -> String {
        digest(&Password::new("password1234")).split_off(PREFIX)
    }

    #[test]
    fn the_hash_is_that_of_the_text_as_typed() {
        let of = |text: &str| digest(&Password::new(text));
        assert_eq!(of("abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D");
        assert_eq!(of("password"), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        assert_ne!(of("password "), of("password"));
    }

    #[tokio::test]
    async fn a_listed_password_is_found_by_five_digits() {
        let lines = format!("{SUFFIX}:3\r\n{}:42\r\nno entry", suffix().to_lowercase());
        let (found, requests) = contains(response("200 OK", "text/plain", &lines)).await;
        assert!(found.unwrap());
        let whole = digest(&Password::new("password1234"));
        assert!(requests[0].starts_with(&format!("GET /range/{} HTTP/1.1\r\n", &whole[..PREFIX])));
        assert!(requests[0].contains("add-padding: true\r\n"), "{}", requests[0]);
        assert!(!requests[0].contains(&whole[..=PREFIX]) && !requests[0].contains("password1234"));
    }

    #[tokio::test]
    async fn a_password_that_is_not_listed_is_not_found() {
        for lines in [format!("{SUFFIX}:3"), format!("{}:0\r\n", suffix())] {
            let (found, _) = contains(response("200 OK", "text/plain", &lines)).await;
            assert!(!found.unwrap(), "{lines}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_no_list_is_a_failure() {
        for answer in [
            String::new(),
            "<html>Access denied: 1</html>".to_owned(),
            suffix(),
            format!("{}:many", suffix()),
            format!("{}:1", digest(&Password::new("password1234"))),
            format!("{}:1", "Z".repeat(DIGITS - PREFIX)),
        ] {
            let (found, _) = contains(response("200 OK", "text/plain", &answer)).await;
            let failure = found.unwrap_err();
            assert!(
                failure.is_unavailable() && failure.causes().contains("not a list of hashes"),
                "{answer}"
            );
        }
    }

    #[tokio::test]
    async fn an_outage_is_a_failure() {
        for status in ["503 Service Unavailable", "302 Found", "404 Not Found"] {
            let (found, requests) =
                contains(response(status, "text/plain", &format!("{}:1", suffix()))).await;
            assert!(found.unwrap_err().is_unavailable());
            assert_eq!(requests.len(), 1);
        }
    }
}
