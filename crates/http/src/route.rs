//! Routes: their methods and paths, and what is checked before a handler is called.

use portcullis_application::seams::UserOperation;
use portcullis_domain::rate_limit::Rule;

pub(crate) use crate::route_property::{CalledBy, ForeignSites, Placement, Recipients, ServiceProtocol};
use crate::{
    app::App,
    code::Code,
    endpoint::{Access, Endpoint},
    extract::body::Schema,
    features::Features,
    operation::{Operation, pipeline},
    refusal::Refusable,
    roll_call,
};

/// The method of a route that answers requests of any method.
pub(crate) const ANY_METHOD: &str = "ANY";

const JSON: &[&str] = &["application/json"];
const FORM_OR_JSON: &[&str] = &["application/x-www-form-urlencoded", "application/json"];

/// One method of one path.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub struct Route {
    /// The method. `ANY`: every method; the body and the query are not read, and the origin is not checked, because the
    /// handler changes nothing.
    pub method: &'static str,
    /// The path. A last segment that begins with a colon matches any segment that is not empty. If `/**` follows it,
    /// the route also matches every path below. [`Route::full_path`] adds the base path if the route is below it.
    pub path: &'static str,
    /// The rule that limits requests for the path. `None`: the general rule.
    pub limit: Option<Rule>,
    /// Which path the route has in a deployment.
    pub(crate) placement: Placement,
    /// The media types that bodies may have.
    pub(crate) media_types: &'static [&'static str],
    /// What happens to a user whose fields the body sets.
    pub(crate) user_operation: Option<UserOperation>,
    /// Whether a member of the body sets fields of a user, which the handler checks.
    pub(crate) sets_data_of_users: bool,
    /// Whether the handler gives a user a new password, which features may refuse.
    pub(crate) sets_passwords: bool,
    /// Whether the route is reserved for users in person: a session in which another user acts for its user is refused.
    pub(crate) is_personal: bool,
    /// Whether the route needs a session of its own, so that a key is refused.
    pub(crate) refuses_keys: bool,
    /// What features may refuse in the handler.
    pub(crate) refusable: Option<Refusable>,
    /// Which requests from pages of other sites are accepted.
    pub(crate) foreign_sites: ForeignSites,
    /// Whether the handler itself looks up the sessions that a request presents.
    pub(crate) reads_sessions: bool,
    /// Whether the URL may contain a one-time token: responses are not cached, and browsers must not send the URL to
    /// other origins.
    pub(crate) has_secret_url: bool,
    /// Headers that every response has, also errors and responses of the pipeline. They are empty if the handler does
    /// not set them.
    pub(crate) constant_headers: &'static [&'static str],
    /// Whether the handler may send requests to providers of sign-ins and wait for their answers.
    pub(crate) waits_for_providers: bool,
    /// The clients that receive the cookies of the response.
    pub(crate) recipients: Recipients,
    /// Returns whether a deployment offers the route, if its handler decides that. The API description omits a route
    /// that is not offered.
    pub(crate) is_offered: fn(&App) -> bool,
    /// The documentation.
    pub(crate) operation: &'static Operation,
    /// The programs that call the route.
    pub(crate) called_by: CalledBy,
    /// The handler.
    pub(crate) endpoint: &'static dyn Endpoint,
}

/// A route without its documentation, which [`documented`](Self::documented) adds.
#[must_use]
pub(crate) struct Undocumented {
    method: &'static str,
    path: &'static str,
    endpoint: &'static dyn Endpoint,
}

impl Undocumented {
    /// Adds what the handler's types do not say.
    pub(crate) const fn documented(self, operation: &'static Operation) -> Route {
        Route {
            method: self.method,
            path: self.path,
            limit: None,
            placement: Placement::BelowBasePath,
            media_types: JSON,
            user_operation: None,
            sets_data_of_users: false,
            sets_passwords: false,
            is_personal: false,
            refuses_keys: false,
            refusable: None,
            foreign_sites: ForeignSites::WithoutCookies,
            reads_sessions: false,
            has_secret_url: false,
            constant_headers: &[],
            waits_for_providers: false,
            recipients: Recipients::Browser,
            called_by: CalledBy::Clients,
            is_offered: |_app| true,
            operation,
            endpoint: self.endpoint,
        }
    }
}

impl Route {
    /// Returns the whole path for this base path.
    #[must_use]
    pub fn full_path(&self, base_path: &str) -> String {
        if self.is_below_base_path() {
            format!("{}{}", base_path.trim_end_matches('/'), self.path)
        } else {
            self.path.to_owned()
        }
    }

    pub(crate) const fn is_below_base_path(&self) -> bool {
        !matches!(self.placement, Placement::Root)
    }

    /// Returns the path that the configuration chooses, if it does.
    pub(crate) fn configured_path(&self, features: &Features) -> Option<String> {
        match self.placement {
            Placement::Configured(path) => path(features),
            Placement::BelowBasePath | Placement::Root => None,
        }
    }

    /// Returns whether callers need no session.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.access() == Access::Public
    }

    /// Returns whether callers need a session.
    #[must_use]
    pub fn needs_session(&self) -> bool {
        matches!(self.access(), Access::Session | Access::FreshSession)
    }

    /// Returns whether the sessions that a request presents are looked up. Only then may a session be counted instead
    /// of an address: the lookup reveals sessions that have ended.
    pub(crate) fn looks_up_sessions(&self) -> bool {
        self.reads_sessions || self.endpoint.looks_up_caller()
    }

    /// Returns the schema of the body. `None`: the body is ignored.
    #[must_use]
    pub fn body(&self) -> Option<&'static Schema> {
        self.endpoint.body()
    }

    /// Returns the schema of the query. `None`: the query is ignored.
    #[must_use]
    pub fn query(&self) -> Option<&'static Schema> {
        self.endpoint.query()
    }

    /// Returns whether the body may be missing.
    pub(crate) fn is_body_optional(&self) -> bool {
        self.endpoint.is_body_optional()
    }

    /// Returns which callers are accepted.
    pub(crate) fn access(&self) -> Access {
        self.endpoint.access()
    }

    /// Returns every error that a response of the route may report, whatever the configuration.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static Code> {
        let of_pipeline = pipeline::codes(self, &roll_call::every_refusal());
        let own = self.operation.codes.iter().copied();
        let of_checks = roll_call::every_check_code(self).iter().copied();
        own.chain(of_pipeline).chain(of_checks).collect()
    }

    /// Returns the statuses of the answers that are no errors.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.operation.answers.iter().map(|answer| answer.status)
    }

    /// Declares a route that reads.
    pub(crate) const fn get(path: &'static str, endpoint: &'static dyn Endpoint) -> Undocumented {
        Self::of("GET", path, endpoint)
    }

    /// Declares a route that changes something.
    pub(crate) const fn post(path: &'static str, endpoint: &'static dyn Endpoint) -> Undocumented {
        Self::of("POST", path, endpoint)
    }

    /// Declares a route that answers requests of any method, and changes nothing.
    pub(crate) const fn any(path: &'static str, endpoint: &'static dyn Endpoint) -> Undocumented {
        Self::of(ANY_METHOD, path, endpoint)
    }

    const fn of(method: &'static str, path: &'static str, endpoint: &'static dyn Endpoint) -> Undocumented {
        Undocumented {
            method,
            path,
            endpoint,
        }
    }

    /// Puts the path at the root instead of below the base path.
    pub(crate) const fn outside_base_path(self) -> Self {
        Self {
            placement: Placement::Root,
            ..self
        }
    }

    /// Replaces the path by a configured one below the base path. Logs, rate limits and `disabled_paths` still know the
    /// route by its own path.
    pub(crate) const fn at(self, path: fn(&Features) -> Option<String>) -> Self {
        Self {
            placement: Placement::Configured(path),
            ..self
        }
    }

    /// Sets the condition for the route. Unless it is met, the handler answers 404 as if the route did not exist.
    pub(crate) const fn offered_if(self, is_offered: fn(&App) -> bool) -> Self {
        Self { is_offered, ..self }
    }

    /// Limits requests for the path more strictly than the general rule. Every route of the path declares the same
    /// rule, since a path counts the same for every method.
    pub(crate) const fn limited(self, rule: Rule) -> Self {
        Self {
            limit: Some(rule),
            ..self
        }
    }

    /// Marks the handler as one that looks up the sessions of a request itself.
    pub(crate) const fn reads_sessions(self) -> Self {
        Self {
            reads_sessions: true,
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

    /// Adds these headers to every response, empty if the handler does not set them.
    pub(crate) const fn always_with(self, headers: &'static [&'static str]) -> Self {
        Self {
            constant_headers: headers,
            ..self
        }
    }

    /// Marks the body as one that sets fields of a user: features may check and change its members before they are
    /// validated.
    pub(crate) const fn sets_user_fields(self, operation: UserOperation) -> Self {
        Self {
            user_operation: Some(operation),
            ..self
        }
    }

    /// Also accepts bodies of HTML forms.
    pub(crate) const fn accepts_forms(self) -> Self {
        Self {
            media_types: FORM_OR_JSON,
            ..self
        }
    }
}
