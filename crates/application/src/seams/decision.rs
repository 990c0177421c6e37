//! Decisions of plugins.

/// Whether a plugin allows what the core is about to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// It is refused.
    Refused(Refusal),
}

/// Why a plugin refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The name of an error code that responses can report.
    pub name: &'static str,
    /// A message that replaces the code's own.
    pub message: Option<String>,
    /// The name that redirects report, with the message in addition. `None`: they report the message only.
    pub in_url: Option<&'static str>,
}

impl From<&'static str> for Refusal {
    /// Refuses with the code of this name and its own message.
    fn from(name: &'static str) -> Self {
        Self {
            name,
            message: None,
            in_url: None,
        }
    }
}
