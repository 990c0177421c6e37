//! Errors of templates.

use std::{error::Error, io, path::PathBuf};

use super::sources::Sources;

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file or the folder cannot be read, or a file is not UTF-8.
    #[error("{} cannot be read", file.display())]
    Unreadable {
        /// The file or folder.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// No template has the file's name.
    #[error(
        "{}: no template has this name; a file that others include must begin with _",
        file.display()
    )]
    Unknown {
        /// The file.
        file: PathBuf,
    },
    /// A template cannot be parsed or rendered with sample values.
    #[error("{}, line {line}: {reason}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line in the file.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A template renders to an empty text.
    #[error("{} is empty", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// A template of a message with a link or a code does not print it.
    #[error("{} does not print {{{{ {variable} }}}}", file.display())]
    Unprinted {
        /// The file.
        file: PathBuf,
        /// The variable to print.
        variable: &'static str,
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

/// A template that renders with sample values failed with the values of a message. The error has no details, since the
/// template engine quotes values in them.
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

/// Returns the error in the included or extended template instead of the one at the `include` or `extends`.
fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    error
        .source()
        .and_then(|source| source.downcast_ref())
        .map_or(error, innermost)
}
