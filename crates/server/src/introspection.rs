//! Introspection: the use case by which services check tokens.

use std::sync::Arc;

use portcullis_application::{introspection::Introspection, ports::Ports, seams::TokenInspector};

use crate::{config::Config, features::Shared};

/// Returns the use case, or `None` if introspection is disabled. `inspectors` recognize tokens.
pub(crate) fn of(
    ports: &Ports,
    config: &Config,
    shared: &Shared,
    inspectors: Arc<[Arc<dyn TokenInspector>]>,
) -> Option<Introspection> {
    let options = config.introspection.clone()?;
    let sessions = (Arc::clone(&shared.sessions), Arc::clone(&shared.session_registry));
    Some(Introspection::new(ports, sessions, inspectors, options))
}
