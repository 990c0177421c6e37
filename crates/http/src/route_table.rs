//! Which routes there are, and which of them a path leads to.
//!
//! Paths are compared as they stand, with nothing decoded or normalised.

use actix_web::http::Method;

use crate::{app::App, options::Options, route::Route};

/// The routes of one deployment.
pub(crate) struct RouteTable(Vec<Place>);

/// A route, where it stands.
struct Place {
    route: &'static Route,
    /// The path, up to the segment that it leaves open if it leaves one open.
    path: String,
    leaves_one_open: bool,
}

/// Where a path leads.
pub(crate) struct Found<'a> {
    pub(crate) route: &'static Route,
    /// The segment that the route leaves open; empty where it leaves none open.
    pub(crate) segment: &'a str,
}

/// A path, whole and below the base path, if it is there.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    pub(crate) whole: &'a str,
    pub(crate) below: Option<&'a str>,
}

impl RouteTable {
    /// Those of the routes that a server with this application and these options has.
    pub(crate) fn new(routes: impl Iterator<Item = &'static Route>, app: &App, options: &Options) -> Self {
        let there = routes.filter(|route| (route.is_there)(app));
        Self(there.map(|route| Place::of(route, options)).collect())
    }

    /// The route of this method that the path leads to. What answers GET at the root answers HEAD as well: those
    /// who ask there are machines, which may want no body.
    pub(crate) fn find<'a>(&self, method: &Method, path: Path<'a>) -> Option<Found<'a>> {
        let is_head = *method == Method::HEAD;
        self.leading(path).find(|Found { route, .. }| {
            let asks_for_head = is_head && route.method == "GET" && !route.is_under_base_path;
            method.as_str() == route.method || asks_for_head
        })
    }

    /// A route below the base path that the path leads to, of whatever method.
    pub(crate) fn of_any_method(&self, path: Path<'_>) -> Option<&'static Route> {
        let mut routes = self.leading(path).map(|found| found.route);
        routes.find(|route| route.is_under_base_path)
    }

    fn leading<'a>(&self, path: Path<'a>) -> impl Iterator<Item = Found<'a>> {
        self.0.iter().filter_map(move |place| place.leads(path))
    }
}

impl Place {
    fn of(route: &'static Route, options: &Options) -> Self {
        let path = route.place.map_or(route.path, |place| place(options));
        let open = path.find("/:").map(|slash| slash + 1);
        Self {
            route,
            path: open.and_then(|open| path.get(..open)).unwrap_or(path).to_owned(),
            leaves_one_open: open.is_some(),
        }
    }

    fn leads<'a>(&self, path: Path<'a>) -> Option<Found<'a>> {
        let path = if self.route.is_under_base_path {
            path.below?
        } else {
            path.whole
        };
        let segment = path.strip_prefix(self.path.as_str())?;
        let fits = if self.leaves_one_open {
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
