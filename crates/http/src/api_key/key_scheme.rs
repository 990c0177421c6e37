//! API keys that stand for sessions.

use std::{fmt, sync::Arc};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use futures_util::future::LocalBoxFuture;
use portcullis_application::{api_key::ApiKeys, session::KeySession};
use portcullis_domain::{api_key::PlainKey, secret::Secret};

use crate::{call::Call, credential::KeyScheme, error::ApiError, features::Features};

/// Headers to which browsers, proxies or this server give another meaning.
const RESERVED: &[HeaderName] = &[
    header::ACCEPT,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::HOST,
    header::ORIGIN,
    header::REFERER,
    header::TRANSFER_ENCODING,
    header::USER_AGENT,
];

/// Why headers cannot contain API keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyHeaderRejection {
    /// No header is named.
    None,
    /// A name is not the name of a header.
    Invalid(String),
    /// A header has another meaning, such as `Cookie`.
    Reserved(String),
}

impl fmt::Display for KeyHeaderRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("must name at least one header, such as `x-api-key`"),
            Self::Invalid(name) => write!(f, "contains \"{name}\", which is no name of a header"),
            Self::Reserved(name) => write!(
                f,
                "contains \"{name}\", which has a meaning of its own: use a header that contains only API keys, such as `x-api-key`"
            ),
        }
    }
}

/// The headers in which requests present API keys that stand for sessions, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHeaders(Vec<HeaderName>);

impl KeyHeaders {
    /// Returns these headers.
    ///
    /// # Errors
    ///
    /// If there are none, or one of them cannot contain keys.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, KeyHeaderRejection> {
        let names: Vec<_> = names.into_iter().map(parse_name).collect::<Result<_, _>>()?;
        if names.is_empty() {
            return Err(KeyHeaderRejection::None);
        }
        Ok(Self(names))
    }

    /// Returns the key of the first header that is not empty. The lines of a header that is repeated are one text, as
    /// HTTP defines it, so that no server chooses one of several keys.
    fn key(&self, headers: &HeaderMap) -> Option<PlainKey> {
        let mut texts = self.0.iter().map(|name| {
            let lines = headers.get_all(name).filter_map(|line| line.to_str().ok());
            lines.collect::<Vec<_>>().join(", ")
        });
        let text = texts.find(|text| !text.is_empty())?;
        Some(Secret::new(text))
    }
}

fn parse_name(name: &str) -> Result<HeaderName, KeyHeaderRejection> {
    let parsed: Option<HeaderName> = name.parse().ok();
    let parsed = parsed.ok_or_else(|| KeyHeaderRejection::Invalid(name.to_owned()))?;
    if RESERVED.contains(&parsed) {
        return Err(KeyHeaderRejection::Reserved(name.to_owned()));
    }
    Ok(parsed)
}

/// The headers, and the keys that are looked up.
pub(crate) struct ApiKeySessions {
    headers: Arc<KeyHeaders>,
    keys: Arc<ApiKeys>,
}

impl ApiKeySessions {
    /// Returns the scheme, if keys stand for sessions in this deployment.
    pub(crate) fn new(features: &Features) -> Option<Self> {
        Some(Self {
            headers: features.get()?,
            keys: features.get()?,
        })
    }
}

impl KeyScheme for ApiKeySessions {
    fn headers(&self) -> &[HeaderName] {
        &self.headers.0
    }

    fn look_up<'a>(&'a self, call: &'a Call<'a>) -> Option<LocalBoxFuture<'a, Result<KeySession, ApiError>>> {
        let key = self.headers.key(call.request.headers())?;
        Some(Box::pin(async move {
            Ok(self.keys.session(&key, &call.context()).await?)
        }))
    }
}
