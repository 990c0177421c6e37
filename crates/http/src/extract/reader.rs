//! Who reads a session: the client that stores its cookie, or a program on its behalf.

use actix_web::http::header::{self, HeaderMap};
use portcullis_domain::session::Reader;

/// Sent by every browser to encrypted and to local servers.
const FETCH_SITE: &str = "sec-fetch-site";
/// `empty` for a request by a script.
const FETCH_DESTINATION: &str = "sec-fetch-dest";
/// Sent by the official client in Expo apps, which stores cookies as a browser does.
const EXPO_ORIGIN: &str = "expo-origin";

/// Returns who reads the session, as far as the headers show it: a script in a browser, or an app.
///
/// Programs that render pages often forward the headers of the page's request, which is a navigation. Browsers that
/// send no fetch metadata send `Origin` or `Referer`.
pub(crate) fn of(headers: &HeaderMap) -> Reader {
    let is_by_script = match headers.get(FETCH_DESTINATION) {
        Some(destination) => destination == "empty",
        None => [FETCH_SITE, header::ORIGIN.as_str(), header::REFERER.as_str()]
            .iter()
            .any(|name| headers.contains_key(*name)),
    };
    if is_by_script || headers.contains_key(EXPO_ORIGIN) {
        Reader::Client
    } else {
        Reader::Other
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn reader(lines: &[(&str, &str)]) -> Reader {
        let request = lines
            .iter()
            .fold(TestRequest::get(), |request, line| request.insert_header(*line));
        of(request.to_http_request().headers())
    }

    #[test]
    fn scripts_in_browsers_and_apps_are_the_client() {
        for lines in [
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-dest", "empty"),
            ][..],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "empty")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://app.example.com")],
            &[("referer", "http://192.168.0.2:3000/")],
            &[("expo-origin", "myapp://")],
        ] {
            assert_eq!(reader(lines), Reader::Client, "{lines:?}");
        }
    }

    #[test]
    fn programs_and_forwarded_navigations_are_not_the_client() {
        for lines in [
            &[][..],
            &[("cookie", "a=b"), ("user-agent", "Mozilla/5.0")],
            &[("sec-fetch-mode", "cors")],
            &[
                ("sec-fetch-site", "none"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-dest", "document"),
                ("referer", "https://app.example.com/"),
            ],
        ] {
            assert_eq!(reader(lines), Reader::Other, "{lines:?}");
        }
    }
}
