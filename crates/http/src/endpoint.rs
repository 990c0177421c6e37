//! Endpoints: a handler with the callers that it accepts and the input that it reads.
//!
//! The types of the handler's arguments are the declaration: the schemas of a route are those of the handler's input,
//! and a handler that takes a caller cannot be called without the proof of one.

use std::sync::Arc;

use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;
use portcullis_application::session::{FreshCaller, StrictCaller};

use crate::{
    call::Call,
    caller,
    error::ApiError,
    extract::body::{Input, Raw, Schema},
    features::{Core, Features},
    options::Limits,
};

/// The future of a handler's response.
pub(crate) type Answering<'a> = LocalBoxFuture<'a, Result<HttpResponse, ApiError>>;
/// Reads a request's input. The result authenticates the caller and calls the handler.
pub(crate) type Entry = Box<dyn Fn(Raw<'_>, &Limits) -> Result<Accepted, ApiError> + Send + Sync>;
/// The rest of the work for a request whose input is valid.
pub(crate) type Accepted = Box<dyn for<'a> FnOnce(Call<'a>) -> Answering<'a>>;

/// The callers that an endpoint accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Every client.
    Public,
    /// Callers with a live session.
    Session,
    /// Callers with a live session that is fresh enough for dangerous operations.
    FreshSession,
    /// Services that authenticate themselves, or that use a private listener.
    Service,
    /// Services that authenticate themselves and are administrators.
    Administrator,
}

/// The handler of a route.
pub(crate) trait Endpoint: Sync {
    /// Returns which callers are accepted.
    fn access(&self) -> Access;

    /// Returns whether the caller's session is looked up before the handler is called.
    fn looks_up_caller(&self) -> bool;

    /// Returns the schema of the body. `None`: the body is ignored.
    fn body(&self) -> Option<&'static Schema>;

    /// Returns whether the body may be missing.
    fn is_body_optional(&self) -> bool;

    /// Returns the schema of the query. `None`: the query is ignored.
    fn query(&self) -> Option<&'static Schema>;

    /// Binds the handler to its feature. `None`: the feature is disabled.
    fn mount(&self, features: &Features) -> Option<Entry>;
}

/// An endpoint for every client.
pub(crate) struct Public<I, F = Core>(pub(crate) for<'a> fn(Call<'a, F>, I) -> Answering<'a>);

/// An endpoint for every client. The handler receives the caller if the client has a live session.
pub(crate) struct ForAnyone<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, Option<StrictCaller>, I) -> Answering<'a>,
);

/// An endpoint for callers with a live session. The handler receives the caller.
pub(crate) struct ForCallers<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, StrictCaller, I) -> Answering<'a>,
);

/// An endpoint for callers with a live session that is fresh enough for dangerous operations. The handler receives the
/// caller.
pub(crate) struct ForFreshCallers<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, FreshCaller, I) -> Answering<'a>,
);

/// Implements what an [`Endpoint`] declares of its input.
macro_rules! input_of {
    ($input:ident) => {
        fn body(&self) -> Option<&'static Schema> {
            $input::BODY
        }

        fn is_body_optional(&self) -> bool {
            $input::IS_BODY_OPTIONAL
        }

        fn query(&self) -> Option<&'static Schema> {
            $input::QUERY
        }
    };
}
pub(crate) use input_of;

impl<I: Input, F: Send + Sync + 'static> Endpoint for Public<I, F> {
    fn access(&self) -> Access {
        Access::Public
    }

    fn looks_up_caller(&self) -> bool {
        false
    }

    input_of!(I);

    fn mount(&self, features: &Features) -> Option<Entry> {
        let (handler, feature) = (self.0, features.get::<F>()?);
        Some(Box::new(move |raw, limits| {
            let (input, feature) = (I::read(raw, limits)?, Arc::clone(&feature));
            Ok(accepted(move |call| handler(call.of(feature), input)))
        }))
    }
}

/// Implements [`Endpoint`] for handlers that receive a caller: the type, who is accepted, and how the caller is found.
macro_rules! for_callers {
    ($($name:ident, $access:expr, $find:path;)+) => {$(
        impl<I: Input, F: Send + Sync + 'static> Endpoint for $name<I, F> {
            fn access(&self) -> Access {
                $access
            }

            fn looks_up_caller(&self) -> bool {
                true
            }

            input_of!(I);

            fn mount(&self, features: &Features) -> Option<Entry> {
                let (handler, feature) = (self.0, features.get::<F>()?);
                Some(Box::new(move |raw, limits| {
                    let (input, feature) = (I::read(raw, limits)?, Arc::clone(&feature));
                    Ok(accepted(move |call| {
                        Box::pin(async move {
                            let by = $find(&call).await?;
                            handler(call.of(feature), by, input).await
                        })
                    }))
                }))
            }
        }
    )+};
}

for_callers! {
    ForAnyone, Access::Public, caller::find;
    ForCallers, Access::Session, caller::require;
    ForFreshCallers, Access::FreshSession, caller::require_fresh;
}

pub(crate) fn accepted(answer: impl for<'a> FnOnce(Call<'a>) -> Answering<'a> + 'static) -> Accepted {
    Box::new(answer)
}
