//! Sign-in methods. Each authenticates the user, and then calls the sign-in [`completion`].

mod address;
pub mod completion;
mod email;
mod error;
mod password;

pub(crate) use self::address::ProvenAddress;
pub use self::{
    address::{AddressSignIn, AddressSignInError, AddressSignedIn},
    email::{SignIn, SignInOptions, SignInWithEmail},
    error::SignInError,
    password::{PasswordAttempt, PasswordRequest, PasswordSignIn, PasswordSignInOptions},
};

#[cfg(test)]
mod tests;
