//! The use cases of organizations.

use portcullis_application::{organization::Organizations, ports::Ports};

use crate::config::Config;

/// Returns the use cases, or `None` if organizations are disabled.
pub(crate) fn of(ports: &Ports, config: &Config) -> Option<Organizations> {
    let options = config.organization.clone()?;
    let (messages, session) = (config.messages.clone(), config.session.policy);
    Some(Organizations::new(ports, options, messages, session))
}
