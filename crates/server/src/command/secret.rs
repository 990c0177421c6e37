//! `portcullis secret`

use crate::{development::new_secret, output};

/// Prints a new secret.
pub(crate) fn secret() {
    output::say(new_secret().expose());
}
