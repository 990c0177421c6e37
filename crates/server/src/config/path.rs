//! Paths below the base path in values of keys.

use portcullis_domain::glob::Glob;
use portcullis_http::{Route, routes};

/// Minimum similarity at which a known path is suggested.
const LIKENESS: f64 = 0.5;
/// What is wrong with a path that another endpoint has.
pub(super) const TAKEN: &str = "is the path of another endpoint";
/// Any base path, to distinguish paths below it from those at the root.
const SOME_BASE_PATH: &str = "/base";

/// Refuses a path that is not an endpoint's: disabling it would have no effect.
pub(super) fn check_endpoint(path: &str, base_path: &str) -> Result<(), String> {
    check_path(path, base_path)?;
    endpoints()
        .any(|endpoint| endpoint == path)
        .then_some(())
        .ok_or_else(|| unknown("is not the path of an endpoint", path))
}

/// Refuses a pattern that matches no endpoint: a rule for it would have no effect.
pub(super) fn check_pattern(pattern: &str, base_path: &str) -> Result<(), String> {
    check_path(pattern, base_path)?;
    let glob = Glob::new(pattern);
    endpoints()
        .any(|endpoint| glob.matches(endpoint))
        .then_some(())
        .ok_or_else(|| unknown("matches no endpoint", pattern))
}

/// Refuses a path that cannot be used for an additional endpoint. `own` are the paths of routes that may have it, since
/// they answer the same.
pub(super) fn check_new(path: &str, base_path: &str, own: &[&str]) -> Result<(), String> {
    check_path(path, base_path)?;
    if path.contains(':') {
        return Err("must not contain a colon".to_owned());
    }
    let whole = format!("{}{path}", base_path.trim_end_matches('/'));
    let mut others = routes().filter(|route| !own.contains(&route.path));
    if others.any(|route| route.answers_at(&whole, base_path)) {
        return Err(TAKEN.to_owned());
    }
    Ok(())
}

/// Returns the paths of all endpoints, below the base path.
fn endpoints() -> impl Iterator<Item = &'static str> {
    routes_below_base_path().map(|route| route.path)
}

/// Returns the routes of all endpoints.
pub(super) fn routes_below_base_path() -> impl Iterator<Item = &'static Route> {
    routes().filter(|route| route.full_path(SOME_BASE_PATH) != route.path)
}

fn unknown(reason: &str, path: &str) -> String {
    reason.to_owned() + &did_you_mean(path, endpoints())
}

/// Returns the most similar known word as the end of a sentence, or an empty string if none is similar.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(word, known), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, near)| format!(": did you mean {near}?"))
        .unwrap_or_default()
}

/// Refuses a path that no request can have below the base path: it would have no effect.
fn check_path(path: &str, base_path: &str) -> Result<(), String> {
    let is_whole = path.starts_with('/') && (path.len() == 1 || !path.ends_with('/'));
    if !is_whole || path.contains("//") || path.contains(['?', '#', '%', ' ']) {
        return Err("is not a path such as /sign-in/email".to_owned());
    }
    let below = path.strip_prefix(base_path).filter(|_| !base_path.is_empty());
    match below {
        Some(below) if below.starts_with('/') => {
            Err(format!("must not begin with the base path: write {below}"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_path_must_not_be_one_that_a_route_answers() {
        for (base_path, path) in [
            ("/api/auth", "/jwks"),
            ("/api/auth", "/.well-known/jwks.json"),
            ("/api/auth", "/token"),
            ("/api/auth", "/reset-password/abc"),
            ("/api/auth", "/portcullis/forward-auth/x"),
            ("/api/auth", "/portcullis/forward-auth/x/y/z"),
            ("", "/"),
            ("/", "/"),
            ("", "/health/live"),
            ("/health", "/live"),
        ] {
            let refused = check_new(path, base_path, &[]);
            assert_eq!(refused, Err(TAKEN.to_owned()), "{base_path} {path}");
        }
        for (base_path, path) in [
            ("/api/auth", "/docs"),
            ("/api/auth", "/"),
            ("/api/auth", "/health/live"),
            ("/api/auth", "/reset-password/abc/def"),
            ("", "/docs"),
        ] {
            assert_eq!(check_new(path, base_path, &[]), Ok(()), "{base_path} {path}");
        }
        assert_eq!(check_new("/jwks", "", &["/jwks"]), Ok(()));
    }
}
