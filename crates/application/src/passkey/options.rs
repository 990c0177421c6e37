//! The options of passkeys, and the options that browsers receive for registration and sign-in.

use portcullis_domain::{
    origin::TrustedOrigins,
    passkey::{Attachment, AuthenticatorSelection, Passkey},
};

/// Options of passkeys.
#[derive(Clone, Debug)]
pub struct PasskeyOptions {
    /// The domain to which passkeys belong: the id of the relying party.
    pub rp_id: String,
    /// The name that authenticators show.
    pub rp_name: String,
    /// The only origins of pages on which passkeys are accepted. Empty: the trusted origin that a request names.
    pub origins: Vec<String>,
    /// The origins that the deployment trusts.
    pub trusted_origins: TrustedOrigins,
    /// Which authenticators are asked for.
    pub selection: AuthenticatorSelection,
}

impl PasskeyOptions {
    /// Returns whether a request must name its origin, and does not.
    pub(super) fn lacks(&self, named: Option<&str>) -> bool {
        self.origins.is_empty() && named.is_none()
    }

    /// Returns whether a page of the origin `signed`, which the authenticator has signed, may use passkeys. `named` is the
    /// origin that the request names. An attacker's page can send requests that name its own origin, so that the
    /// deployment must also trust it.
    pub(super) fn accepts(&self, named: Option<&str>, signed: &str) -> bool {
        if self.origins.is_empty() {
            named == Some(signed) && self.trusted_origins.trusts_origin(signed)
        } else {
            self.origins.iter().any(|origin| origin == signed)
        }
    }
}

/// What a caller requests for a new passkey.
#[derive(Clone, Debug, Default)]
pub struct RegistrationWish {
    /// The name by which the authenticator shows the passkey. Empty or `None`: the e-mail address.
    pub name: Option<String>,
    /// How the authenticator is attached. `None`: as the deployment asks for.
    pub attachment: Option<Attachment>,
}

/// The options with which a browser registers a passkey.
#[derive(Debug)]
pub struct RegistrationOptions {
    /// Random bytes in base64url, which the authenticator signs.
    pub challenge: String,
    /// Random letters and digits, by which the authenticator distinguishes users.
    pub user_handle: String,
    /// The name by which the authenticator shows the passkey.
    pub user_name: String,
    /// The user's e-mail address.
    pub display_name: String,
    /// The passkeys that the user has. Their authenticators are not asked.
    pub known: Vec<Passkey>,
    /// Which authenticators are asked for.
    pub selection: AuthenticatorSelection,
}

/// The options with which a browser signs in with a passkey.
#[derive(Debug)]
pub struct AuthenticationOptions {
    /// Random bytes in base64url, which the authenticator signs.
    pub challenge: String,
    /// The passkeys of the user who is signed in. Empty: any passkey.
    pub allowed: Vec<Passkey>,
}
