//! Failures that are not the caller's fault.

use std::{error::Error, fmt, iter::successors};

/// A port could not do its work, for a reason that the caller must not see.
///
/// It is opaque on purpose: a use case can only return it. The log line of a failure contains the chain of its sources.
#[derive(Debug)]
pub struct Failure {
    is_unavailable: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl Failure {
    /// Something is broken or impossible; retrying will not help.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            is_unavailable: false,
            source: source.into(),
        }
    }

    /// Something is unreachable, hangs or is overloaded; retrying later may help.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            is_unavailable: true,
            source: source.into(),
        }
    }

    /// Returns the chain of causes in one line.
    #[must_use]
    pub fn causes(&self) -> String {
        let causes = successors(self.source(), |error| (**error).source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    /// Whether retrying later may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        self.is_unavailable
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_unavailable {
            "a dependency is unavailable"
        } else {
            "an internal operation failed"
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
