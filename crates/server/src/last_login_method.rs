//! The method of a user's last sign-in: its observer of sign-ins, and its field of new users.

use std::sync::Arc;

use portcullis_application::{
    last_login_method::{LastLoginDefaults, LastLoginObserver},
    seams::{SignInObserver, UserDefaults},
};

use crate::config::Config;

/// Returns the observer that stores the method at the end of each sign-in.
pub(crate) fn observer(config: &Config) -> Option<Arc<dyn SignInObserver>> {
    let options = config.last_login_method?;
    Some(Arc::new(LastLoginObserver::new(options)))
}

/// Returns what stores the method with which users sign up, if the rows of users contain it.
pub(crate) fn user_default(config: &Config) -> Option<Arc<dyn UserDefaults>> {
    config.last_login_method.filter(|options| options.is_stored)?;
    Some(Arc::new(LastLoginDefaults))
}
