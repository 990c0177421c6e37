//! Options of Better Auth that have no key here. They are refused with a reason instead of as unknown.

mod list;

pub(super) use self::list::UNSUPPORTED;
use super::keys::ANY_NAME;

/// An option that has no key.
pub(super) struct Unsupported {
    /// The option in our spelling. It includes everything below it.
    pub(super) name: &'static str,
    pub(super) why: Why,
}

/// Why an option has no key.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// It is not supported yet.
    NotYet,
    /// It is not supported yet, and this is planned instead.
    Planned(&'static str),
    /// It is never supported, for this reason or because this replaces it.
    Instead(&'static str),
}

impl Why {
    /// Returns the reason, as the documentation shows it.
    pub(super) fn reason(self) -> String {
        match self {
            Self::NotYet => "not supported yet".to_owned(),
            Self::Planned(words) => format!("not supported yet: {words}"),
            Self::Instead(words) => words.to_owned(),
        }
    }
}

impl Unsupported {
    /// Returns the option with this name, or the one that contains it.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        UNSUPPORTED.iter().find(|option| has_prefix(name, option.name))
    }

    /// Whether this is the name of an option, or of a section that contains one.
    pub(super) fn has_part_in(name: &str) -> bool {
        let mut options = UNSUPPORTED.iter();
        Self::find(name).is_some() || options.any(|option| has_prefix(option.name, name))
    }

    /// Returns why it is refused, as it follows the name in a sentence.
    pub(super) fn reason(&self) -> String {
        let reason = self.why.reason();
        match self.why {
            Why::NotYet | Why::Planned(_) => format!("is {reason}"),
            Why::Instead(_) => format!("is not supported: {reason}"),
        }
    }
}

/// Whether a name is `prefix` or below it. In either, `NAME` stands for any name.
fn has_prefix(name: &str, prefix: &str) -> bool {
    let mut parts = name.split('.');
    prefix.split('.').all(|part| {
        let own = parts.next();
        own.is_some_and(|own| own == part || own == ANY_NAME || part == ANY_NAME)
    })
}

#[cfg(test)]
mod tests;
