//! The documentation of a route: what the types of its handler do not express.
//!
//! Every route has one, because only [`Undocumented::documented`](crate::route::Undocumented::documented) makes a
//! [`Route`](crate::route::Route). It stands beside the handler, as data. What the route's own properties imply is not
//! repeated in it: the body and the query, who may call, and the errors of the [`pipeline`].

pub(crate) mod pipeline;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::{code::Code, view::outcome::Challenged};

/// The documentation of a route.
pub(crate) struct Operation {
    /// What the route does, in one line, as an instruction without a full stop.
    pub(crate) summary: &'static str,
    /// The parameters that the handler reads from the query itself. Those of its `Query` are known.
    pub(crate) query: &'static [Parameter],
    /// Every answer that is no error.
    pub(crate) answers: &'static [Answer],
    /// The errors that the handler reports. Those of the pipeline are known.
    pub(crate) codes: &'static [&'static Code],
}

/// A parameter of a query: any text.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// An answer that is no error.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a separate fact about the answer, and all combinations exist"
)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// When it is sent, or what it contains.
    pub(crate) description: &'static str,
    pub(crate) content: Content,
    /// Whether it has a header `Location`.
    pub(crate) has_location: bool,
    /// Whether it sets or clears cookies.
    pub(crate) sets_cookies: bool,
    /// Whether it contains the session whose row was read.
    pub(crate) contains_session: bool,
    /// Whether it is sent only if a feature asks for a second step.
    pub(crate) is_of_second_step: bool,
}

/// The body of an answer.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    Nothing,
    /// JSON of the type that the handler serialises.
    Json(fn(&mut SchemaGenerator) -> Schema),
    Html,
}

/// A header that a response decorator adds.
pub(crate) struct AddedHeader {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) sent_with: SentWith,
}

/// The answers that may have an added header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SentWith {
    /// Answers that set cookies.
    Cookies,
    /// Answers that contain the session whose row was read.
    Session,
}

impl Answer {
    /// The answer to a sign-in that waits for a second step.
    pub(crate) const CHALLENGE: Self = Self {
        is_of_second_step: true,
        ..Self::json::<Challenged>("A second step must follow").with_cookies()
    };

    /// 200 with the JSON of a `T`.
    pub(crate) const fn json<T: JsonSchema>(description: &'static str) -> Self {
        Self::new(
            200,
            description,
            Content::Json(SchemaGenerator::subschema_for::<T>),
        )
    }

    /// 200 with a page.
    pub(crate) const fn html(description: &'static str) -> Self {
        Self::new(200, description, Content::Html)
    }

    /// 200 without a body.
    pub(crate) const fn empty(description: &'static str) -> Self {
        Self::new(200, description, Content::Nothing)
    }

    /// 302 to another page.
    pub(crate) const fn redirect(description: &'static str) -> Self {
        Self::new(302, description, Content::Nothing).with_location()
    }

    const fn new(status: u16, description: &'static str, content: Content) -> Self {
        Self {
            status,
            description,
            content,
            has_location: false,
            sets_cookies: false,
            contains_session: false,
            is_of_second_step: false,
        }
    }

    /// Replaces the status.
    pub(crate) const fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Adds a header `Location`.
    pub(crate) const fn with_location(self) -> Self {
        Self {
            has_location: true,
            ..self
        }
    }

    /// Sets or clears cookies.
    pub(crate) const fn with_cookies(self) -> Self {
        Self {
            sets_cookies: true,
            ..self
        }
    }

    /// Contains the session whose row was read.
    pub(crate) const fn with_session(self) -> Self {
        Self {
            contains_session: true,
            ..self
        }
    }
}
