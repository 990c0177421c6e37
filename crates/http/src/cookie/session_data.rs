//! The session cookie cache, in as many cookies as it needs.

use actix_web::http::header::HeaderMap;
use chrono::TimeDelta;
use portcullis_application::session::SessionCacheValue;

use super::{options::Cookie, read, write};

/// Browsers may reject a longer value in one cookie.
const LONGEST: usize = 4093;
/// Length of the pieces of a longer value.
const PIECE: usize = 3896;
/// A longer value is not set: the head of the next request would be too large.
const MOST: usize = PIECE * read::MAX_PIECES as usize;

/// Sets the cache, and clears the client's cookies of an older one. A cache that is too long is not set.
pub(super) fn set(request: &HeaderMap, response: &mut HeaderMap, cookie: &Cookie, copy: &SessionCacheValue) {
    let name = cookie.name.as_str();
    let old_names = read::names(request, name);
    let value = write::encoded(&copy.text);
    if value.len() > LONGEST && value.len() <= MOST {
        set_pieces(response, cookie, &old_names, &pieces(name, &value), copy.lifetime);
        return;
    }
    // wire: the cookie that is about to be written is cleared with the others.
    for old in &old_names {
        write::clear_as(response, old, &cookie.attributes);
    }
    if value.len() <= LONGEST {
        write::set(response, cookie, &value, copy.lifetime);
    }
}

/// Sets the pieces of the cache, and clears the other cookies of an older one.
fn set_pieces(
    response: &mut HeaderMap,
    cookie: &Cookie,
    old_names: &[String],
    pieces: &[(String, &str)],
    lifetime: Option<TimeDelta>,
) {
    let set = |response: &mut HeaderMap, (name, value): &(String, &str)| {
        write::set_as(response, name, &cookie.attributes, value, lifetime);
    };
    for old in old_names {
        match pieces.iter().find(|(name, _value)| name == old) {
            Some(piece) => set(response, piece),
            None => write::clear_as(response, old, &cookie.attributes),
        }
    }
    for piece in pieces.iter().filter(|(name, _value)| !old_names.contains(name)) {
        set(response, piece);
    }
}

/// Clears the cache and all its pieces.
pub(super) fn clear(request: &HeaderMap, response: &mut HeaderMap, cookie: &Cookie) {
    write::clear(response, cookie);
    for piece in read::piece_names(request, cookie.name.as_str()) {
        write::clear_as(response, &piece, &cookie.attributes);
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
