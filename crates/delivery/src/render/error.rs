//! What can be wrong with a template.

use std::{error::Error, io, path::PathBuf};

use super::sources::Sources;

/// A template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file or the folder cannot be read as text.
    #[error("{} cannot be read", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has the name of no template.
    #[error(
        "{}: no template has this name; a file that others include must begin with _",
        file.display()
    )]
    Unknown {
        /// Which.
        file: PathBuf,
    },
    /// It cannot be read as a template, or not be filled in with sample values.
    #[error("{}, line {line}: {reason}", file.display())]
    Wrong {
        /// Where.
        file: PathBuf,
        /// The line there.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// It says nothing.
    #[error("{} is empty", file.display())]
    Empty {
        /// Which.
        file: PathBuf,
    },
    /// It does not show the link that the message is about.
    #[error("{} does not print {{{{ url }}}}", file.display())]
    NoLink {
        /// Which.
        file: PathBuf,
    },
}

impl TemplateError {
    pub(super) fn wrong(error: &minijinja::Error, sources: &Sources) -> Self {
        let error = innermost(error);
        let reason = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Self::Wrong {
            file: sources.place(error.name().unwrap_or_default()),
            line: error.line().unwrap_or(1),
            reason,
        }
    }
}

/// A template that was good for sample values failed for those of a message. What it failed at is not told, since
/// the template engine quotes values.
#[derive(Debug, thiserror::Error)]
#[error("the template {template}, line {line}: {kind}")]
pub struct RenderError {
    template: String,
    line: usize,
    kind: minijinja::ErrorKind,
}

impl RenderError {
    pub(super) fn new(error: &minijinja::Error) -> Self {
        let error = innermost(error);
        Self {
            template: error.name().unwrap_or_default().to_owned(),
            line: error.line().unwrap_or(1),
            kind: error.kind(),
        }
    }
}

/// The error in the included or extended template rather than that at the place where it is mentioned.
fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    error
        .source()
        .and_then(|source| source.downcast_ref())
        .map_or(error, innermost)
}
