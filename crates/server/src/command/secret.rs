//! `portcullis secret`

use crate::{development::new_secret, output};

/// Prints a new secret.
pub(crate) fn secret() {
    output::print(new_secret().expose());
}
