//! The query of a link in a message.

use crate::extract::body::{RedirectUrl, Text, body};

body! {
    Link {
        token: Text = "token",
        callback_url: Option<RedirectUrl> = "callbackURL",
    }
}

impl Link {
    /// Returns the page to which the user is redirected, if the link names one.
    pub(crate) fn callback(&self) -> Option<String> {
        self.callback_url.clone().filter(|url| !url.is_empty())
    }
}
