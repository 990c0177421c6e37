//! What a request asks for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
};

use super::Service;
use crate::{
    layer::{cors, rate_limit::Counted},
    route_table::{Found, Path},
};

/// What a request asks for.
pub(super) enum Target<'a> {
    Route(Found<'a>),
    Preflight(HttpResponse),
    /// A path that the deployment has disabled.
    Disabled,
    /// No route; the response has this status.
    Nothing(StatusCode),
}

impl Target<'_> {
    /// Returns the name of the target in the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Route(found) => found.route.path,
            Self::Preflight(_) => "preflight",
            Self::Disabled => "disabled",
            Self::Nothing(_) => "unmatched",
        }
    }
}

impl Service {
    /// Returns what the request asks for.
    pub(super) fn target<'a>(&'a self, request: &'a HttpRequest) -> Target<'a> {
        let method = request.method();
        if method == Method::TRACE || method == Method::CONNECT {
            return Target::Nothing(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = self.path(request);
        let found = self.routes.find(method, path);
        if self.is_disabled(path, found.as_ref()) {
            return Target::Disabled;
        }
        if let Some(found) = found {
            return Target::Route(found);
        }
        let preflight = self
            .is_ours(path.whole)
            .then(|| cors::preflight(request, &self.options.trusted_origins))
            .flatten();
        preflight.map_or(Target::Nothing(StatusCode::NOT_FOUND), Target::Preflight)
    }

    fn path<'a>(&self, request: &'a HttpRequest) -> Path<'a> {
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
            .filter(|route| route.is_under_base_path);
        let names = [path.below, declared.map(|route| route.path)];
        let disabled = &self.options.disabled_paths;
        disabled.iter().any(|path| names.contains(&Some(path.as_str())))
    }

    /// Returns whether the path is below the base path.
    pub(super) fn is_ours(&self, path: &str) -> bool {
        path.strip_prefix(&self.base_path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns what the request is counted as. A path counts the same for every method. Routes outside the base path
    /// are not counted, because health checks must always be answered.
    pub(super) fn counted(&self, target: &Target<'_>, request: &HttpRequest) -> Counted {
        match target {
            Target::Preflight(_) => Counted::Never,
            Target::Route(found) if !found.route.is_under_base_path => Counted::Never,
            Target::Route(found) => Counted::Path(found.route.path, found.route.limit),
            Target::Disabled => Counted::Unmatched,
            Target::Nothing(_) => {
                let route = self.routes.of_any_method(self.path(request));
                route.map_or(Counted::Unmatched, |route| Counted::Path(route.path, route.limit))
            }
        }
    }
}
