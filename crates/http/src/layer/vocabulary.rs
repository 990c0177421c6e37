//! The words of paths that may be logged.

use std::collections::BTreeSet;

use crate::roll_call;

/// Written instead of a segment that may be a secret, such as a token or an address.
const OTHER: &str = "*";
/// Segments that are logged.
const MOST: usize = 12;

/// The segments of the paths of all routes, and those of the base path.
pub(crate) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    /// Collects the words for a deployment with this base path.
    pub(crate) fn new(base_path: &str) -> Self {
        let paths = roll_call::routes().map(|route| route.path).chain([base_path]);
        let words = paths
            .flat_map(|path| path.split('/'))
            .filter(|word| !word.starts_with(':') && *word != "**");
        Self(words.map(str::to_owned).collect())
    }

    /// Returns a path as it was sent, with `*` instead of every segment that is no word of a route.
    pub(crate) fn known(&self, path: &str) -> String {
        let segments = path.split('/').enumerate().take(MOST + 1);
        let shown = segments.map(|(place, segment)| match segment {
            _ if place == MOST => "...",
            known if self.0.contains(known) => known,
            _ => OTHER,
        });
        shown.collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_routes_are_shown() {
        let vocabulary = Vocabulary::new("/api/auth");
        for (path, shown) in [
            ("/", "/"),
            ("/api/auth/sign-in/email/", "/api/auth/sign-in/email/"),
            ("/auth/get-session", "/auth/get-session"),
            ("/api/auth/api/auth/ok", "/api/auth/api/auth/ok"),
            ("/api/auth/reset-password/hidden", "/api/auth/reset-password/*"),
            ("/api/auth/Sign-In/hidden@example.com", "/api/auth/*/*"),
            ("//hidden%2fok", "//*"),
            ("/:token", "/*"),
            ("/**", "/*"),
        ] {
            assert_eq!(vocabulary.known(path), shown);
        }
        let long = vocabulary.known(&"/ok".repeat(50));
        assert_eq!(long, "/ok".repeat(11) + "/...");
    }
}
