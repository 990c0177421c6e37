//! Paths below the base path, as keys name them.

use portcullis_domain::glob::Glob;
use portcullis_http::routes;

/// How like two paths must be for the one to be proposed for the other.
const LIKENESS: f64 = 0.5;
/// Tells paths below the base path from those at the root.
const SOME_BASE_PATH: &str = "/base";
/// Where the keys of JWTs are published unless something else is said.
const STANDARD_JWKS: &str = "/jwks";

/// Whether this is the path of an endpoint: switching off another would do nothing.
pub(super) fn check_endpoint(path: &str, base_path: &str) -> Result<(), String> {
    check_path(path, base_path)?;
    endpoints()
        .any(|endpoint| endpoint == path)
        .then_some(())
        .ok_or_else(|| unknown("is the path of no endpoint", path))
}

/// Whether this pattern is the path of an endpoint or fits one: a rule for others would do nothing.
pub(super) fn check_pattern(pattern: &str, base_path: &str) -> Result<(), String> {
    check_path(pattern, base_path)?;
    let glob = Glob::new(pattern);
    endpoints()
        .any(|endpoint| glob.matches(endpoint))
        .then_some(())
        .ok_or_else(|| unknown("fits the path of no endpoint", pattern))
}

/// Whether this can be the path of an endpoint that is none yet.
pub(super) fn check_new(path: &str, base_path: &str) -> Result<(), String> {
    check_path(path, base_path)?;
    if path.contains(':') {
        return Err("must have no colon".to_owned());
    }
    if endpoints().any(|endpoint| endpoint == path && endpoint != STANDARD_JWKS) {
        return Err("is the path of another endpoint".to_owned());
    }
    Ok(())
}

/// The paths of all endpoints, below the base path.
pub(super) fn endpoints() -> impl Iterator<Item = &'static str> {
    routes()
        .filter(|route| route.full_path(SOME_BASE_PATH) != route.path)
        .map(|route| route.path)
}

fn unknown(reason: &str, path: &str) -> String {
    reason.to_owned() + &did_you_mean(path, endpoints())
}

/// The known word that is most like this one, as it may end a sentence; nothing where none is like it.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(word, known), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, near)| format!(": did you mean {near}?"))
        .unwrap_or_default()
}

/// Whether a request's path below the base path can be this one: one that never comes would do nothing.
fn check_path(path: &str, base_path: &str) -> Result<(), String> {
    let is_whole = path.starts_with('/') && (path.len() == 1 || !path.ends_with('/'));
    if !is_whole || path.contains("//") || path.contains(['?', '#', '%', ' ']) {
        return Err("does not name a path such as /sign-in/email".to_owned());
    }
    let below = path.strip_prefix(base_path).filter(|_| !base_path.is_empty());
    match below {
        Some(below) if below.starts_with('/') => Err(format!(
            "begins with the base path, which is left out here: write {below}"
        )),
        _ => Ok(()),
    }
}
