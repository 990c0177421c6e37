//! Authentication of requests by middleware.

use std::{fmt, marker::PhantomData};

use serde::de::DeserializeOwned;

use crate::{Claims, Credentials, Error, Introspection, Introspector, Session, SessionChecker, Verifier};

/// Identifies the caller of a request. Middleware accepts every implementation.
pub trait Authenticate: Send + Sync + 'static {
    /// The authenticated caller. Middleware adds this value to the request.
    type Identity: Clone + Send + Sync + 'static;

    /// Returns the caller of a request with these credentials, or why there is none.
    fn authenticate(
        &self,
        credentials: &Credentials,
    ) -> impl Future<Output = Result<Self::Identity, Error>> + Send;
}

/// A [`Verifier`], [`SessionChecker`] or [`Introspector`] that reads the deployment's own fields as `T`.
pub struct WithFields<A, T> {
    inner: A,
    fields: PhantomData<fn() -> T>,
}

impl<A, T> WithFields<A, T> {
    pub(crate) const fn new(inner: A) -> Self {
        Self {
            inner,
            fields: PhantomData,
        }
    }
}

impl<A: Clone, T> Clone for WithFields<A, T> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone())
    }
}

impl<A: fmt::Debug, T> fmt::Debug for WithFields<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<T: DeserializeOwned + Clone + Send + Sync + 'static> Authenticate for WithFields<Verifier, T> {
    type Identity = Claims<T>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Claims<T>, Error> {
        verified(&self.inner, credentials).await
    }
}

impl Authenticate for Verifier {
    type Identity = Claims;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Claims, Error> {
        verified(self, credentials).await
    }
}

impl<T: DeserializeOwned + Clone + Send + Sync + 'static> Authenticate for WithFields<SessionChecker, T> {
    type Identity = Session<T>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Session<T>, Error> {
        signed_in(&self.inner, credentials).await
    }
}

impl Authenticate for SessionChecker {
    type Identity = Session;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Session, Error> {
        signed_in(self, credentials).await
    }
}

impl<T: DeserializeOwned + Clone + Send + Sync + 'static> Authenticate for WithFields<Introspector, T> {
    type Identity = Introspection<T>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Introspection<T>, Error> {
        introspected(&self.inner, credentials).await
    }
}

impl Authenticate for Introspector {
    type Identity = Introspection;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Introspection, Error> {
        introspected(self, credentials).await
    }
}

/// Verifies the bearer token.
pub(crate) async fn verified<T: DeserializeOwned>(
    verifier: &Verifier,
    credentials: &Credentials,
) -> Result<Claims<T>, Error> {
    let token = credentials.bearer_token()?.ok_or(Error::NoCredentials)?;
    verifier.verify(token).await
}

/// Checks the session cookie or bearer token.
pub(crate) async fn signed_in<T: DeserializeOwned>(
    checker: &SessionChecker,
    credentials: &Credentials,
) -> Result<Session<T>, Error> {
    if !checker.finds_any(credentials)? {
        return Err(Error::NoCredentials);
    }
    checker.check(credentials).await?.ok_or(Error::NotSignedIn)
}

async fn introspected<T: DeserializeOwned>(
    introspector: &Introspector,
    credentials: &Credentials,
) -> Result<Introspection<T>, Error> {
    let token = credentials.bearer_token()?.ok_or(Error::NoCredentials)?;
    introspector.introspect(token).await?.ok_or(Error::NotSignedIn)
}
