//! Detection of secrets that are not random: they can be guessed although they are long.

mod runs;
mod words;

use self::{
    runs::{RUN, covered_by_runs, is_sequence},
    words::{PLACEHOLDERS, WORDS, covered_by_words},
};

/// Returns why a secret is easy to guess, or `None` if no pattern is found. Random secrets do not reach the
/// thresholds: one of at least 32 characters is never refused, even if it is hexadecimal.
pub(super) fn pattern(secret: &str) -> Option<&'static str> {
    let text: Vec<char> = secret.to_lowercase().chars().collect();
    if repeats(&text) {
        return Some("repeats a short text");
    }
    let text: Vec<char> = text
        .into_iter()
        .filter(|letter| !"-_. ".contains(*letter))
        .collect();
    let mut singles = text.clone();
    singles.dedup();
    if is_sequence(&text) || is_sequence(&singles) {
        return Some("consists of sequences such as \"abcd\" or \"qwerty\"");
    }
    let runs = covered_by_runs(&text, RUN);
    let placeholders = covered_by_words(&text, &PLACEHOLDERS);
    let words = covered_by_words(&text, &WORDS);
    let is_covered = |place: &(&bool, (&bool, &bool))| *place.0 || *place.1.0 || *place.1.1;
    let covered = placeholders.iter().zip(words.iter().zip(&runs));
    let covered = covered.filter(is_covered).count();
    let share = if count(&placeholders) > 0 { 3 } else { 2 };
    (covered * share >= text.len()).then_some("consists of words of an example, not of random characters")
}

/// Whether nearly every character is the same as the one at a fixed distance before it.
fn repeats(text: &[char]) -> bool {
    (1..=text.len() / 2).any(|distance| {
        let later = text.iter().skip(distance);
        let compared = text.len() - distance;
        let equal = text.iter().zip(later).filter(|(one, other)| one == other).count();
        equal * 4 >= compared * 3
    })
}

fn count(covered: &[bool]) -> usize {
    covered.iter().filter(|place| **place).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterned_secrets_are_recognized() {
        for secret in [
            "abcabcabcabcabcabcabcabcabcabcabcabc",
            "0123456789012345678901234567890123456789",
            "abcdefghijklmnopqrstuvwxyzabcdef",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "zyxwvutsrqponmlkjihgfedcba987654",
            "qwertyuiopasdfghjklzxcvbnm123456",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,",
            "poiuytrewqlkjhgfdsamnbvcxz098765",
            "abc123def456ghi789jkl012mno345pqr678",
            "abcd1234efgh5678ijkl9012mnop3456",
            "aaaabbbbccccddddeeeeffffgggghhhhiiii",
            "n3Vr1tQp8c-n3Vr1tQp8c-n3Vr1tQp8c-n3Vr1tQp8c",
            "Tr0ub4dor&3Tr0ub4dor&3Tr0ub4dor&4",
            "00112233445566778899aabbccddeeff",
        ] {
            assert!(pattern(secret).is_some(), "{secret}");
        }
    }

    #[test]
    fn secrets_of_examples_are_recognized() {
        for secret in [
            "change-me-change-me-please-change-me-1",
            "changeme-to-something-long-and-random!",
            "your-secret-key-goes-here-0123456789abc",
            "my-super-secret-key-that-is-long-enough",
            "this-is-a-very-long-secret-for-testing-only",
            "insert-your-own-secret-here-32-characters",
            "replace-this-by-thirty-two-random-letters",
            "default-secret-do-not-use-in-production",
            "placeholder-secret-with-32-characters-x",
            "better-auth-secret-for-my-new-app-2026",
            "test-secret-test-token-for-local-use-x",
            "Password1234Password5678Secret90!?",
            "example-secret-of-the-docs-1234567890",
            "SECRET_KEY_FOR_DEVELOPMENT_AND_TESTS",
        ] {
            assert!(pattern(secret).is_some(), "{secret}");
        }
    }

    #[test]
    fn a_random_secret_with_a_word_in_it_is_accepted() {
        for secret in [
            "auth-n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e",
            "prod_secret_Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE",
            "OrvGXzE1hmAkuvd3gm7W0kbLSkhr2GT9",
        ] {
            assert_eq!(pattern(secret), None, "{secret}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn random_secrets_are_never_refused(
            hexadecimal in "[0-9a-f]{32,64}",
            base64 in "[A-Za-z0-9+/]{42,86}={0,2}",
            base64url in "[A-Za-z0-9_-]{32,86}",
            alphanumeric in "[A-Za-z0-9]{32,64}",
            letters in "[a-z]{32,64}",
            digits in "[0-9]{40,64}",
        ) {
            for secret in [hexadecimal, base64, base64url, alphanumeric, letters, digits] {
                prop_assert_eq!(pattern(&secret), None, "{}", secret);
            }
        }
    }
}
