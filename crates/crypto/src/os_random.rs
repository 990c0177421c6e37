//! Random bytes from the operating system.

use portcullis_application::ports::Random;

/// The operating system's random number generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the port's only adapter")]
    #[expect(
        clippy::expect_used,
        reason = "a machine without randomness must not issue tokens"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system returns random bytes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fillings_differ() {
        let mut fillings = [[0; 32]; 2];
        for filling in &mut fillings {
            OsRandom.fill(filling);
        }
        assert_ne!(fillings[0], fillings[1]);
    }
}
