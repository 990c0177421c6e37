//! Restriction of users' names in mails.
//!
//! An attacker can sign up with any name and another person's address. The mail to that address would then contain the
//! attacker's text in our name. So a name is shown only if it can hardly be anything but a name. It is omitted if a
//! mail program could turn a part of it into a link or a telephone number (OWASP: content spoofing), and shortened if
//! it is long. An omitted name only makes the greeting impersonal; a wrongly shown one may cost an account.

/// Maximum number of characters that are shown.
const LONGEST: usize = 48;

/// Maximum number of digits: a name with more may be a telephone number.
const MOST_DIGITS: usize = 4;

/// Returns the name on one line without invisible characters, or `None` if nothing is left or if it could be read as a
/// link.
pub(super) fn shown(name: &str) -> Option<String> {
    let visible: String = name
        .chars()
        .filter(|c| c.is_whitespace() || !(c.is_control() || is_invisible(*c)))
        .collect();
    let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || is_suspect(&name) {
        return None;
    }
    Some(cut(name))
}

/// Whether this is a format character, which reorders text or is invisible.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

fn is_suspect(name: &str) -> bool {
    let folded = name.to_lowercase();
    folded.contains("http")
        || folded.contains("www")
        || name.contains(['/', '\\', '@', ':', '<', '>'])
        || name.chars().filter(|c| c.is_numeric()).count() > MOST_DIGITS
        || has_domain(name)
}

/// Whether a dot of any script is followed by two letters or digits, as in `example.com` but not in `J. R. R.` or
/// `J.R.R.`.
fn has_domain(name: &str) -> bool {
    let is_dot = |c: char| {
        matches!(
            c,
            '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{2024}' | '\u{fe52}'
        )
    };
    name.split(is_dot)
        .skip(1)
        .any(|part| part.chars().take(2).filter(|c| c.is_alphanumeric()).count() == 2)
}

fn cut(name: String) -> String {
    if name.chars().count() <= LONGEST {
        return name;
    }
    let mut short: String = name.chars().take(LONGEST).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_shown_unchanged() {
        for name in [
            "Ada",
            "Ada Lovelace",
            "J.R.R. Tolkien",
            "J. R. R. Tolkien",
            "Renée O'Connor-Smith",
            "Dr. No",
            "李小龍",
            "Fahad 2nd",
        ] {
            assert_eq!(shown(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_name_is_one_line_without_invisible_characters() {
        for (name, seen) in [
            ("Ada\r\nBcc: x", None),
            ("Ada\r\nLovelace", Some("Ada Lovelace")),
            ("  Ada\t\u{2028}Lovelace ", Some("Ada Lovelace")),
            ("A\u{202e}d\u{200b}a\0\u{7}", Some("Ada")),
            ("\u{200b}\r\n", None),
            ("", None),
        ] {
            assert_eq!(shown(name).as_deref(), seen, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_may_become_a_link_is_left_out() {
        for name in [
            "Win at http:evil",
            "HTTPS evil",
            "evil.com",
            "Visit evil.co now",
            "пример.рф",
            "evil\u{3002}com",
            "evil．com",
            "ev\u{200b}il.c\u{200b}om",
            "WWW evil",
            "bit ly/x",
            "me@evil",
            "tel:1",
            "call +1 555 0100",
            "<b>Ada</b>",
            "<script>",
        ] {
            assert_eq!(shown(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let seen = |name: &str| shown(name).unwrap();
        assert_eq!(seen(&"ä".repeat(48)), "ä".repeat(48));
        assert_eq!(seen(&"ä".repeat(49)), format!("{}…", "ä".repeat(48)));
        assert_eq!(
            seen(&format!("{} b", "a".repeat(47))),
            format!("{}…", "a".repeat(47))
        );
        assert_eq!(seen(&"long ".repeat(1000)).chars().count(), 49);
    }
}
