//! The method of new users: the one with which they sign up.

use portcullis_domain::{last_login_method::LAST_LOGIN_METHOD, user::User};

use super::name;
use crate::{seams::UserDefaults, sign_in::completion::SignInMethod};

/// Stores the method with which a user signs up.
pub struct LastLoginDefaults;

impl UserDefaults for LastLoginDefaults {
    fn prepare(&self, user: &mut User, method: Option<&SignInMethod>) {
        if let Some(name) = method.and_then(name) {
            user.additional.set(LAST_LOGIN_METHOD, name.into());
        }
    }
}
