//! The search for what a request asks for.

use actix_web::{HttpRequest, http::Method};

use super::{Service, reason::Reason, target::Target};
use crate::{
    layer::cors,
    roll_call,
    route::Route,
    route_table::{Found, Path, would_match},
    sockets::Entrance,
};

impl Service {
    /// Returns what the request asks for.
    pub(super) fn target<'a>(&'a self, request: &'a HttpRequest) -> Target<'a> {
        let method = request.method();
        if method == Method::TRACE || method == Method::CONNECT {
            return Target::Nothing(Reason::Method);
        }
        let path = self.path(request);
        let found = self.routes.find(method, path);
        if self.is_disabled(path, found.as_ref()) {
            return Target::Disabled;
        }
        if Entrance::of(request) == Entrance::Private {
            let found = found.filter(|found| found.route.is_at_private_listeners());
            return found.map_or(Target::Nothing(Reason::PrivateListener), Target::Route);
        }
        if let Some(found) = found {
            return Target::Route(found);
        }
        let is_for_pages = self.is_ours(path.whole) && !self.is_for_services(path);
        let preflight = is_for_pages
            .then(|| cors::preflight(request, &self.options.trusted_origins, self.own_origin.as_ref()))
            .flatten();
        preflight.map_or_else(|| Target::Nothing(self.reason(path, request)), Target::Preflight)
    }

    fn is_for_services(&self, path: Path<'_>) -> bool {
        let route = self.routes.of_any_method(path);
        route.is_some_and(Route::is_for_services)
    }

    fn reason(&self, path: Path<'_>, request: &HttpRequest) -> Reason {
        if !self.is_ours(path.whole) {
            Reason::OutsideBasePath
        } else if cors::is_preflight(request) {
            Reason::Preflight
        } else if self.routes.of_any_method(path).is_some() {
            Reason::OtherMethod
        } else if roll_call::routes().any(|route| would_match(route, path)) {
            Reason::Feature
        } else {
            Reason::UnknownPath
        }
    }

    pub(super) fn path<'a>(&self, request: &'a HttpRequest) -> Path<'a> {
        let whole = request.uri().path();
        Path {
            whole,
            below: whole.strip_prefix(&self.base_path),
        }
    }

    /// Returns whether the deployment has disabled the path, as it was sent or as its route declares it.
    fn is_disabled(&self, path: Path<'_>, found: Option<&Found<'_>>) -> bool {
        let declared = found
            .map(|found| found.route)
            .filter(|route| route.is_below_base_path());
        let names = [path.below, declared.map(|route| route.path)];
        let disabled = &self.options.disabled_paths;
        disabled.iter().any(|path| names.contains(&Some(path.as_str())))
    }

    /// Returns whether the path is below the base path.
    pub(super) fn is_ours(&self, path: &str) -> bool {
        path.strip_prefix(&self.base_path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
