//! A reader of the part of CBOR (RFC 8949) that authenticators write: items of a known length, and no tags (CTAP 2, 8).

/// The depth to which items are skipped. Authenticators nest four levels.
const DEEPEST: usize = 8;

/// An item, or the beginning of one that contains others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A whole number. Numbers beyond 64 bits with a sign are rejected.
    Number(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
    /// The beginning of an array, with the number of items that follow.
    Array(u64),
    /// The beginning of a map, with the number of pairs that follow.
    Map(u64),
    /// A truth value, `null` or a number with a fraction.
    Simple,
}

/// Reads items from the beginning of bytes. Every method returns `None` if they are malformed.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns what was not read.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads an item, or the beginning of one.
    pub(super) fn next(&mut self) -> Option<Item<'a>> {
        let [first] = self.take(1)? else { return None };
        let (major, detail) = (first >> 5, first & 0b1_1111);
        let argument = self.argument(detail)?;
        match major {
            0 => i64::try_from(argument).ok().map(Item::Number),
            1 => Some(Item::Number(-1 - i64::try_from(argument).ok()?)),
            2 => self.take(argument).map(Item::Bytes),
            3 => str::from_utf8(self.take(argument)?).ok().map(Item::Text),
            4 => Some(Item::Array(argument)),
            5 => Some(Item::Map(argument)),
            7 => Some(Item::Simple),
            _ => None,
        }
    }

    /// Reads the beginning of a map, and returns the number of its pairs.
    pub(super) fn map(&mut self) -> Option<u64> {
        match self.next()? {
            Item::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        match self.next()? {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads bytes.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        match self.next()? {
            Item::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Reads a whole item, and returns its bytes.
    pub(super) fn whole(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        self.skip(DEEPEST)?;
        before.get(..before.len() - self.rest.len())
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        let inside = match self.next()? {
            Item::Array(items) => items,
            Item::Map(pairs) => pairs.checked_mul(2)?,
            Item::Number(_) | Item::Bytes(_) | Item::Text(_) | Item::Simple => return Some(()),
        };
        let depth = depth.checked_sub(1)?;
        // Each item has at least one byte, so the loop ends with the bytes.
        (0..inside).try_for_each(|_| self.skip(depth))
    }

    fn argument(&mut self, detail: u8) -> Option<u64> {
        let length = match detail {
            0..24 => return Some(u64::from(detail)),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let bytes = self.take(length)?.iter();
        Some(bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Option<Vec<Item<'_>>> {
        let mut reader = Reader::new(bytes);
        let mut items = Vec::new();
        while !reader.rest().is_empty() {
            items.push(reader.next()?);
        }
        Some(items)
    }

    #[test]
    fn items_are_read_in_their_order() {
        let bytes = [
            0xa2, 0x01, 0x26, 0x39, 0x01, 0x00, 0x42, 0x07, 0x08, 0x61, b'x', 0x82, 0xf5, 0xf6, 0x1a, 0, 1,
            0, 0,
        ];
        let expected = [
            Item::Map(2),
            Item::Number(1),
            Item::Number(-7),
            Item::Number(-257),
            Item::Bytes(&[7, 8]),
            Item::Text("x"),
            Item::Array(2),
            Item::Simple,
            Item::Simple,
            Item::Number(65536),
        ];
        assert_eq!(all(&bytes).unwrap(), expected);
    }

    #[test]
    fn malformed_items_are_rejected() {
        for bytes in [
            &[0x42, 0x07][..],
            &[0x61, 0xff],
            &[0x19, 0x01],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            // A length that follows, and a tag.
            &[0x5f],
            &[0xc1, 0x00],
            &[0x1c],
        ] {
            assert_eq!(all(bytes), None, "{bytes:x?}");
        }
    }

    #[test]
    fn a_whole_item_ends_before_the_next_one() {
        let bytes = [0xa1, 0x01, 0x82, 0x02, 0x41, 0x03, 0x04];
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.whole(), bytes.get(..6));
        assert_eq!(reader.rest(), [0x04]);
    }

    #[test]
    fn items_that_never_end_are_rejected() {
        for bytes in [
            &[0x81; 64][..],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xa1, 0x01],
        ] {
            assert_eq!(Reader::new(bytes).whole(), None, "{bytes:x?}");
        }
    }
}
