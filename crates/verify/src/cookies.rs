//! The session cookies among the cookies of a request.

/// Maximum length of the cookies that are sent on. Longer ones are not from the server.
const LONGEST: usize = 4096;

/// The names under which the server sets the session cookie.
#[derive(Clone, Debug)]
pub(crate) struct CookieNames(Vec<String>);

impl CookieNames {
    /// The names for a prefix (`advanced.cookie_prefix`).
    pub(crate) fn with_prefix(prefix: &str) -> Self {
        Self::named(&format!("{prefix}.session_token"))
    }

    /// The names for a configured name (`advanced.cookies.session_token.name`).
    pub(crate) fn named(name: &str) -> Self {
        let has_prefix = name.starts_with("__Secure-") || name.starts_with("__Host-");
        let mut names = vec![name.to_owned()];
        if !has_prefix {
            names.push(format!("__Secure-{name}"));
        }
        Self(names)
    }

    /// Returns the session cookies of a `Cookie` header, unchanged, or `None` if there are none. All other cookies are
    /// left out: they may be secrets of other services.
    pub(crate) fn of(&self, header: &str) -> Option<String> {
        let is_ours = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            self.0.iter().any(|ours| ours == name) && pair.bytes().all(is_cookie_byte)
        };
        let pairs: Vec<&str> = header.split(';').map(str::trim).filter(is_ours).collect();
        let cookies = pairs.join("; ");
        (!cookies.is_empty() && cookies.len() <= LONGEST).then_some(cookies)
    }
}

/// Whether a cookie may contain this byte (RFC 6265): no control character can end the header.
const fn is_cookie_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b';'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_session_cookies_are_sent_on() {
        let names = CookieNames::with_prefix("better-auth");
        let header = "theme=dark; better-auth.session_token=a.b%3D;__Secure-better-auth.session_token=c; \
                      better-auth.session_data=copy; xbetter-auth.session_token=no; other=better-auth.session_token=d";
        assert_eq!(
            names.of(header).unwrap(),
            "better-auth.session_token=a.b%3D; __Secure-better-auth.session_token=c"
        );
        assert_eq!(names.of("theme=dark"), None);
        assert_eq!(names.of(""), None);
    }

    #[test]
    fn a_name_with_a_prefix_of_browsers_is_the_only_one() {
        let names = CookieNames::named("__Host-session");
        let header = "session=a; __Host-session=b; __Secure-__Host-session=c";
        assert_eq!(names.of(header).unwrap(), "__Host-session=b");
    }

    #[test]
    fn cookies_that_no_server_sets_are_not_sent_on() {
        let names = CookieNames::with_prefix("better-auth");
        let long = format!("better-auth.session_token={}", "a".repeat(5000));
        assert_eq!(names.of(&long), None);
        assert_eq!(names.of("better-auth.session_token=a\r\nx: y"), None);
    }
}
