//! Why a verifier or checker cannot be built.

/// Why a verifier or checker cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A required option is not set, or is empty.
    #[error("`{0}` is not set; it is required")]
    Missing(&'static str),
    /// An option has a value that cannot be used.
    #[error("`{option}`: {reason}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The HTTP client cannot be created, for example because no certificates are installed.
    #[error("the HTTP client cannot be created: {0}")]
    Client(String),
}

impl BuildError {
    pub(crate) fn option(option: &'static str, reason: impl Into<String>) -> Self {
        Self::Option {
            option,
            reason: reason.into(),
        }
    }
}
