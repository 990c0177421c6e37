//! The input of handlers: what of a request they read.

use serde_json::Value;

use super::{
    member::Reader,
    object::{Object, object},
    place::Place,
    schema::Schema,
};
use crate::{error::ApiError, extract::query::QueryString, options::Limits};

/// A body and a query as they were sent.
pub(crate) struct Raw<'a> {
    /// `None`: there is no body, or the route does not read it.
    pub(crate) body: Option<Value>,
    pub(crate) query: QueryString<'a>,
}

/// The type of a handler's input. The schemas of a route are those of this type.
pub(crate) trait Input: Sized + 'static {
    /// The schema of the body. `None`: the body is ignored.
    const BODY: Option<&'static Schema> = None;
    /// Whether the body may be missing.
    const IS_BODY_OPTIONAL: bool = false;
    /// The schema of the query. `None`: the query is ignored.
    const QUERY: Option<&'static Schema> = None;

    /// Reads the body and then the query.
    ///
    /// # Errors
    ///
    /// `VALIDATION_ERROR` with every issue of the first of them that has any.
    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError>;
}

/// A body. Undeclared members are ignored.
pub(crate) struct Body<B>(pub(crate) B);

/// A body that may be missing. Undeclared members are ignored.
pub(crate) struct OptionalBody<B>(pub(crate) Option<B>);

/// A query. Undeclared parameters are ignored, and a declared one that occurs twice is a list.
pub(crate) struct Query<Q>(pub(crate) Q);

impl Input for () {
    fn read(_raw: Raw<'_>, _limits: &Limits) -> Result<Self, ApiError> {
        Ok(())
    }
}

impl<B: Object + 'static> Input for Body<B> {
    const BODY: Option<&'static Schema> = Some(B::SCHEMA);

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        let mut reader = Reader::new(limits);
        let body = object(raw.body, Place::Whole("body"), &mut reader);
        body.map(Self).ok_or_else(|| reader.issues.refusal())
    }
}

impl<B: Object + 'static> Input for OptionalBody<B> {
    const BODY: Option<&'static Schema> = Some(B::SCHEMA);
    const IS_BODY_OPTIONAL: bool = true;

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        if raw.body.is_none() {
            return Ok(Self(None));
        }
        let Body(body) = Body::read(raw, limits)?;
        Ok(Self(Some(body)))
    }
}

impl<Q: Object + 'static> Input for Query<Q> {
    const QUERY: Option<&'static Schema> = Some(Q::SCHEMA);

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        let mut reader = Reader::new(limits);
        let query = Q::from_members(raw.query, Place::Whole("query"), &mut reader);
        query.map(Self).ok_or_else(|| reader.issues.refusal())
    }
}

impl<B: Object + 'static, Q: Object + 'static> Input for (Body<B>, Query<Q>) {
    const BODY: Option<&'static Schema> = Some(B::SCHEMA);
    const QUERY: Option<&'static Schema> = Some(Q::SCHEMA);

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        let query = raw.query;
        let body = Body::read(raw, limits)?;
        Ok((body, Query::read(Raw { body: None, query }, limits)?))
    }
}

impl<B: Object + 'static, Q: Object + 'static> Input for (OptionalBody<B>, Query<Q>) {
    const BODY: Option<&'static Schema> = Some(B::SCHEMA);
    const IS_BODY_OPTIONAL: bool = true;
    const QUERY: Option<&'static Schema> = Some(Q::SCHEMA);

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        let query = raw.query;
        let body = OptionalBody::read(raw, limits)?;
        Ok((body, Query::read(Raw { body: None, query }, limits)?))
    }
}
