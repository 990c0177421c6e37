//! The errors of the checks before and around a handler, which follow from the properties of its route.

use crate::{
    code::{self, Code},
    endpoint::Access,
    oauth_error,
    refusal::Refusals,
    route::{ForeignSites, Route},
};

/// Bodies that services send as JSON.
const SERVICE_BODIES: &[&Code] = &[
    &code::VALIDATION_ERROR,
    &code::INVALID_JSON,
    &code::INVALID_BODY,
    &code::REQUEST_TIMEOUT,
    &code::PAYLOAD_TOO_LARGE,
    &code::UNSUPPORTED_MEDIA_TYPE,
];
/// Every request.
const ALWAYS: &[&Code] = &[
    &code::REQUEST_HEADER_FIELDS_TOO_LARGE,
    &code::INTERNAL_SERVER_ERROR,
    &code::SERVICE_UNAVAILABLE,
];
/// Redirect URLs of any request below the base path.
const URLS: &[&Code] = &[
    &code::VALIDATION_ERROR,
    &code::INVALID_CALLBACKURL,
    &code::INVALID_REDIRECTURL,
    &code::INVALID_ERRORCALLBACKURL,
    &code::INVALID_NEWUSERCALLBACKURL,
];
/// Requests with bodies, and the check of the page that sends them.
const CHANGES: &[&Code] = &[
    &code::INVALID_JSON,
    &code::INVALID_BODY,
    &code::MISSING_OR_NULL_ORIGIN,
    &code::INVALID_ORIGIN,
    &code::REQUEST_TIMEOUT,
    &code::PAYLOAD_TOO_LARGE,
    &code::UNSUPPORTED_MEDIA_TYPE,
];
/// Additional fields of a user.
const FIELDS: &[&Code] = &[&code::FIELD_IS_REQUIRED, &code::FIELD_IS_NOT_ALLOWED];
/// Rules of the deployment's database. They may also forbid the renewal of a session.
const WRITES: &[&Code] = &[&code::RECORD_IS_REFERENCED, &code::REJECTED_BY_DATABASE];

/// Returns the errors that a request for this route may meet before, around and after its handler. `refusals` are those
/// of features.
pub(crate) fn codes(route: &Route, refusals: &[&'static Refusals]) -> Vec<&'static Code> {
    if route.is_of_oauth() {
        return [&[&code::TOO_MANY_REQUESTS], oauth_error::CODES].concat();
    }
    if route.is_for_services() {
        return of_services_in_json(route, refusals);
    }
    let refused = refused(route, refusals);
    let is_read = !route.answers_any_method();
    let changes = route.method != "GET" && is_read;
    let access = route.access();
    let sets_fields = route.user_operation.is_some() || route.sets_data_of_users;
    let parts: &[(bool, &[&'static Code])] = &[
        (is_read, URLS),
        (changes, CHANGES),
        (
            route.foreign_sites == ForeignSites::Never,
            &[&code::CROSS_SITE_NAVIGATION],
        ),
        (sets_fields, FIELDS),
        (true, &refused),
        (access != Access::Public, &[&code::UNAUTHORIZED]),
        (route.is_personal, &[&code::NOT_ALLOWED_WHILE_IMPERSONATING]),
        (access == Access::FreshSession, &[&code::SESSION_IS_NOT_FRESH]),
        (changes || route.looks_up_sessions(), WRITES),
        (route.is_counted(), &[&code::TOO_MANY_REQUESTS]),
        (true, ALWAYS),
    ];
    applying(parts)
}

fn refused(route: &Route, refusals: &[&'static Refusals]) -> Vec<&'static Code> {
    refusals.iter().flat_map(|refusals| refusals.of(route)).collect()
}

fn of_services_in_json(route: &Route, refusals: &[&'static Refusals]) -> Vec<&'static Code> {
    let (changes, refused) = (route.method != "GET", refused(route, refusals));
    let parts: &[(bool, &[&'static Code])] = &[
        (
            true,
            &[&code::INVALID_CLIENT_CREDENTIALS, &code::TOO_MANY_REQUESTS],
        ),
        (
            route.access() == Access::Administrator,
            &[&code::SERVICE_IS_NOT_AN_ADMINISTRATOR],
        ),
        (changes, SERVICE_BODIES),
        (route.sets_data_of_users, FIELDS),
        (true, &refused),
        (!changes && route.query().is_some(), &[&code::VALIDATION_ERROR]),
        (changes, WRITES),
        (true, ALWAYS),
    ];
    applying(parts)
}

fn applying(parts: &[(bool, &[&'static Code])]) -> Vec<&'static Code> {
    let applying = parts.iter().filter(|(applies, _codes)| *applies);
    applying
        .flat_map(|(_applies, codes)| codes.iter().copied())
        .collect()
}
