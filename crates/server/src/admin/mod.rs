//! Administration on the command line: `portcullis users`.

mod arguments;
mod duration;
mod error;
mod report;
mod run;
mod tools;

#[cfg(test)]
mod tests;

pub(crate) use self::{arguments::UsersCommand, error::UsersError, report::Report, run::execute};
