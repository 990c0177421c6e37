//! Console output for the user who runs a command. Everything else goes to the log.

use std::io::{self, Write};

use crate::{error::Error, standard_error::Lines};

/// Prints a result to the standard output. The command goes on if the reader has closed it.
///
/// # Errors
///
/// If the result could not be written, for example to a full disk.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    match writeln!(io::stdout(), "{text}").and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a message for the operator to the standard error, without blocking.
pub(crate) fn print_error(text: &str) {
    let _never_fails = Lines.write_all(format!("{text}\n").as_bytes());
}
