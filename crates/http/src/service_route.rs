//! Routes that services call, by OAuth's rules or with JSON.

use crate::{
    error::ErrorForm,
    extract::form::FormRules,
    route::{CalledBy, Route, ServiceProtocol},
};

const FORM: &[&str] = &["application/x-www-form-urlencoded"];

impl Route {
    /// Marks a route that services call, which authenticate themselves: it reads forms and sends errors by OAuth's
    /// rules, ignores cookies and origins, cannot be read by pages of other origins, and counts only the requests that
    /// it rejects. Private listeners answer it without authentication.
    pub(crate) const fn for_services(self) -> Self {
        Self {
            media_types: FORM,
            called_by: CalledBy::Services(ServiceProtocol::OAuth),
            ..self
        }
    }

    /// Marks a route that services call with JSON, and that sends errors as routes for clients do. The rest is as for
    /// [`for_services`](Self::for_services).
    pub(crate) const fn for_services_in_json(self) -> Self {
        Self {
            called_by: CalledBy::Services(ServiceProtocol::Json),
            ..self
        }
    }

    /// Returns whether the route is one of OAuth: [`for_services`](Self::for_services).
    pub(crate) const fn is_of_oauth(&self) -> bool {
        matches!(self.called_by, CalledBy::Services(ServiceProtocol::OAuth))
    }

    pub(crate) const fn is_for_services(&self) -> bool {
        matches!(self.called_by, CalledBy::Services(_))
    }

    /// Returns how forms are read.
    pub(crate) const fn form_rules(&self) -> FormRules {
        if self.is_of_oauth() {
            FormRules::OAuth
        } else {
            FormRules::LastCounts
        }
    }

    /// Returns the form of errors.
    pub(crate) const fn error_form(&self) -> ErrorForm {
        if self.is_of_oauth() {
            ErrorForm::OAuth
        } else {
            ErrorForm::BetterAuth
        }
    }
}
