//! Which authenticators a deployment asks for.

/// How an authenticator is attached to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// It is a part of the device.
    Platform,
    /// It is a device of its own.
    CrossPlatform,
}

impl Attachment {
    /// Returns the name in WebAuthn.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::CrossPlatform => "cross-platform",
        }
    }
}

/// How much a deployment wants a property of an authenticator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requirement {
    /// Other authenticators are not accepted.
    Required,
    /// Other authenticators are accepted.
    #[default]
    Preferred,
    /// Authenticators without it are preferred.
    Discouraged,
}

impl Requirement {
    /// Returns the name in WebAuthn.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
            Self::Discouraged => "discouraged",
        }
    }
}

/// Which authenticators a deployment asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthenticatorSelection {
    /// How they are attached. `None`: in any way.
    pub attachment: Option<Attachment>,
    /// Whether they store the passkey with its user, so that users need not enter who they are.
    pub resident_key: Requirement,
    /// Whether they verify their users.
    pub user_verification: Requirement,
}
