//! Sign-in methods. Each authenticates the user, and then calls the sign-in completion in [`finish`].

mod attempts;
pub mod email;
mod error;
pub(crate) mod finish;

pub(crate) use attempts::Attempts;
pub use attempts::FailedSignIns;
pub(crate) use email::MAX_PASSWORD_COMPARISONS;
pub use email::{SignIn, SignInOptions, SignInWithEmail};
pub use error::SignInError;
pub use finish::Entered;

#[cfg(test)]
mod tests;
