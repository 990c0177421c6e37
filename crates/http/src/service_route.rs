//! Routes that services call, by OAuth's rules.

use crate::{error::ErrorForm, extract::form::FormRules, route::Route};

const FORM: &[&str] = &["application/x-www-form-urlencoded"];

impl Route {
    /// Marks a route that services call, which authenticate themselves: it reads forms and sends errors by OAuth's rules,
    /// ignores cookies and origins, cannot be read by pages of other origins, and counts only the requests that it
    /// rejects. Private listeners answer it without authentication.
    pub(crate) const fn for_services(self) -> Self {
        Self {
            media_types: FORM,
            is_for_services: true,
            ..self.at_private_listeners()
        }
    }

    /// Answers at private listeners as well.
    pub(crate) const fn at_private_listeners(self) -> Self {
        Self {
            is_at_private_listeners: true,
            ..self
        }
    }

    /// Returns how forms are read.
    pub(crate) const fn form_rules(&self) -> FormRules {
        if self.is_for_services {
            FormRules::OAuth
        } else {
            FormRules::LastCounts
        }
    }

    /// Returns the form of errors.
    pub(crate) const fn error_form(&self) -> ErrorForm {
        if self.is_for_services {
            ErrorForm::OAuth
        } else {
            ErrorForm::BetterAuth
        }
    }
}
