//! What an authenticator states.

use std::fmt::{self, Display, Formatter};

/// What an authenticator states and signs about a passkey (WebAuthn, 6.1), for the right relying party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// The flags.
    pub flags: Flags,
    /// How often the authenticator has signed. Zero if it does not count.
    pub counter: u32,
}

/// The flags of authenticator data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// Returns the flags in this byte.
    #[must_use]
    pub const fn new(byte: u8) -> Self {
        Self(byte)
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    /// Returns whether the authenticator has noticed a user.
    #[must_use]
    pub const fn is_user_present(self) -> bool {
        self.has(0)
    }

    /// Returns whether the authenticator has verified its user, for example by a PIN or a fingerprint.
    #[must_use]
    pub const fn is_user_verified(self) -> bool {
        self.has(2)
    }

    /// Returns whether the passkey may be stored elsewhere in addition.
    #[must_use]
    pub const fn is_backup_eligible(self) -> bool {
        self.has(3)
    }

    /// Returns whether the passkey is stored elsewhere in addition.
    #[must_use]
    pub const fn is_backed_up(self) -> bool {
        self.has(4)
    }

    /// Returns whether a new passkey follows.
    #[must_use]
    pub const fn has_credential(self) -> bool {
        self.has(6)
    }

    /// Returns whether extensions follow.
    #[must_use]
    pub const fn has_extensions(self) -> bool {
        self.has(7)
    }
}

/// The model of an authenticator. All zeros if the authenticator does not reveal it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aaguid(pub [u8; 16]);

impl Display for Aaguid {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}
