//! The parts of a deployment on which the document depends, and the paths of its routes.

use crate::{
    app::App, code::Code, features::Features, operation::AddedHeader, options::Options, refusal::Refusals,
    roll_call, route::Route,
};

/// The parts of a deployment on which the document depends.
pub(super) struct Deployment<'a> {
    features: &'a Features,
    pub(super) options: &'a Options,
    /// Whether requests are counted, and rejected above a limit.
    pub(super) counts_requests: bool,
    pub(super) has_bearer_tokens: bool,
    /// The header in which requests present a key instead of a session, if they may.
    pub(super) key_header: Option<String>,
    pub(super) has_second_steps: bool,
    pub(super) refusals: Vec<&'static Refusals>,
    pub(super) added_headers: Vec<&'static AddedHeader>,
}

impl<'a> Deployment<'a> {
    pub(super) fn new(app: &'a App, options: &'a Options) -> Self {
        Self {
            features: &app.features,
            options,
            counts_requests: app.rate_limit.is_on(),
            has_bearer_tokens: roll_call::has_bearer_tokens(&app.features),
            key_header: key_header(app),
            has_second_steps: roll_call::has_second_steps(&app.features),
            refusals: roll_call::refusals(&app.features),
            added_headers: roll_call::added_headers(&app.features),
        }
    }

    /// Returns the errors with which checks of features reject requests for a route.
    pub(super) fn check_codes(&self, route: &Route) -> &'static [&'static Code] {
        roll_call::check_codes(self.features, route)
    }
}

fn key_header(app: &App) -> Option<String> {
    let scheme = roll_call::key_scheme(&app.features)?;
    scheme.headers().first().map(ToString::to_string)
}

/// Returns the path of a route in this deployment. `None`: its feature or its path is disabled.
pub(super) fn mounted(route: &Route, app: &App, options: &Options) -> Option<String> {
    let _entry = route.endpoint.mount(&app.features)?;
    if !(route.is_offered)(app) {
        return None;
    }
    route.path_in(&app.features, &options.disabled_paths)
}
