//! What a request asks for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
};

use super::Service;
use crate::{
    layer::cors,
    roll_call,
    route::Route,
    route_table::{Found, Path, would_match},
    sockets::Entrance,
};

/// What a request asks for.
pub(super) enum Target<'a> {
    Route(Found<'a>),
    Preflight(HttpResponse),
    /// A path that the deployment has disabled.
    Disabled,
    /// No route.
    Nothing(Reason),
}

/// Why no route answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The method is never allowed.
    Method,
    /// The path has routes for other methods.
    OtherMethod,
    /// The path is neither below the base path nor that of a page of the server.
    OutsideBasePath,
    /// A preflight from an origin that is not trusted, or from the server's own that is not listed.
    Preflight,
    /// The path belongs to a feature that the deployment has not enabled.
    Feature,
    /// The path is below the base path, but no feature has it.
    UnknownPath,
    /// The path has a route that private listeners do not answer.
    PrivateListener,
}

impl Reason {
    /// Returns the status of the response.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::OtherMethod
            | Self::OutsideBasePath
            | Self::Preflight
            | Self::Feature
            | Self::UnknownPath
            | Self::PrivateListener => StatusCode::NOT_FOUND,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Method => "the method is not allowed",
            Self::OtherMethod => "the path has another method",
            Self::OutsideBasePath => "the path is not below the base path",
            Self::Preflight => "the origin is not trusted",
            Self::Feature => "the feature is disabled",
            Self::UnknownPath => "the path is unknown",
            Self::PrivateListener => "the private listener does not answer the path",
        }
    }
}

impl Target<'_> {
    /// Returns the name of the target in the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Route(found) => found.route.path,
            Self::Preflight(_) | Self::Nothing(Reason::Preflight) => "preflight",
            Self::Disabled => "disabled",
            Self::Nothing(_) => "unmatched",
        }
    }

    /// Returns the route that answers.
    pub(super) const fn route(&self) -> Option<&'static Route> {
        match self {
            Self::Route(found) => Some(found.route),
            Self::Preflight(_) | Self::Disabled | Self::Nothing(_) => None,
        }
    }

    /// Returns why no route answers, for the log.
    pub(super) const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Route(_) | Self::Preflight(_) => None,
            Self::Disabled => Some("the path is in `disabled_paths`"),
            Self::Nothing(reason) => Some(reason.text()),
        }
    }
}

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
