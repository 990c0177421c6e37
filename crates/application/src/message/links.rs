//! URLs of links in messages.

use portcullis_domain::{message::Link, secret::Secret, token::OneTimeToken};
use url::{Url, form_urlencoded};

/// Creates the links in messages, below the configured base URL: never below a host that a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    origin: String,
    base: String,
}

/// The pages to which a link that signs in redirects.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SignInLinkPages<'a> {
    /// After a sign-in.
    pub(crate) callback: Option<&'a str>,
    /// After a sign-up.
    pub(crate) new_user_callback: Option<&'a str>,
    /// After an error.
    pub(crate) error_callback: Option<&'a str>,
}

/// The parameter that contains the id of an invitation.
const INVITATION_ID: &str = "invitationId";
/// The redirect target of a link if the request names none.
const HOME: &str = "/";

impl Links {
    /// Creates links below this origin and base path.
    #[must_use]
    pub fn below(base_url: &Url, base_path: &str) -> Self {
        let origin = base_url.origin().ascii_serialization();
        Self {
            base: format!("{origin}{}", base_path.trim_end_matches('/')),
            origin,
        }
    }

    pub(crate) fn verify_email(&self, token: &OneTimeToken, callback: Option<&str>) -> Link {
        self.with_token("verify-email", token, callback)
    }

    pub(crate) fn delete_user(&self, token: &OneTimeToken, callback: Option<&str>) -> Link {
        self.with_token("delete-user/callback", token, callback)
    }

    pub(crate) fn reset_password(&self, token: &OneTimeToken, callback: Option<&str>) -> Link {
        let callback: String =
            form_urlencoded::byte_serialize(callback.unwrap_or_default().as_bytes()).collect();
        self.link(
            &format!("reset-password/{}?callbackURL={callback}", token.expose()),
            token,
        )
    }

    /// Returns the link to a page that lets the recipient answer an invitation: this page, or `/accept-invitation` of this
    /// server's origin.
    pub(crate) fn invitation(&self, page: Option<&Url>, id: &str) -> Link {
        let url = if let Some(page) = page {
            let mut page = page.clone();
            page.query_pairs_mut().append_pair(INVITATION_ID, id);
            page.into()
        } else {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair(INVITATION_ID, id)
                .finish();
            format!("{}/accept-invitation?{query}", self.origin)
        };
        Link {
            url: Secret::new(url),
            token: Secret::new(id.to_owned()),
            new_email: None,
        }
    }

    /// Returns the link that signs in, with its pages. A page that the request does not name is left out, except `callback`.
    pub(crate) fn magic_link(&self, token: &OneTimeToken, pages: SignInLinkPages<'_>) -> Link {
        let callback = pages.callback.filter(|url| !url.is_empty()).unwrap_or(HOME);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("token", token.expose())
            .append_pair("callbackURL", callback);
        let pages = [
            ("newUserCallbackURL", pages.new_user_callback),
            ("errorCallbackURL", pages.error_callback),
        ];
        for (name, page) in pages {
            if let Some(page) = page.filter(|url| !url.is_empty()) {
                query.append_pair(name, page);
            }
        }
        self.link(&format!("magic-link/verify?{}", query.finish()), token)
    }

    fn with_token(&self, path: &str, token: &OneTimeToken, callback: Option<&str>) -> Link {
        let callback = callback.filter(|url| !url.is_empty()).unwrap_or(HOME);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token.expose())
            .append_pair("callbackURL", callback)
            .finish();
        self.link(&format!("{path}?{query}"), token)
    }

    fn link(&self, rest: &str, token: &OneTimeToken) -> Link {
        Link {
            url: Secret::new(format!("{}/{rest}", self.base)),
            token: Secret::new(token.expose().clone()),
            new_email: None,
        }
    }
}
