//! Randomness of the operating system.

use portcullis_application::ports::Random;

/// The operating system's own source.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the port's one adapter")]
    #[expect(
        clippy::expect_used,
        reason = "a machine without randomness must not hand out tokens"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_fillings_are_alike() {
        let mut fillings = [[0; 32]; 2];
        for filling in &mut fillings {
            OsRandom.fill(filling);
        }
        assert_ne!(fillings[0], fillings[1]);
    }
}
