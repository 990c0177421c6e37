//! Patterns with wildcards in Better Auth's form.
//!
//! A slash of a pattern separates segments: it matches any number of slashes, but at least one. Slashes at the end of
//! a text that the pattern does not contain are ignored. `?` is one character and `*` any run of characters within a
//! segment. A segment `**` is any number of segments.

/// A pattern with wildcards.
#[derive(Clone, Debug)]
pub(super) struct Wildcards(Vec<Token>);

#[derive(Clone, Copy, Debug)]
enum Token {
    Exactly(char),
    /// One character that is not a slash.
    One,
    /// Any run of characters that are not slashes.
    Run,
    /// One slash or several.
    Slashes,
    /// Slashes, or nothing.
    OptionalSlashes,
    /// Segments, each with its slash, or nothing.
    Segments,
    /// Any text.
    Anything,
}

impl Wildcards {
    pub(super) fn parse(pattern: &str) -> Self {
        let mut tokens = Vec::new();
        let mut segments = pattern.split('/').enumerate().peekable();
        while let Some((place, segment)) = segments.next() {
            // wire: empty segments are ignored, except the first.
            if segment.is_empty() && place > 0 {
                continue;
            }
            let slashes = match segments.peek() {
                None => Some(Token::OptionalSlashes),
                Some((_, "**")) => None,
                Some(_) => Some(Token::Slashes),
            };
            if segment == "**" {
                tokens.extend(slashes.filter(|_| place > 0));
                tokens.extend(slashes.map(|slashes| match slashes {
                    Token::OptionalSlashes => Token::Anything,
                    _ => Token::Segments,
                }));
            } else {
                tokens.extend(segment.chars().map(Token::of));
                tokens.extend(slashes);
            }
        }
        Self(tokens)
    }

    /// Whether the pattern matches the whole text.
    ///
    /// The time is at most proportional to the product of the lengths, since texts are untrusted.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        // Whether the tokens so far match the text up to each index.
        let mut reached = vec![false; text.len() + 1];
        if let Some(start) = reached.first_mut() {
            *start = true;
        }
        for token in &self.0 {
            reached = token.step(&reached, &text);
        }
        reached.last() == Some(&true)
    }
}

impl Token {
    const fn of(character: char) -> Self {
        match character {
            '*' => Self::Run,
            '?' => Self::One,
            _ => Self::Exactly(character),
        }
    }

    const fn may_be_empty(self) -> bool {
        matches!(
            self,
            Self::Run | Self::OptionalSlashes | Self::Segments | Self::Anything
        )
    }

    fn step(self, before: &[bool], text: &[char]) -> Vec<bool> {
        let mut started = before.first() == Some(&true);
        let mut matched = self.may_be_empty() && started;
        let mut after = Vec::with_capacity(before.len());
        after.push(matched);
        for ((character, was_reached), is_reached_empty) in text.iter().zip(before).zip(before.iter().skip(1))
        {
            let is_slash = matches!(character, '/' | '\\');
            matched = match self {
                Self::Exactly(expected) => *was_reached && *character == expected,
                Self::One => *was_reached && !is_slash,
                Self::Run => *is_reached_empty || matched && !is_slash,
                Self::Slashes => (*was_reached || matched) && is_slash,
                Self::OptionalSlashes => *is_reached_empty || matched && is_slash,
                Self::Segments => *is_reached_empty || started && is_slash,
                Self::Anything => *is_reached_empty || matched,
            };
            started |= *is_reached_empty;
            after.push(matched);
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_better_auth() {
        for (pattern, text, is_match) in [
            ("a/b", "a/b", true),
            ("a/b", "a//b/", true),
            ("a/b", "a\\b", true),
            ("a/b", "ab", false),
            ("a/b/", "a/b", false),
            ("a/b/", "a/b//", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("*", "abc", true),
            ("*", "abc/", true),
            ("*", "a/c", false),
            ("**", "a/c", true),
            ("**", "", true),
            ("a/**", "a", true),
            ("a/**", "a/b/c", true),
            // wire: nothing separates `a` from the segments.
            ("a/**", "ab/c", true),
            ("a/**/d", "a/b/c/d", true),
            ("a/**/d", "a/d", true),
            ("a/**/d", "a/bd", false),
            ("*/*", "/b", true),
            ("é?", "éü", true),
        ] {
            assert_eq!(
                Wildcards::parse(pattern).matches(text),
                is_match,
                "{pattern:?} {text:?}"
            );
        }
    }

    #[test]
    fn many_wildcards_do_not_take_exponential_time() {
        let pattern = "*a".repeat(30) + "b";
        assert!(!Wildcards::parse(&pattern).matches(&"a".repeat(5_000)));
    }
}
