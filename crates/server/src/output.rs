//! What the program says to whoever started it; everything else is the log's.

use std::io::Write;

use crate::standard_error::Lines;

/// Says a result, on the standard output.
#[expect(clippy::print_stdout, reason = "the one place at which commands answer")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Writes a message for the operator to the standard error, without blocking.
pub(crate) fn tell(text: &str) {
    let _never_fails = Lines.write_all(format!("{text}\n").as_bytes());
}
