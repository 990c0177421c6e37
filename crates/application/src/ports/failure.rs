//! Failures that are not the caller's fault.

use std::{error::Error, fmt, iter::successors};

/// A port could not do its work, for a reason that the caller must not see.
///
/// It is opaque on purpose: a use case can only return it. The log line of a failure contains the chain of its sources.
#[derive(Debug)]
pub struct Failure {
    kind: FailureKind,
    source: Box<dyn Error + Send + Sync>,
}

/// What a failure means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Something is broken or impossible; retrying will not help.
    Broken,
    /// Something is unreachable, hangs or is overloaded; retrying later may help.
    Unavailable,
    /// A rule of the deployment's database, such as a trigger or a constraint, rejects the values of the request.
    Rejected,
    /// Rows of other tables refer to a row that the request would delete.
    Referenced,
}

impl Failure {
    /// Creates a failure of the kind [`FailureKind::Broken`].
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::of_kind(FailureKind::Broken, source)
    }

    /// Creates a failure of the kind [`FailureKind::Unavailable`].
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::of_kind(FailureKind::Unavailable, source)
    }

    /// Creates a failure of this kind.
    pub fn of_kind(kind: FailureKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// Returns the chain of causes in one line.
    #[must_use]
    pub fn causes(&self) -> String {
        let causes = successors(self.source(), |error| (**error).source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    /// Returns what the failure means for the request.
    #[must_use]
    pub const fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Whether retrying later may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self.kind, FailureKind::Unavailable)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            FailureKind::Broken => "an internal operation failed",
            FailureKind::Unavailable => "a dependency is unavailable",
            FailureKind::Rejected => "the database rejects the change",
            FailureKind::Referenced => "other rows refer to a row that is to be deleted",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
