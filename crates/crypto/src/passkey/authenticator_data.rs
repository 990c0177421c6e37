//! Authenticator data, the bytes that an authenticator signs (WebAuthn, 6.1).

use portcullis_domain::passkey::{Aaguid, AuthenticatorData, Flags};

use super::cbor::Reader;

/// The longest id of a passkey (WebAuthn, 7.1).
const LONGEST_ID: usize = 1023;

/// Authenticator data.
pub(super) struct Parsed<'a> {
    /// The SHA-256 hash of the id of the relying party.
    pub(super) rp_id_hash: [u8; 32],
    pub(super) data: AuthenticatorData,
    /// The new passkey, if there is one.
    pub(super) credential: Option<Credential<'a>>,
}

/// A new passkey.
pub(super) struct Credential<'a> {
    pub(super) aaguid: Aaguid,
    pub(super) id: &'a [u8],
    /// A COSE key.
    pub(super) public_key: &'a [u8],
}

impl<'a> Parsed<'a> {
    /// Reads authenticator data. `None`: it is malformed.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk()?;
        let ([flags], rest) = rest.split_first_chunk()?;
        let (counter, rest) = rest.split_first_chunk()?;
        let flags = Flags::new(*flags);
        let (credential, rest) = if flags.has_credential() {
            let (credential, rest) = Credential::read(rest)?;
            (Some(credential), rest)
        } else {
            (None, rest)
        };
        let mut reader = Reader::new(rest);
        if flags.has_extensions() {
            reader.whole()?;
        }
        reader.rest().is_empty().then_some(Self {
            rp_id_hash: *rp_id_hash,
            data: AuthenticatorData {
                flags,
                counter: u32::from_be_bytes(*counter),
            },
            credential,
        })
    }
}

impl<'a> Credential<'a> {
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (aaguid, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length)?;
        let mut reader = Reader::new(rest);
        let public_key = reader.whole()?;
        let credential = Self {
            aaguid: Aaguid(*aaguid),
            id,
            public_key,
        };
        (1..=LONGEST_ID)
            .contains(&length)
            .then_some((credential, reader.rest()))
    }
}
