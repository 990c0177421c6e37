//! Runs of neighbours, such as `abcd` or `qwerty`.

use super::count;

/// Sequences of neighbours: the alphabet, digits, and rows and columns of keyboards.
const SEQUENCES: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
    "!@#$%^&*()_+",
    "!\"§$%&/()=?",
];

/// Minimum length of a run of neighbours.
pub(super) const RUN: usize = 4;
/// Minimum length of a run of neighbours if nearly the whole secret consists of such runs.
const SHORT_RUN: usize = 3;

pub(super) fn is_sequence(text: &[char]) -> bool {
    let covered = |shortest| count(&covered_by_runs(text, shortest));
    covered(RUN) * 2 >= text.len() || covered(SHORT_RUN) * 4 >= text.len() * 3
}

/// Marks the characters that belong to a run of at least this length: neighbours, forwards or backwards, or one
/// repeated character.
pub(super) fn covered_by_runs(text: &[char], shortest: usize) -> Vec<bool> {
    let mut covered = vec![false; text.len()];
    for (start, window) in text.windows(shortest).enumerate() {
        if is_run(window) {
            covered
                .iter_mut()
                .skip(start)
                .take(shortest)
                .for_each(|place| *place = true);
        }
    }
    covered
}

fn is_run(window: &[char]) -> bool {
    let forwards: String = window.iter().collect();
    let backwards: String = window.iter().rev().collect();
    let is_one_character = window.iter().all(|letter| window.first() == Some(letter));
    is_one_character
        || SEQUENCES
            .iter()
            .any(|sequence| sequence.contains(&forwards) || sequence.contains(&backwards))
}
