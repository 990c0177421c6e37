//! Attestation objects: the data of an authenticator with a statement about it (WebAuthn, 6.5).

use super::{
    cbor::Reader,
    statement::{Attested, Statement},
};

/// An attestation object.
pub(super) struct Attestation<'a> {
    format: &'a str,
    statement: Statement<'a>,
    pub(super) authenticator_data: &'a [u8],
}

impl<'a> Attestation<'a> {
    /// Reads an attestation object. `None`: it is malformed.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (mut format, mut statement, mut data) = (None, None, None);
        for _ in 0..reader.map()? {
            match reader.text()? {
                "fmt" => format = Some(reader.text()?),
                "attStmt" => statement = Some(Statement::read(reader.whole()?)?),
                "authData" => data = Some(reader.bytes()?),
                _ => {
                    reader.whole()?;
                }
            }
        }
        Some(Self {
            format: format?,
            statement: statement?,
            authenticator_data: data?,
        })
    }

    /// Returns whether the statement is valid. A statement of an unknown format is not valid.
    pub(super) fn is_valid(&self, attested: &Attested<'_>) -> bool {
        match self.format {
            "none" => self.statement.is_empty,
            "packed" => self.statement.is_packed(attested).unwrap_or(false),
            "fido-u2f" => self.statement.is_of_u2f(attested).unwrap_or(false),
            _ => false,
        }
    }
}
