//! A user's name, as far as it may stand in a mail.
//!
//! Whoever signs up chooses the name, and may give somebody else's address with it: the mail that is then sent
//! would carry their words under our name. So a name is shown only if it can hardly be more than a name. It is left
//! out where a mail program might make a link or a telephone number of a part of it (OWASP: content spoofing), and
//! cut where it is long. A name that is left out costs a greeting; one that is shown wrongly may cost an account.

/// How many characters of a name are shown.
const LONGEST: usize = 48;

/// A name with more digits than this may be a telephone number.
const MOST_DIGITS: usize = 4;

/// The name on one line, without what cannot be seen; none where nothing is left of it, or where it may be taken for
/// a link.
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

/// Characters of format: they reorder text or hide in it.
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

/// Whether a dot, of whatever script, stands before two letters, as in `example.com` and not as in `J. R. R.` or
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
    fn names_are_shown_as_they_are() {
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
    fn a_name_stays_on_one_line_and_hides_nothing() {
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
