//! The errors of the checks before and around a handler, which follow from the properties of its route.

use crate::{
    code::{self, Code},
    endpoint::Access,
    oauth_error,
    route::{ForeignSites, Route},
};

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

/// The errors that features report.
pub(crate) struct FeatureCodes {
    /// About the user of a sign-in.
    pub(crate) guards: Vec<&'static Code>,
    /// About fields of users.
    pub(crate) inputs: Vec<&'static Code>,
}

/// Returns the errors that a request for this route may meet before, around and after its handler.
pub(crate) fn codes(route: &Route, of_features: &FeatureCodes) -> Vec<&'static Code> {
    if route.is_for_services() {
        return [&[&code::TOO_MANY_REQUESTS], oauth_error::CODES].concat();
    }
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
        (sets_fields, &of_features.inputs),
        (route.completes_sign_ins, &of_features.guards),
        (access != Access::Public, &[&code::UNAUTHORIZED]),
        (route.is_personal, &[&code::NOT_ALLOWED_WHILE_IMPERSONATING]),
        (access == Access::FreshSession, &[&code::SESSION_IS_NOT_FRESH]),
        (changes || route.looks_up_sessions(), WRITES),
        (route.is_counted(), &[&code::TOO_MANY_REQUESTS]),
        (true, ALWAYS),
    ];
    let applying = parts.iter().filter(|(applies, _codes)| *applies);
    applying
        .flat_map(|(_applies, codes)| codes.iter().copied())
        .collect()
}
