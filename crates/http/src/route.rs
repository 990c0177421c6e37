//! Routes: their methods and paths, and what is checked before a handler is called.

use crate::{
    app::App,
    call::{AnyoneEndpoint, CallerEndpoint, Endpoint, FreshCallerEndpoint, PublicEndpoint},
    extract::schema::Schema,
    options::Options,
};

const JSON: &[&str] = &["application/json"];
const FORM_OR_JSON: &[&str] = &["application/x-www-form-urlencoded", "application/json"];

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path. A last segment that begins with a colon matches any segment that is not empty. [`Route::full_path`]
    /// adds the base path if the route is below it.
    pub path: &'static str,
    /// Whether the path is below the base path.
    pub(crate) is_under_base_path: bool,
    /// Returns the configured path, if the deployment may choose it.
    pub(crate) place: Option<fn(&Options) -> &str>,
    /// Returns whether the application has the route.
    pub(crate) is_there: fn(&App) -> bool,
    /// The media types that bodies may have.
    pub(crate) media_types: &'static [&'static str],
    /// Schema of the body. `None`: the body is ignored.
    pub(crate) body: Option<&'static Schema>,
    /// Schema of the query. `None`: the query is ignored.
    pub(crate) query: Option<&'static Schema>,
    /// Whether the route may sign a user in: a foreign page must not do so with its visitor.
    pub(crate) may_sign_in: bool,
    /// Whether the URL may contain a one-time token: responses are not cached, and browsers must not send the URL to
    /// other origins.
    pub(crate) has_secret_url: bool,
    /// The handler.
    pub(crate) endpoint: Endpoint,
}

impl Route {
    /// Returns the whole path for this base path.
    #[must_use]
    pub fn full_path(&self, base_path: &str) -> String {
        if self.is_under_base_path {
            format!("{}{}", base_path.trim_end_matches('/'), self.path)
        } else {
            self.path.to_owned()
        }
    }

    /// Returns whether callers need no session.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.endpoint, Endpoint::Public(_) | Endpoint::ForAnyone(_))
    }

    /// Starts the declaration of a route that reads.
    pub(crate) const fn get(path: &'static str) -> RouteStart {
        RouteStart { method: "GET", path }
    }

    /// Starts the declaration of a route that changes something.
    pub(crate) const fn post(path: &'static str) -> RouteStart {
        RouteStart { method: "POST", path }
    }

    /// Puts the path at the root instead of below the base path.
    pub(crate) const fn outside_base_path(self) -> Self {
        Self {
            is_under_base_path: false,
            ..self
        }
    }

    /// Replaces the path by a configured one below the base path. Logs, rate limits and `disabled_paths` still know the
    /// route by its own path.
    pub(crate) const fn at(self, place: fn(&Options) -> &str) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// Limits the route to applications for which `is_there` returns `true`. In others its path is unknown.
    pub(crate) const fn only_with(self, is_there: fn(&App) -> bool) -> Self {
        Self { is_there, ..self }
    }

    /// Sets the schema of the body.
    pub(crate) const fn reads(self, schema: &'static Schema) -> Self {
        Self {
            body: Some(schema),
            ..self
        }
    }

    /// Sets the schema of the query.
    pub(crate) const fn asks(self, schema: &'static Schema) -> Self {
        Self {
            query: Some(schema),
            ..self
        }
    }

    /// Marks the URL as one that may contain a one-time token.
    pub(crate) const fn with_secret_url(self) -> Self {
        Self {
            has_secret_url: true,
            ..self
        }
    }

    /// Marks the route as one that may sign a user in. It also accepts forms.
    pub(crate) const fn signs_in(self) -> Self {
        Self {
            may_sign_in: true,
            media_types: FORM_OR_JSON,
            ..self
        }
    }
}

/// A route whose handler is not set yet.
pub(crate) struct RouteStart {
    method: &'static str,
    path: &'static str,
}

impl RouteStart {
    /// Callers need no session.
    pub(crate) const fn public(self, handler: PublicEndpoint) -> Route {
        self.with_endpoint(Endpoint::Public(handler))
    }

    /// Callers need no session; the handler receives the caller of a live one.
    pub(crate) const fn for_anyone(self, handler: AnyoneEndpoint) -> Route {
        self.with_endpoint(Endpoint::ForAnyone(handler))
    }

    /// Callers need a live session; the handler receives the caller.
    pub(crate) const fn for_callers(self, handler: CallerEndpoint) -> Route {
        self.with_endpoint(Endpoint::ForCallers(handler))
    }

    /// Callers need a live session that is fresh enough for dangerous operations; the handler receives the caller.
    pub(crate) const fn for_fresh_callers(self, handler: FreshCallerEndpoint) -> Route {
        self.with_endpoint(Endpoint::ForFreshCallers(handler))
    }

    const fn with_endpoint(self, endpoint: Endpoint) -> Route {
        Route {
            method: self.method,
            path: self.path,
            is_under_base_path: true,
            place: None,
            is_there: always,
            media_types: JSON,
            body: None,
            query: None,
            may_sign_in: false,
            has_secret_url: false,
            endpoint,
        }
    }
}

const fn always(_app: &App) -> bool {
    true
}
