//! Console output for the user who runs a command. Everything else goes to the log.

use std::io::Write;

use crate::standard_error::Lines;

/// Prints a result to the standard output.
#[expect(clippy::print_stdout, reason = "the only place where commands print results")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}

/// Writes a message for the operator to the standard error, without blocking.
pub(crate) fn print_error(text: &str) {
    let _never_fails = Lines.write_all(format!("{text}\n").as_bytes());
}
