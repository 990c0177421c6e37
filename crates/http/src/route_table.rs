//! The lookup of routes by path.
//!
//! Paths are compared as they are sent; nothing is decoded or normalised.

use actix_web::http::Method;

use crate::{app::App, options::Options, route::Route};

/// The routes of one deployment.
pub(crate) struct RouteTable(Vec<Mounted>);

/// A route with its path in this deployment.
struct Mounted {
    route: &'static Route,
    /// The path up to its variable, if it has one.
    path: String,
    has_variable: bool,
}

/// The route that a path matches.
pub(crate) struct Found<'a> {
    pub(crate) route: &'static Route,
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
    /// Selects the routes that a server with this application and these options has.
    pub(crate) fn new(routes: impl Iterator<Item = &'static Route>, app: &App, options: &Options) -> Self {
        let enabled = routes.filter(|route| (route.is_there)(app));
        Self(enabled.map(|route| Mounted::new(route, options)).collect())
    }

    /// Returns the route that the method and the path match. Routes outside the base path that answer GET also answer
    /// HEAD, because health checks may want no body.
    pub(crate) fn find<'a>(&self, method: &Method, path: Path<'a>) -> Option<Found<'a>> {
        let is_head = *method == Method::HEAD;
        self.matching(path).find(|Found { route, .. }| {
            let asks_for_head = is_head && route.method == "GET" && !route.is_under_base_path;
            method.as_str() == route.method || asks_for_head
        })
    }

    /// Returns a route below the base path that the path matches, whatever its method.
    pub(crate) fn of_any_method(&self, path: Path<'_>) -> Option<&'static Route> {
        let mut routes = self.matching(path).map(|found| found.route);
        routes.find(|route| route.is_under_base_path)
    }

    fn matching<'a>(&self, path: Path<'a>) -> impl Iterator<Item = Found<'a>> {
        self.0.iter().filter_map(move |mounted| mounted.matches(path))
    }
}

impl Mounted {
    fn new(route: &'static Route, options: &Options) -> Self {
        let path = route.place.map_or(route.path, |place| place(options));
        let variable = path.find("/:").map(|slash| slash + 1);
        Self {
            route,
            path: variable
                .and_then(|start| path.get(..start))
                .unwrap_or(path)
                .to_owned(),
            has_variable: variable.is_some(),
        }
    }

    fn matches<'a>(&self, path: Path<'a>) -> Option<Found<'a>> {
        let path = if self.route.is_under_base_path {
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
            segment,
        })
    }
}
