//! The role of the server that a URL leads to.

/// The server of a list that libpq connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A server that accepts writes.
    Primary,
    /// A server in recovery, which accepts no writes.
    Standby,
}

impl Role {
    /// Returns libpq's name of servers with this role.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Primary => "read-write",
            Self::Standby => "standby",
        }
    }
}
