//! Properties of routes.

use crate::{
    features::Features,
    refusal::Refusable,
    roll_call,
    route::{ANY_METHOD, Route},
};

/// Which path a route has in a deployment.
#[derive(Clone, Copy)]
pub(crate) enum Placement {
    /// Its own path, below the base path.
    BelowBasePath,
    /// The path that the configuration chooses, below the base path; otherwise its own.
    Configured(fn(&Features) -> Option<String>),
    /// Its own path, at the root.
    Root,
}

/// The programs that call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CalledBy {
    /// Browsers, applications, and backends on behalf of their users.
    Clients,
    /// Health checks, also at private listeners.
    HealthChecks,
    /// Proxies, for each request that they receive, so that one address or session asks often.
    Proxies,
    /// Services, which authenticate themselves, except at private listeners.
    Services(ServiceProtocol),
}

/// How services send bodies and receive errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServiceProtocol {
    /// As forms, and as errors of OAuth.
    OAuth,
    /// As JSON, and as errors of routes for clients.
    Json,
}

/// Which requests that change something are accepted if a browser sends them from a page of another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForeignSites {
    /// None.
    Never,
    /// Those without cookies.
    WithoutCookies,
    /// All.
    Always,
}

/// The clients that receive the cookies of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipients {
    /// The client that sent the request.
    Browser,
    /// Also the application to which the response redirects: a sign-in ends here that the application began in a
    /// browser.
    BrowserAndApp,
}

impl Route {
    /// Marks a route that health checks call.
    pub(crate) const fn for_health_checks(self) -> Self {
        Self {
            called_by: CalledBy::HealthChecks,
            ..self
        }
    }

    /// Marks a route that proxies call for each request of their clients.
    pub(crate) const fn for_proxies(self) -> Self {
        Self {
            called_by: CalledBy::Proxies,
            ..self
        }
    }

    /// Marks a route whose body has a member that sets fields of a user. The handler lets features check the fields.
    pub(crate) const fn sets_data_of_users(self) -> Self {
        Self {
            sets_data_of_users: true,
            ..self
        }
    }

    /// Marks a route that gives a user a new password: features may refuse it.
    pub(crate) const fn sets_passwords(self) -> Self {
        Self {
            sets_passwords: true,
            ..self
        }
    }

    /// Refuses keys, but accepts sessions in which another user acts.
    pub(crate) const fn refuses_keys(self) -> Self {
        Self {
            refuses_keys: true,
            ..self
        }
    }

    /// Reserves the route for users in person: keys, and sessions in which another user acts, are refused.
    pub(crate) const fn only_in_person(self) -> Self {
        Self {
            is_personal: true,
            ..self
        }
    }

    /// Accepts requests that pages of other sites send with cookies: the route changes nothing that belongs to a
    /// session.
    pub(crate) const fn accepts_foreign_sites(self) -> Self {
        Self {
            foreign_sites: ForeignSites::Always,
            ..self
        }
    }

    /// Rejects browsers' requests from pages of other sites even without cookies: a foreign page must not sign its
    /// visitor in.
    pub(crate) const fn rejects_foreign_sites(self) -> Self {
        Self {
            foreign_sites: ForeignSites::Never,
            ..self
        }
    }

    /// Marks the end of sign-ins that an application began in a browser. The application does not see the browser's
    /// cookies.
    pub(crate) const fn returns_to_apps(self) -> Self {
        Self {
            recipients: Recipients::BrowserAndApp,
            ..self
        }
    }

    /// Gives the handler the time that providers of sign-ins may take to answer, in addition to the time of every
    /// request.
    pub(crate) const fn waits_for_providers(self) -> Self {
        Self {
            waits_for_providers: true,
            ..self
        }
    }

    /// Marks the end of sign-ins: features may refuse the user's session.
    pub(crate) const fn completes_sign_ins(self) -> Self {
        Self {
            refusable: Some(Refusable::SignIn),
            ..self
        }
    }

    /// Returns whether clients call the route: it is below the base path, and not for services, proxies or health
    /// checks.
    #[must_use]
    pub fn is_called_by_clients(&self) -> bool {
        self.is_below_base_path() && self.called_by == CalledBy::Clients
    }

    /// Returns whether a request for the route may present a key instead of a session: only below the base path, and
    /// not if a proxy sends it, since the proxy forwards headers that may be meant for its application.
    #[must_use]
    pub fn may_present_key(&self) -> bool {
        let is_for_clients = matches!(self.called_by, CalledBy::Clients | CalledBy::HealthChecks);
        self.is_below_base_path() && is_for_clients
    }

    /// Returns whether a key may stand for the session that the route needs.
    #[must_use]
    pub fn accepts_keys(&self) -> bool {
        self.may_present_key() && !self.is_personal && !self.refuses_keys
    }

    /// Marks a route that deletes a user: features may refuse the deletion.
    pub(crate) const fn deletes_users(self) -> Self {
        Self {
            refusable: Some(Refusable::Deletion),
            ..self
        }
    }

    /// Returns whether private listeners answer the route.
    pub(crate) const fn is_at_private_listeners(&self) -> bool {
        matches!(self.called_by, CalledBy::HealthChecks | CalledBy::Services(_))
    }

    /// Returns the path of the route in a deployment, below the base path unless the route is at the root. `None`: the
    /// deployment has disabled it.
    pub(crate) fn path_in(&self, features: &Features, disabled_paths: &[String]) -> Option<String> {
        let path = self.configured_path(features);
        let path = path.unwrap_or_else(|| self.path.to_owned());
        let mut disabled = disabled_paths.iter().filter(|_| self.is_below_base_path());
        let is_disabled = disabled.any(|known| [self.path, &path].contains(&known.as_str()));
        (!is_disabled).then_some(path)
    }

    /// Returns whether the route answers requests of any method.
    #[must_use]
    pub fn answers_any_method(&self) -> bool {
        self.method == ANY_METHOD
    }

    /// Returns whether requests for the route are counted. A path at the root counts if it also exists below the base
    /// path.
    pub(crate) fn is_counted(&self) -> bool {
        let is_same = |other: &Self| other.path == self.path && other.is_below_base_path();
        self.is_below_base_path() || roll_call::routes().any(is_same)
    }
}

#[cfg(test)]
mod tests {
    use crate::roll_call;

    #[test]
    fn the_routes_that_send_requests_to_providers_wait_for_them() {
        let waiting = roll_call::routes().filter(|route| route.waits_for_providers);
        let mut found: Vec<_> = waiting.map(|route| (route.method, route.path)).collect();
        found.sort_unstable();
        let expected = [
            ("GET", "/account-info"),
            ("GET", "/callback/:id"),
            ("GET", "/oauth2/callback/:providerId"),
            ("POST", "/get-access-token"),
            ("POST", "/link-social"),
            ("POST", "/oauth2/link"),
            ("POST", "/one-tap/callback"),
            ("POST", "/refresh-token"),
            ("POST", "/sign-in/oauth2"),
            ("POST", "/sign-in/social"),
        ];
        assert_eq!(found, expected);
    }
}
