//! A valid request for every restricted route.

mod account;
mod admin;
mod organization;
mod service;

use portcullis_http::{Route, routes};

/// Method, path and input: a body or, for `GET`, the query. Words in capitals, such as `TOM_ID`, stand for values of the
/// [world](crate::access_matrix) in which the requests name real targets. In other tests, no row has these ids.
pub(crate) type Request = (&'static str, &'static str, &'static str);

const REQUESTS: &[&[Request]] = &[
    account::REQUESTS,
    admin::REQUESTS,
    organization::REQUESTS,
    organization::MEMBERS,
    organization::TEAMS,
    organization::ROLES,
    service::REQUESTS,
];

/// Beginnings of the paths of features whose handlers check the caller themselves, also at routes that are declared
/// public.
const DECIDED_IN_HANDLERS: &[&str] = &["/api-key/", "/organization/"];

/// Returns every request.
pub(crate) fn requests() -> impl Iterator<Item = Request> {
    REQUESTS.iter().flat_map(|requests| requests.iter().copied())
}

/// Returns the requests of routes that need a session.
pub(crate) fn with_session() -> impl Iterator<Item = Request> {
    let needing: Vec<String> = routes().filter(|route| route.needs_session()).map(name).collect();
    requests().filter(move |(method, path, _)| needing.contains(&format!("{method} {path}")))
}

fn name(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

fn is_restricted(route: &Route) -> bool {
    let is_decided = DECIDED_IN_HANDLERS
        .iter()
        .any(|start| route.path.starts_with(start));
    is_decided || !route.is_public()
}

#[test]
fn every_restricted_route_is_listed_here() {
    let mut listed: Vec<String> = requests()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let mut existing: Vec<String> = routes().filter(|route| is_restricted(route)).map(name).collect();
    listed.sort();
    existing.sort();
    assert_eq!(listed, existing);
}
