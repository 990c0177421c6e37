//! The compact form of a signed token: `header.payload.signature`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// Maximum length of a token. Requests with longer headers do not reach most servers.
const LONGEST: usize = 16 * 1024;

/// The parts of a token, not verified.
pub(crate) struct Jws<'a> {
    pub(crate) kid: String,
    pub(crate) algorithm: String,
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
    payload: &'a str,
}

/// The members of a header that this crate reads. `jwk`, `jku`, `x5c` and `x5u` are never read: the key comes from the
/// configured server only.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, Error> {
        if token.len() > LONGEST {
            return Err(Error::Malformed("it is too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let &[header, payload, signature] = parts.as_slice() else {
            return Err(Error::Malformed("it is not a JWT, which has three parts"));
        };
        let fields: Header = serde_json::from_slice(&decoded(header)?)
            .map_err(|_| Error::Malformed("its header is not a JSON object with `alg`"))?;
        if fields.crit.is_some() {
            return Err(Error::Malformed("it requires extensions by `crit`"));
        }
        if !fields.typ.as_deref().is_none_or(is_token_type) {
            return Err(Error::Malformed("its `typ` is not `JWT` or `at+jwt`"));
        }
        let signed = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
        Ok(Self {
            kid: fields.kid.ok_or(Error::NoKeyId)?,
            algorithm: fields.alg,
            signed,
            signature: decoded(signature)?,
            payload,
        })
    }

    /// The decoded payload. Verify the signature first.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, Error> {
        decoded(self.payload)
    }
}

/// Returns whether a token of this type authenticates the caller. Other tokens that the same keys sign, such as logout
/// tokens, do not.
fn is_token_type(typ: &str) -> bool {
    let short = typ.strip_prefix("application/").unwrap_or(typ);
    short.eq_ignore_ascii_case("jwt") || short.eq_ignore_ascii_case("at+jwt")
}

fn decoded(part: &str) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Error::Malformed("a part of it is not base64url"))
}
