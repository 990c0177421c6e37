//! Magic links: their use cases.

use std::sync::Arc;

use portcullis_application::{magic_link::MagicLinks, ports::Ports};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if magic links are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<MagicLinks> {
    let options = (config.magic_link?, config.messages.clone());
    Some(MagicLinks::new(
        ports,
        Arc::clone(&shared.address_sign_in),
        options,
    ))
}
