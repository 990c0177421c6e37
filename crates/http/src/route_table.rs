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
    pattern: Pattern<String>,
}

/// The form of the paths that a route matches.
struct Pattern<T> {
    /// The path up to its variable, if it has one.
    start: T,
    end: End,
}

/// What follows the start of a path.
enum End {
    Nothing,
    /// A segment that is not empty.
    Segment,
    /// A segment that is not empty, and any path below it.
    SegmentAndTail,
}

/// The route that a path matches.
pub(crate) struct Found<'a> {
    pub(crate) route: &'static Route,
    /// Reads the input of the route's handler.
    pub(crate) entry: &'a Entry,
    /// The segment that matches the route's variable. Empty if the route has no variable.
    pub(crate) segment: &'a str,
    /// The rest of the path, with its slash, if the route matches every path below the segment.
    pub(crate) tail: &'a str,
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
            method.as_str() == route.method || asks_for_head || route.answers_any_method()
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
        let Pattern { start, end } = Pattern::parse(place.as_deref().unwrap_or(route.path));
        let start = start.to_owned();
        Some(Self {
            route,
            entry,
            pattern: Pattern { start, end },
        })
    }

    fn matches<'a>(&'a self, path: Path<'a>) -> Option<Found<'a>> {
        let path = if self.route.is_below_base_path() {
            path.below?
        } else {
            path.whole
        };
        let (segment, tail) = self.pattern.matches(path)?;
        Some(Found {
            route: self.route,
            entry: &self.entry,
            segment,
            tail,
        })
    }
}

impl<'p> Pattern<&'p str> {
    fn parse(path: &'p str) -> Self {
        let Some((start, variable)) = path.split_once(':') else {
            let end = End::Nothing;
            return Self { start: path, end };
        };
        let end = if variable.ends_with("/**") {
            End::SegmentAndTail
        } else {
            End::Segment
        };
        Self { start, end }
    }
}

impl<T: AsRef<str>> Pattern<T> {
    /// Returns the segment that matches the variable, and the path below it. Both are empty if there is none.
    fn matches<'a>(&self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let rest = path.strip_prefix(self.start.as_ref())?;
        let (segment, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let fits = match self.end {
            End::Nothing => rest.is_empty(),
            End::Segment => !segment.is_empty() && tail.is_empty(),
            End::SegmentAndTail => !segment.is_empty(),
        };
        fits.then_some((segment, tail))
    }
}

impl Route {
    /// Returns whether the route, at its own path, answers requests for this whole path.
    #[must_use]
    pub fn answers_at(&self, path: &str, base_path: &str) -> bool {
        Pattern::parse(&self.full_path(base_path)).matches(path).is_some()
    }
}

/// Returns whether a route with this path below the base path would match.
pub(crate) fn would_match(route: &Route, path: Path<'_>) -> bool {
    let pattern = Pattern::parse(route.path);
    route.is_below_base_path() && path.below.is_some_and(|path| pattern.matches(path).is_some())
}
