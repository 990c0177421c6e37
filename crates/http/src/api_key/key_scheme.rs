//! API keys that stand for sessions.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName};
use futures_util::future::LocalBoxFuture;
use portcullis_application::{api_key::ApiKeys, session::KeySession};
use portcullis_domain::{api_key::PlainKey, secret::Secret};

use crate::{call::Call, credential::KeyScheme, error::ApiError, features::Features};

/// The headers in which requests present API keys that stand for sessions, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHeaders(Vec<HeaderName>);

impl KeyHeaders {
    /// Returns these headers. `None`: a name is no name of a header.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let names = names.into_iter().map(|name| name.parse().ok());
        names.collect::<Option<_>>().map(Self)
    }

    /// Returns the key of the first header that is not empty. The lines of a header that is repeated are one text, as HTTP
    /// defines it, so that no server chooses one of several keys.
    fn key(&self, headers: &HeaderMap) -> Option<PlainKey> {
        let mut texts = self.0.iter().map(|name| {
            let lines = headers.get_all(name).filter_map(|line| line.to_str().ok());
            lines.collect::<Vec<_>>().join(", ")
        });
        let text = texts.find(|text| !text.is_empty())?;
        Some(Secret::new(text))
    }
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
    fn look_up<'a>(&'a self, call: &'a Call<'a>) -> Option<LocalBoxFuture<'a, Result<KeySession, ApiError>>> {
        let key = self.headers.key(call.request.headers())?;
        Some(Box::pin(async move {
            Ok(self.keys.session(&key, &call.context()).await?)
        }))
    }
}
