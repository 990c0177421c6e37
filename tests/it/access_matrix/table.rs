//! The table for a reviewer.

use std::fmt::Write as _;

use crate::requests::Request;

const LEGEND: &str = "\
none: anonymous. user: in no organization. member: of the organization acme. other: administrator of another organization.
owner: of acme. admin: administrator of the server. key: API key of the owner. acting: administrator who acts as the owner.
service: not an administrator. operator: service that is an administrator.
Letters: the code of the error, or + and the tables that the request changed.
";

/// A status, the code of the error, and the tables that were changed.
pub(super) type Cell = (u16, String, String);

pub(super) struct Table(String);

impl Table {
    pub(super) fn new<'a>(callers: impl Iterator<Item = &'a str>) -> Self {
        let mut text = format!("{LEGEND}\n{:49}", "");
        for caller in callers {
            let _written = write!(text, "{caller:9}");
        }
        Self(text)
    }

    pub(super) fn add(&mut self, (method, path, _): Request, cells: &[Cell]) {
        let mut notes: Vec<String> = Vec::new();
        let _written = write!(self.0, "\n{:49}", format!("{method} {path}"));
        for cell in cells {
            let shown = format!("{}{}", cell.0, letter(&mut notes, note(cell)));
            let _written = write!(self.0, "{shown:9}");
        }
        for (place, note) in (b'a'..).zip(&notes) {
            let _written = write!(self.0, "{} {note}  ", char::from(place));
        }
    }

    /// Returns the whole table, without spaces at the ends of lines.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.0.lines().map(str::trim_end).collect();
        lines.join("\n")
    }
}

fn note((_, code, changed): &Cell) -> String {
    match (code.as_str(), changed.as_str()) {
        (code, "") => code.to_owned(),
        ("", changed) => format!("+{changed}"),
        (code, changed) => format!("{code} +{changed}"),
    }
}

/// Returns the letter of a note in its line, or nothing for no note.
fn letter(notes: &mut Vec<String>, note: String) -> String {
    if note.is_empty() {
        return note;
    }
    let known = notes.iter().position(|other| *other == note);
    let place = known.unwrap_or_else(|| {
        notes.push(note);
        notes.len() - 1
    });
    (b'a'..).nth(place).map(char::from).into_iter().collect()
}
