//! The machine let us down.

use std::{error::Error, fmt, iter::successors};

/// A port could not do its part, for a reason that is no business of the caller's.
///
/// It is opaque on purpose: a use case can only pass it on. Where it is logged, the chain of its sources tells
/// what happened.
#[derive(Debug)]
pub struct Failure {
    is_unavailable: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl Failure {
    /// Something is broken or impossible; trying again will not help.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            is_unavailable: false,
            source: source.into(),
        }
    }

    /// Something is away, hung or overloaded; trying again later may help.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            is_unavailable: true,
            source: source.into(),
        }
    }

    /// What led to the failure, in one line.
    #[must_use]
    pub fn causes(&self) -> String {
        let causes = successors(self.source(), |error| (**error).source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    /// Whether trying again later may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        self.is_unavailable
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_unavailable {
            "a part of the machine is unavailable"
        } else {
            "a part of the machine failed"
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
