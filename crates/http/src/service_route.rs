//! Routes that services call, by OAuth's rules.

use crate::{
    error::ErrorForm,
    extract::form::FormRules,
    route::{CalledBy, Route},
};

const FORM: &[&str] = &["application/x-www-form-urlencoded"];

impl Route {
    /// Marks a route that services call, which authenticate themselves: it reads forms and sends errors by OAuth's rules,
    /// ignores cookies and origins, cannot be read by pages of other origins, and counts only the requests that it
    /// rejects. Private listeners answer it without authentication.
    pub(crate) const fn for_services(self) -> Self {
        Self {
            media_types: FORM,
            called_by: CalledBy::Services,
            ..self
        }
    }

    pub(crate) const fn is_for_services(&self) -> bool {
        matches!(self.called_by, CalledBy::Services)
    }

    /// Returns how forms are read.
    pub(crate) const fn form_rules(&self) -> FormRules {
        if self.is_for_services() {
            FormRules::OAuth
        } else {
            FormRules::LastCounts
        }
    }

    /// Returns the form of errors.
    pub(crate) const fn error_form(&self) -> ErrorForm {
        if self.is_for_services() {
            ErrorForm::OAuth
        } else {
            ErrorForm::BetterAuth
        }
    }
}
