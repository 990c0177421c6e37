//! White space of rendered subjects and texts.

/// Maximum length of a subject, in characters.
const LONGEST_SUBJECT: usize = 150;

/// Returns the subject on one line, so that no text in it can begin another header.
pub(super) fn subject(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(LONGEST_SUBJECT)
        .collect()
}

/// Returns the text without blanks at the ends of lines and without consecutive empty lines.
pub(super) fn text(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut is_after_gap = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && is_after_gap) {
            tidy.push_str(line);
            tidy.push('\n');
        }
        is_after_gap = line.is_empty();
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(
            subject(" Hello\r\nBcc: x@y.z\0\u{85}there \n"),
            "Hello Bcc: x@y.z there"
        );
        assert_eq!(subject(&"ä".repeat(1000)).chars().count(), LONGEST_SUBJECT);
    }

    #[test]
    fn at_most_one_empty_line_is_kept() {
        assert_eq!(text("\n\na  \n\n \n\nb\nc\n\n"), "a\n\nb\nc\n");
        assert_eq!(text(""), "\n");
    }
}
