//! The checks of features before a request is counted, and the time that requests to other servers take.

use std::time::Duration;

use actix_web::HttpRequest;

use super::{Service, target::Target};
use crate::{
    error::ApiError,
    route::Route,
    route_check::{Arriving, Checking},
};

impl Service {
    /// Begins the checks of features about a request for a route.
    pub(super) fn begin_checks<'a>(
        &'a self,
        target: &Target<'_>,
        request: &'a HttpRequest,
    ) -> Result<Vec<Checking<'a>>, ApiError> {
        let Some(route) = target.route() else {
            return Ok(Vec::new());
        };
        let at = Arriving {
            route,
            request,
            options: &self.options,
        };
        let checks = self.route_checks.iter();
        checks.filter_map(|check| check.begin(at).transpose()).collect()
    }

    /// Returns how much more time a request has, because it may wait for other servers. `is_checked`: features ask
    /// others about the request itself.
    pub(super) fn extra_time(&self, target: &Target<'_>, is_checked: bool) -> Duration {
        let limits = &self.options.limits;
        let is = |property: fn(&Route) -> bool| target.route().is_some_and(property);
        let for_providers = is(|route| route.waits_for_providers).then_some(limits.providers);
        let has_checks = is_checked || is(|route| route.sets_passwords);
        let for_checks = has_checks.then_some(limits.checks);
        for_providers.into_iter().chain(for_checks).sum()
    }
}
