//! The list of common passwords, which attackers try first.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::{password::Password, secret::Secret};

/// The list. Its header, before the first empty line, names the sources and their licences.
const FILE: &str = include_str!("common_passwords.txt");

static SORTED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let (_, passwords) = FILE.split_once("\n\n").unwrap_or_default();
    passwords.lines().collect()
});

/// Returns whether the list contains the password. Ignores case and the differences that NFKC removes, since the hash
/// ignores them as well.
pub(crate) fn is_common(password: &Password) -> bool {
    let folded = Secret::new(password.expose().nfkc().collect::<String>().to_lowercase());
    SORTED.binary_search(&folded.expose().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_its_entries_are_comparable() {
        assert!(SORTED.len() > 20_000, "{}", SORTED.len());
        assert!(SORTED.is_sorted_by(|one, next| one < next));
        for entry in SORTED.iter() {
            let is_comparable = entry.is_ascii() && entry.to_lowercase() == *entry && entry.trim() == *entry;
            assert!(is_comparable && entry.len() >= 8, "{entry}");
        }
    }

    #[test]
    fn common_passwords_are_found_in_any_case_and_in_any_form_that_hashes_alike() {
        for text in [
            "password",
            "12345678",
            "password1",
            "qwertyuiop",
            "iloveyou",
            "Password1",
            "PASSWORD",
            "ｐａｓｓｗｏｒｄ",
            "1Qaz2wSX",
        ] {
            assert!(is_common(&Password::new(text)), "{text}");
        }
    }

    #[test]
    fn other_passwords_are_not_common() {
        for text in [
            "",
            "password ",
            "correct horse battery staple",
            "n3Vr1tQpZc8y",
            "pässword",
        ] {
            assert!(!is_common(&Password::new(text)), "{text}");
        }
    }
}
