//! `portcullis secret`

use crate::{development::new_secret, error::Error, output};

/// Prints a new secret.
pub(crate) fn secret() -> Result<(), Error> {
    output::print(new_secret().expose())
}
