//! The words of secrets in examples.

/// Placeholders in examples. Each is so long that a random secret does not contain it.
pub(super) const PLACEHOLDERS: [&str; 19] = [
    "betterauth",
    "changeit",
    "changeme",
    "changethis",
    "default",
    "example",
    "insert",
    "mysecret",
    "password",
    "passphrase",
    "placeholder",
    "replace",
    "sample",
    "secretkey",
    "supersecret",
    "testsecret",
    "thisisa",
    "topsecret",
    "yoursecret",
];
/// Other words of such examples.
pub(super) const WORDS: [&str; 34] = [
    "auth",
    "better",
    "change",
    "character",
    "chars",
    "demo",
    "dev",
    "dummy",
    "generate",
    "here",
    "jwt",
    "key",
    "least",
    "local",
    "long",
    "minimum",
    "must",
    "please",
    "prod",
    "random",
    "really",
    "secret",
    "secure",
    "session",
    "should",
    "some",
    "string",
    "super",
    "test",
    "this",
    "token",
    "value",
    "very",
    "your",
];

pub(super) fn covered_by_words(text: &[char], words: &[&str]) -> Vec<bool> {
    let mut covered = vec![false; text.len()];
    for word in words {
        let letters: Vec<char> = word.chars().collect();
        for (start, window) in text.windows(letters.len()).enumerate() {
            if window == letters {
                covered
                    .iter_mut()
                    .skip(start)
                    .take(letters.len())
                    .for_each(|place| *place = true);
            }
        }
    }
    covered
}
