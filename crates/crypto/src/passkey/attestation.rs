//! Statements about the model of an authenticator (WebAuthn, 8).
//!
//! Registrations ask for no statement, so browsers remove nearly all of them. The others are verified as Better Auth
//! does, without a list of trusted certificates: a valid statement only shows that the authenticator has the private
//! key.

use super::{authenticator_data::Credential, cbor::Reader, key::CredentialKey, statement::Statement};

/// An attestation object.
pub(super) struct Attestation<'a> {
    format: &'a str,
    statement: Statement<'a>,
    pub(super) authenticator_data: &'a [u8],
}

/// What a statement is about.
pub(super) struct Attested<'a> {
    pub(super) authenticator_data: &'a [u8],
    pub(super) client_data_hash: &'a [u8],
    pub(super) credential: &'a Credential<'a>,
    pub(super) key: &'a CredentialKey,
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
