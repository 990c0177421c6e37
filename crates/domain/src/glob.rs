//! Matching of texts against patterns with wildcards.

/// A pattern with wildcards: `?` is one character and `*` any run of characters, both without slashes; `**` is any run
/// of characters with slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(String);

impl Glob {
    /// Returns a glob with this pattern.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Whether the pattern matches the whole text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        matches(&self.0, text)
    }
}

/// Whether the pattern, as described at [`Glob`], matches the whole text.
///
/// The time is at most proportional to the product of the lengths, since texts are untrusted.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Whether the tokens so far match the text up to each index.
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for token in tokens(pattern) {
        reached = step(token, &reached, &text);
    }
    reached.last() == Some(&true)
}

#[derive(Clone, Copy)]
enum Token {
    Run { spans_slashes: bool },
    One,
    Exactly(char),
}

fn tokens(pattern: &str) -> impl Iterator<Item = Token> {
    let mut rest = pattern.chars().peekable();
    std::iter::from_fn(move || {
        Some(match rest.next()? {
            '*' => Token::Run {
                spans_slashes: rest.next_if_eq(&'*').is_some(),
            },
            '?' => Token::One,
            character => Token::Exactly(character),
        })
    })
}

fn step(token: Token, before: &[bool], text: &[char]) -> Vec<bool> {
    let mut after = Vec::with_capacity(before.len());
    let is_run = matches!(token, Token::Run { .. });
    after.push(is_run && before.first() == Some(&true));
    for ((character, was_reached), is_reached_empty) in text.iter().zip(before).zip(before.iter().skip(1)) {
        let is_slash = matches!(character, '/' | '\\');
        let is_reached = match token {
            Token::Exactly(expected) => *was_reached && *character == expected,
            Token::One => *was_reached && !is_slash,
            Token::Run { spans_slashes } => {
                *is_reached_empty || (after.last() == Some(&true) && (spans_slashes || !is_slash))
            }
        };
        after.push(is_reached);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_matches_whole_texts() {
        let glob = Glob::new("/sign-*");
        assert!(glob.matches("/sign-in"));
        assert!(!glob.matches("/sign-in/email"));
    }

    #[test]
    fn wildcards_match_as_documented() {
        for (pattern, text, is_match) in [
            ("", "", true),
            ("", "a", false),
            ("a", "", false),
            ("abc", "abc", true),
            ("abc", "abd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?c", "a/c", false),
            ("*", "", true),
            ("*", "abc", true),
            ("*", "a/c", false),
            ("**", "a/c", true),
            ("*.b", "a.b", true),
            ("*.b", ".b", true),
            ("*.b", "a.b.b", true),
            ("*.b", "a.bc", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1b2d", false),
            ("a/**", "a/", true),
            ("a/**", "a/b/c", true),
            ("*:*", "a:1", true),
            ("*:*", "a", false),
            ("é?", "éü", true),
        ] {
            assert_eq!(matches(pattern, text), is_match, "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn many_wildcards_do_not_take_exponential_time() {
        let pattern = "*a".repeat(30) + "b";
        assert!(!matches(&pattern, &"a".repeat(5_000)));
    }
}
