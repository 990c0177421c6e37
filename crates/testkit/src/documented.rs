//! Check that the documentation of a route mentions its responses.

use portcullis_http::{Route, routes};

use crate::Answer;

/// The base path of most test servers. Responses of others are not checked.
const BASE_PATH: &str = "/api/auth";

/// Fails if the route's documentation does not mention the response's status and code. To document
/// the response, add it to the route's `Operation`, next to the handler.
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let route = routes().find(|route| route.method == method && matches(route, path));
    // The routes of disabled features and disabled paths answer 404, too.
    if let Some(route) = route.filter(|_route| answer.status != 404) {
        assert!(
            is_documented(route, answer),
            "`{method} {}` does not document this answer: {answer}",
            route.path
        );
    }
}

fn matches(route: &Route, path: &str) -> bool {
    let own = route.full_path(BASE_PATH);
    match own.split_once(':') {
        Some((start, _variable)) => path
            .strip_prefix(start)
            .is_some_and(|segment| !segment.is_empty() && !segment.contains('/')),
        None => own == path,
    }
}

fn is_documented(route: &Route, answer: &Answer) -> bool {
    if answer.status < 400 {
        return route.statuses().any(|status| status == answer.status);
    }
    let name = answer.code();
    let mut codes = route.codes().into_iter();
    codes.any(|code| code.status == answer.status && (name.is_empty() || code.is_named(&name)))
}
