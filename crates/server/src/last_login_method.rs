//! The method of a user's last sign-in: what takes part in sign-ins and in the creation of users.

use std::sync::Arc;

use portcullis_application::{
    last_login_method::{LastLoginDefaults, LastLoginObserver},
    seams::{SignInObserver, UserDefaults},
};

use crate::config::Config;

/// Remembers the method at the end of each sign-in.
pub(crate) fn observer(config: &Config) -> Option<Arc<dyn SignInObserver>> {
    let options = config.last_login_method?;
    Some(Arc::new(LastLoginObserver::new(options)))
}

/// Stores the method with which users sign up, if the rows of users contain it.
pub(crate) fn user_default(config: &Config) -> Option<Arc<dyn UserDefaults>> {
    config.last_login_method.filter(|options| options.is_stored)?;
    Some(Arc::new(LastLoginDefaults))
}
