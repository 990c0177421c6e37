//! Passwords that attackers know: the list, and the check of new passwords.

use std::sync::Arc;

use portcullis_application::{have_i_been_pwned::HaveIBeenPwned, ports::Failure};
use portcullis_outbound::{Client, RangeQuery};

use crate::config::Config;

/// Returns the check, or `None` if new passwords are not checked.
///
/// # Errors
///
/// If TLS cannot be set up.
pub(crate) fn check(config: &Config) -> Result<Option<HaveIBeenPwned>, Failure> {
    let Some(pwned) = &config.have_i_been_pwned else {
        return Ok(None);
    };
    let client = Client::new(pwned.client.clone())?;
    let list = RangeQuery::new(client, pwned.range_url.clone());
    Ok(Some(HaveIBeenPwned::new(Arc::new(list), pwned.options.clone())))
}
