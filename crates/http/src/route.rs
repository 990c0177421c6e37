//! Routes: what stands where, and what must hold before a handler is called.

use crate::{
    call::{CallerEndpoint, Endpoint, PublicEndpoint},
    extract::schema::Schema,
};

const JSON: &[&str] = &["application/json"];
const FORM_OR_JSON: &[&str] = &["application/x-www-form-urlencoded", "application/json"];

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path; whether it stands below the base path, [`Route::full_path`] knows.
    pub path: &'static str,
    /// Whether the path stands below the base path.
    pub(crate) is_under_base_path: bool,
    /// What bodies may be made of.
    pub(crate) media_types: &'static [&'static str],
    /// What the body must be; none: whatever is in it is passed over.
    pub(crate) body: Option<&'static Schema>,
    /// Whether somebody may be signed in by it, which no foreign page must do to its visitor.
    pub(crate) is_way_in: bool,
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
        matches!(self.endpoint, Endpoint::Public(_))
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

    /// Reads JSON of this shape.
    pub(crate) const fn reads(self, schema: &'static Schema) -> Self {
        Self {
            body: Some(schema),
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

    /// Whoever has a live session, of which the handler is given the proof.
    pub(crate) const fn for_callers(self, handler: CallerEndpoint) -> Route {
        self.leads_to(Endpoint::ForCallers(handler))
    }

    const fn leads_to(self, endpoint: Endpoint) -> Route {
        Route {
            method: self.method,
            path: self.path,
            is_under_base_path: true,
            media_types: JSON,
            body: None,
            is_way_in: false,
            endpoint,
        }
    }
}
