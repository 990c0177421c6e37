//! The headers in which a request names its origin.

use actix_web::http::header::{self, HeaderMap, HeaderName};

/// The headers in which a request may name its origin, by precedence: the first one that is not empty counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginHeaders(Vec<HeaderName>);

impl Default for OriginHeaders {
    /// Only `Origin`, which browsers send.
    fn default() -> Self {
        Self(vec![header::ORIGIN])
    }
}

impl OriginHeaders {
    /// Adds this header, which is read if the others are absent or empty. The name must be lower case.
    ///
    /// A page of another origin can send such a header only after a preflight, and then `Origin` is present.
    #[must_use]
    pub fn or(mut self, name: &'static str) -> Self {
        self.0.push(HeaderName::from_static(name));
        self
    }

    /// Returns the origin that the request names.
    pub(crate) fn origin_of<'a>(&self, request: &'a HeaderMap) -> Named<'a> {
        let mut named = self.0.iter().map(|name| Named::of(request, name));
        named
            .find(|origin| *origin != Named::Absent)
            .unwrap_or(Named::Absent)
    }
}

/// The origin, or the URL of the page, that a header of a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    /// The header is absent or empty.
    Absent,
    /// The header was sent twice, or is not text.
    Ambiguous,
    /// The value of the header.
    Text(&'a str),
}

impl<'a> Named<'a> {
    /// Reads a header.
    pub(crate) fn of(request: &'a HeaderMap, name: &HeaderName) -> Self {
        let mut values = request.get_all(name);
        match (values.next(), values.next()) {
            (None, _) => Self::Absent,
            (Some(first), _) if first.is_empty() => Self::Absent,
            (Some(only), None) => only.to_str().map_or(Self::Ambiguous, Self::Text),
            (Some(_), Some(_)) => Self::Ambiguous,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn named(names: &OriginHeaders, sent: &[(&str, &str)]) -> String {
        let mut request = TestRequest::get();
        for header in sent {
            request = request.append_header(*header);
        }
        format!("{:?}", names.origin_of(request.to_http_request().headers()))
    }

    #[test]
    fn the_first_header_that_is_not_empty_counts() {
        let both = OriginHeaders::default().or("expo-origin");
        for (sent, expected) in [
            (&[][..], "Absent"),
            (&[("origin", "https://a.test")], r#"Text("https://a.test")"#),
            (&[("expo-origin", "myapp://")], r#"Text("myapp://")"#),
            (
                &[("origin", "https://a.test"), ("expo-origin", "myapp://")],
                r#"Text("https://a.test")"#,
            ),
            (
                &[("origin", ""), ("expo-origin", "myapp://")],
                r#"Text("myapp://")"#,
            ),
            (
                &[("origin", "null"), ("expo-origin", "myapp://")],
                r#"Text("null")"#,
            ),
            (&[("origin", "a:1"), ("origin", "a:1")], "Ambiguous"),
        ] {
            assert_eq!(named(&both, sent), expected, "{sent:?}");
        }
        let plain = OriginHeaders::default();
        assert_eq!(named(&plain, &[("expo-origin", "myapp://")]), "Absent");
    }
}
