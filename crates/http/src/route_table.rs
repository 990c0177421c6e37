//! The lookup of routes by path.
//!
//! Paths are compared as they are sent; nothing is decoded or normalised.

use actix_web::http::Method;

use crate::{endpoint::Entry, features::Features, route::Route};

/// The routes of one deployment.
pub(crate) struct RouteTable(Vec<Mounted>);

/// A route with its path in this deployment.
struct Mounted {
    route: &'static Route,
    entry: Entry,
    /// The path up to its variable, if it has one.
    path: String,
    has_variable: bool,
}

/// The route that a path matches.
pub(crate) struct Found<'a> {
    pub(crate) route: &'static Route,
    /// Reads the input of the route's handler.
    pub(crate) entry: &'a Entry,
    /// The segment that matches the route's variable. Empty if the route has no variable.
    pub(crate) segment: &'a str,
}

/// A path, and the part of it below the base path, if it starts with that.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    pub(crate) whole: &'a str,
    pub(crate) below: Option<&'a str>,
}

impl RouteTable {
    /// Mounts the routes of the core and of the enabled features.
    pub(crate) fn new(routes: impl Iterator<Item = &'static Route>, features: &Features) -> Self {
        Self(routes.filter_map(|route| Mounted::new(route, features)).collect())
    }

    /// Returns the route that the method and the path match. Routes outside the base path that answer GET also answer
    /// HEAD, because health checks may want no body.
    pub(crate) fn find<'a>(&'a self, method: &Method, path: Path<'a>) -> Option<Found<'a>> {
        let is_head = *method == Method::HEAD;
        self.matching(path).find(|Found { route, .. }| {
            let asks_for_head = is_head && route.method == "GET" && !route.is_below_base_path();
            method.as_str() == route.method || asks_for_head
        })
    }

    /// Returns a route below the base path that the path matches, whatever its method.
    pub(crate) fn of_any_method(&self, path: Path<'_>) -> Option<&'static Route> {
        let mut routes = self.matching(path).map(|found| found.route);
        routes.find(|route| route.is_below_base_path())
    }

    fn matching<'a>(&'a self, path: Path<'a>) -> impl Iterator<Item = Found<'a>> {
        self.0.iter().filter_map(move |mounted| mounted.matches(path))
    }
}

impl Mounted {
    /// Returns `None` if the route's feature is disabled.
    fn new(route: &'static Route, features: &Features) -> Option<Self> {
        let entry = route.endpoint.mount(features)?;
        let place = route.configured_path(features);
        let path = place.as_deref().unwrap_or(route.path);
        let variable = path.find("/:").map(|slash| slash + 1);
        Some(Self {
            route,
            entry,
            path: variable
                .and_then(|start| path.get(..start))
                .unwrap_or(path)
                .to_owned(),
            has_variable: variable.is_some(),
        })
    }

    fn matches<'a>(&'a self, path: Path<'a>) -> Option<Found<'a>> {
        let path = if self.route.is_below_base_path() {
            path.below?
        } else {
            path.whole
        };
        let segment = path.strip_prefix(self.path.as_str())?;
        let fits = if self.has_variable {
            !segment.is_empty() && !segment.contains('/')
        } else {
            segment.is_empty()
        };
        fits.then_some(Found {
            route: self.route,
            entry: &self.entry,
            segment,
        })
    }
}
