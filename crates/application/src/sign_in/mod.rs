//! Sign-in methods. Each authenticates the user, and then calls the sign-in [`completion`].

pub mod completion;
mod email;
mod error;
mod password;

pub use self::{
    email::{SignIn, SignInOptions, SignInWithEmail},
    error::SignInError,
    password::{PasswordAttempt, PasswordRequest, PasswordSignIn, PasswordSignInOptions},
};

#[cfg(test)]
mod tests;
