//! Routes: what stands where, and what must hold before a handler is called.

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
    /// The path; a last segment that begins with a colon stands for any that is not empty. Whether it stands below
    /// the base path, [`Route::full_path`] knows.
    pub path: &'static str,
    /// Whether the path stands below the base path.
    pub(crate) is_under_base_path: bool,
    /// Where the route is found, where the deployment may choose the path.
    pub(crate) place: Option<fn(&Options) -> &str>,
    /// Whether the route is there at all.
    pub(crate) is_there: fn(&App) -> bool,
    /// What bodies may be made of.
    pub(crate) media_types: &'static [&'static str],
    /// What the body must be; none: whatever is in it is passed over.
    pub(crate) body: Option<&'static Schema>,
    /// What the query must be; none: whatever is in it is passed over.
    pub(crate) query: Option<&'static Schema>,
    /// Whether somebody may be signed in by it, which no foreign page must do to its visitor.
    pub(crate) is_way_in: bool,
    /// Whether its URL may hold a secret, which no cache may keep and no other place be told.
    pub(crate) has_secret_url: bool,
    /// What is called in the end.
    pub(crate) endpoint: Endpoint,
}

impl Route {
    /// The whole path where the base path is this one.
    #[must_use]
    pub fn full_path(&self, base_path: &str) -> String {
        if self.is_under_base_path {
            format!("{}{}", base_path.trim_end_matches('/'), self.path)
        } else {
            self.path.to_owned()
        }
    }

    /// Whether callers need no session.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.endpoint, Endpoint::Public(_) | Endpoint::ForAnyone(_))
    }

    /// Reads something.
    pub(crate) const fn get(path: &'static str) -> Door {
        Door { method: "GET", path }
    }

    /// Changes something.
    pub(crate) const fn post(path: &'static str) -> Door {
        Door { method: "POST", path }
    }

    /// The path stands at the root.
    pub(crate) const fn outside_base_path(self) -> Self {
        Self {
            is_under_base_path: false,
            ..self
        }
    }

    /// The route stands where the deployment says, below the base path; its own path is what it is known by.
    pub(crate) const fn at(self, place: fn(&Options) -> &str) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// The route is there only where this holds; elsewhere its path is like any that never was.
    pub(crate) const fn only_with(self, is_there: fn(&App) -> bool) -> Self {
        Self { is_there, ..self }
    }

    /// Reads JSON of this shape.
    pub(crate) const fn reads(self, schema: &'static Schema) -> Self {
        Self {
            body: Some(schema),
            ..self
        }
    }

    /// Reads a query of this shape.
    pub(crate) const fn asks(self, schema: &'static Schema) -> Self {
        Self {
            query: Some(schema),
            ..self
        }
    }

    /// Is called by URLs that hold a secret.
    pub(crate) const fn with_secret_url(self) -> Self {
        Self {
            has_secret_url: true,
            ..self
        }
    }

    /// Is a way in, to which forms may be sent as well.
    pub(crate) const fn way_in(self) -> Self {
        Self {
            is_way_in: true,
            media_types: FORM_OR_JSON,
            ..self
        }
    }
}

/// A route of which is yet to be said who may pass.
pub(crate) struct Door {
    method: &'static str,
    path: &'static str,
}

impl Door {
    /// Anybody: callers need no session.
    pub(crate) const fn public(self, handler: PublicEndpoint) -> Route {
        self.leads_to(Endpoint::Public(handler))
    }

    /// Anybody, and whoever has a live session is known: the handler is given the proof of it.
    pub(crate) const fn for_anyone(self, handler: AnyoneEndpoint) -> Route {
        self.leads_to(Endpoint::ForAnyone(handler))
    }

    /// Whoever has a live session, of which the handler is given the proof.
    pub(crate) const fn for_callers(self, handler: CallerEndpoint) -> Route {
        self.leads_to(Endpoint::ForCallers(handler))
    }

    /// Whoever has a live session that is young enough for what is dangerous; the handler is given the proof.
    pub(crate) const fn for_fresh_callers(self, handler: FreshCallerEndpoint) -> Route {
        self.leads_to(Endpoint::ForFreshCallers(handler))
    }

    const fn leads_to(self, endpoint: Endpoint) -> Route {
        Route {
            method: self.method,
            path: self.path,
            is_under_base_path: true,
            place: None,
            is_there: always,
            media_types: JSON,
            body: None,
            query: None,
            is_way_in: false,
            has_secret_url: false,
            endpoint,
        }
    }
}

const fn always(_app: &App) -> bool {
    true
}
