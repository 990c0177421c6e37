//! Sign-in methods. Each authenticates the user, and then calls the sign-in [`completion`].

mod address;
mod attempt;
pub mod completion;
mod email;
mod error;
mod password;

pub(crate) use self::address::ProvenAddress;
pub use self::{
    address::{AddressSignIn, AddressSignInError, AddressSignedIn},
    attempt::{PasswordAttempt, PasswordRequest, Requirement},
    email::{SignIn, SignInOptions, SignInWithEmail},
    error::SignInError,
    password::{PasswordSignIn, PasswordSignInOptions},
};

#[cfg(test)]
mod tests;
