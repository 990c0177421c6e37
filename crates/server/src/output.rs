//! Console output for the user who runs a command. Everything else goes to the log.

use std::io::{self, Write};

use crate::standard_error::Lines;

/// Prints a result to the standard output. The command goes on if the reader has closed it.
pub(crate) fn print(text: &str) {
    let _reader_is_gone = writeln!(io::stdout(), "{text}");
}

/// Writes a message for the operator to the standard error, without blocking.
pub(crate) fn print_error(text: &str) {
    let _never_fails = Lines.write_all(format!("{text}\n").as_bytes());
}
