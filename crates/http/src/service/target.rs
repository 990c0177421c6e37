//! What a request asks for.

use actix_web::HttpResponse;

use super::reason::Reason;
use crate::{route::Route, route_table::Found};

/// What a request asks for.
pub(super) enum Target<'a> {
    Route(Found<'a>),
    Preflight(HttpResponse),
    /// A path that the deployment has disabled.
    Disabled,
    /// No route.
    Nothing(Reason),
}

impl Target<'_> {
    /// Returns the name of the target in the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Route(found) => found.route.path,
            Self::Preflight(_) | Self::Nothing(Reason::Preflight) => "preflight",
            Self::Disabled => "disabled",
            Self::Nothing(_) => "unmatched",
        }
    }

    /// Returns the route that answers.
    pub(super) const fn route(&self) -> Option<&'static Route> {
        match self {
            Self::Route(found) => Some(found.route),
            Self::Preflight(_) | Self::Disabled | Self::Nothing(_) => None,
        }
    }

    /// Returns why no route answers, for the log.
    pub(super) const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Route(_) | Self::Preflight(_) => None,
            Self::Disabled => Some("the path is in `disabled_paths`"),
            Self::Nothing(reason) => Some(reason.text()),
        }
    }
}
