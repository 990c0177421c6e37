//! Values that may be longer than a cookie: each is in as many cookies as it needs.

use chrono::TimeDelta;

use super::{options::Cookie, read, write, writer::Writer};

/// Browsers may reject a longer session cookie cache in one cookie.
pub(super) const LONGEST_CACHE: usize = 4093;
/// wire: the maximum of other values is Better Auth's, too.
pub(super) const LONGEST_TOKEN: usize = 4096;
/// Length of the pieces of a longer value.
const PIECE: usize = 3896;
/// Maximum length of a value in pieces. A longer one would make the head of the next request too large, and is not set.
const MOST: usize = PIECE * read::MAX_PIECES as usize;

/// A value that a client stores.
pub(super) struct Stored<'a> {
    pub(super) value: &'a str,
    /// How long to store it. `None`: until the browser closes.
    pub(super) lifetime: Option<TimeDelta>,
    /// Maximum length in one cookie.
    pub(super) longest: usize,
}

/// Sets the value, and clears the client's cookies of an older one. A value that is too long is not set.
pub(super) fn set(writer: &mut Writer<'_>, cookie: &Cookie, stored: &Stored<'_>) {
    let name = cookie.name.as_str();
    let old_names = read::names(writer.request, name);
    let value = write::encoded(stored.value);
    if value.len() > stored.longest && value.len() <= MOST {
        set_pieces(writer, cookie, &old_names, &pieces(name, &value), stored.lifetime);
        return;
    }
    // wire: the cookie that is about to be written is cleared with the others.
    for old in &old_names {
        writer.clear_as(old, &cookie.attributes);
    }
    if value.len() <= stored.longest {
        writer.set(cookie, &value, stored.lifetime);
    }
}

/// Sets the pieces of a value, and clears the other cookies of an older one.
fn set_pieces(
    writer: &mut Writer<'_>,
    cookie: &Cookie,
    old_names: &[String],
    pieces: &[(String, &str)],
    lifetime: Option<TimeDelta>,
) {
    let set = |writer: &mut Writer<'_>, (name, value): &(String, &str)| {
        writer.set_as(name, &cookie.attributes, value, lifetime);
    };
    for old in old_names {
        match pieces.iter().find(|(name, _value)| name == old) {
            Some(piece) => set(writer, piece),
            None => writer.clear_as(old, &cookie.attributes),
        }
    }
    for piece in pieces.iter().filter(|(name, _value)| !old_names.contains(name)) {
        set(writer, piece);
    }
}

/// Removes the value from the response if it sets one, and clears the client's cookies of an older one.
pub(super) fn withdraw(writer: &mut Writer<'_>, cookie: &Cookie) {
    let name = cookie.name.as_str();
    let is_piece = |key: &[u8]| key == name.as_bytes() || read::number(key, name).is_some();
    if !writer.remove(is_piece) {
        return;
    }
    for old in read::names(writer.request, name) {
        writer.clear_as(&old, &cookie.attributes);
    }
}

/// Clears the pieces of a value.
pub(super) fn clear_pieces(writer: &mut Writer<'_>, cookie: &Cookie) {
    for piece in read::piece_names(writer.request, cookie.name.as_str()) {
        writer.clear_as(&piece, &cookie.attributes);
    }
}

/// Splits an ASCII value into pieces, and returns them with their names.
fn pieces<'a>(name: &str, value: &'a str) -> Vec<(String, &'a str)> {
    let mut pieces = Vec::new();
    let mut rest = value;
    for number in 0.. {
        let (piece, after) = rest.split_at_checked(PIECE).unwrap_or((rest, ""));
        pieces.push((read::piece_name(name, number), piece));
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    pieces
}
