//! Forms of stored hashes.

use std::fmt;

/// The family of a stored hash that can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PasswordForm {
    /// argon2id in PHC format, also with Django's prefix.
    Argon2id,
    /// argon2i, as argon2id.
    Argon2i,
    /// argon2d, as argon2id.
    Argon2d,
    /// Better Auth's scrypt.
    BetterAuth,
    /// scrypt in PHC format or Django's.
    Scrypt,
    /// PBKDF2 in PHC format, passlib's or Django's.
    Pbkdf2,
    /// bcrypt, also over a digest of the password, as passlib and Django compute it.
    Bcrypt,
    /// Firebase's scrypt.
    Firebase,
}

impl fmt::Display for PasswordForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Argon2id => "argon2id",
            Self::Argon2i => "argon2i",
            Self::Argon2d => "argon2d",
            Self::BetterAuth => "Better Auth's scrypt",
            Self::Scrypt => "scrypt",
            Self::Pbkdf2 => "PBKDF2",
            Self::Bcrypt => "bcrypt",
            Self::Firebase => "Firebase's scrypt",
        })
    }
}
