//! Values that must not appear in logs or stay in memory.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroize;

/// A value that never shows in debug output and is erased when it is dropped.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value itself. Review each call.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// Returns whether the secret is this text, in a time that does not depend on their first difference.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.expose().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    /// Records whether it was erased.
    struct Spy(Rc<Cell<bool>>);

    impl Zeroize for Spy {
        fn zeroize(&mut self) {
            self.0.set(true);
        }
    }

    #[test]
    fn a_secret_is_erased_when_it_is_dropped() {
        let erased = Rc::new(Cell::new(false));
        let secret = Secret::new(Spy(Rc::clone(&erased)));
        assert!(!erased.get());
        drop(secret);
        assert!(erased.get());
    }

    #[test]
    fn a_secret_matches_only_its_own_text() {
        let secret = Secret::new("123456".to_owned());
        assert!(secret.matches("123456"));
        for other in ["", "12345", "1234567", "123457"] {
            assert!(!secret.matches(other), "{other}");
        }
    }

    #[test]
    fn a_secret_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", Secret::new("hidden".to_owned())), "Secret(…)");
    }
}
