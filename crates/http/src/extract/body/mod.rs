//! Typed bodies and queries: one declaration gives a struct, its schema and its reader.
//!
//! A reader reads every member first, in the declared order, and reports all issues at once in zod's words. The struct
//! is built only if there is no issue.

pub(crate) mod choice;
mod coerced;
mod declare;
mod input;
mod issues;
mod list;
mod member;
mod number;
mod object;
mod permissions;
mod place;
mod schema;
mod text;
mod union;

pub use self::schema::{Field, Schema, Shape};
pub(crate) use self::{
    choice::issue as choice_issue,
    coerced::{Coerced, text_of},
    declare::body,
    input::{Body, Input, OptionalBody, Query, Raw},
    issues::type_issue,
    member::{Anything, Member, Nullable, Reader},
    number::{AtLeast, WholeAtLeast},
    object::{ALTERNATIVES, AnyObject, Members, Object, Record, object},
    place::Place,
    text::{
        Email, EmailAsSent, FilledText, Image, Name, NewSecret, ProviderName, RedirectUrl, Secret, Text,
        Token, text_issue,
    },
    union::{OneOrMany, Scalar, UnsendableDate},
};

#[cfg(test)]
mod tests;
