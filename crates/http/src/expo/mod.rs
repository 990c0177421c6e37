//! Expo applications: sign-ins that begin in an application and continue in a browser.

mod authorization_proxy;
mod response_decorator;

pub(crate) use self::authorization_proxy::{CODES, ROUTES};

/// The support of Expo applications.
#[derive(Clone, Copy, Debug)]
pub struct Expo;
