//! Sign-in methods. Each authenticates the user, and then calls the sign-in [`completion`].

mod attempt;
pub mod completion;
mod email;
mod error;
mod password;

pub use self::{
    attempt::{PasswordAttempt, PasswordRequest, Requirement},
    email::{SignIn, SignInOptions, SignInWithEmail},
    error::SignInError,
    password::{PasswordSignIn, PasswordSignInOptions},
};

#[cfg(test)]
mod tests;
