//! Problems of a configuration, and warnings.

use std::{cmp::Ordering, fmt};

/// The place at which a value was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A line of the file.
    File {
        /// The file's name, as it was given.
        name: String,
        /// Counted from 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// An option of the command line.
    CommandLine(&'static str),
    /// Nowhere: a value is missing.
    Nowhere,
}

/// A problem or a warning, with its place and the key concerned. It never contains a value that may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: Place,
    text: String,
}

impl Problem {
    pub(super) fn new(place: Place, text: impl Into<String>) -> Self {
        Self {
            place,
            text: text.into(),
        }
    }

    /// Compares two problems by place: first those in the file, then variables, options of the command
    /// line, and those without a place.
    pub(super) fn by_place(one: &Self, other: &Self) -> Ordering {
        one.place.cmp(&other.place)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { name, line } => write!(f, "{name}:{line}: ")?,
            Place::Variable(name) => write!(f, "{name}: ")?,
            Place::CommandLine(option) => write!(f, "{option}: ")?,
            Place::Nowhere => {}
        }
        f.write_str(&self.text)
    }
}

/// All problems of a configuration, one per line.
#[derive(Debug, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Sorts the problems: first those in the file, then variables, options of the command line, and
    /// missing values.
    pub(super) fn new(mut found: Vec<Problem>) -> Self {
        found.sort_by(Problem::by_place);
        Self(found)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not valid:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}
