//! Administration on the command line: `portcullis users`.

mod arguments;
mod composition;
mod duration;
mod error;
mod report;
mod run;
mod tools;

#[cfg(test)]
mod tests;

pub(crate) use self::{
    arguments::UsersCommand,
    composition::{delegated, deletion_guard, guard, lens, lifetime, use_cases, user_default, veto},
    error::UsersError,
    report::Report,
    run::execute,
};
