//! The declaration of bodies, queries and enumerations of texts.

/// Declares a body, a query, or the texts that a member may have.
///
/// ```ignore
/// body! {
///     SignUp as ["object", "record"] {
///         email: Email = "email",
///         remember_me: Option<bool> = "rememberMe",
///         ..undeclared
///     }
/// }
/// body! { enum Order { Ascending = "asc", Descending = "desc" } }
/// ```
///
/// Each line names a member of the struct, the [`Member`](super::member::Member) that reads it, and its name on the
/// wire. After `as` stand the types that zod expects of the body; each of them reports an issue if the body is not an
/// object. `..name` keeps the members that are not declared, which are ignored otherwise.
macro_rules! body {
    ($name:ident { $($members:tt)* }) => {
        $crate::extract::body::body! { $name as ["object"] { $($members)* } }
    };
    ($name:ident as [$($known_as:literal),+] {
        $($field:ident: $member:ty = $wire:literal,)+ $(..$rest:ident)?
    }) => {
        pub(crate) struct $name {
            $(pub(crate) $field: <$member as $crate::extract::body::Member>::Value,)+
            $(pub(crate) $rest: ::serde_json::Map<String, ::serde_json::Value>,)?
        }

        impl $crate::extract::body::Object for $name {
            const SCHEMA: &'static $crate::extract::body::Schema = &$crate::extract::body::Schema {
                fields: &[$($crate::extract::body::Field::of::<$member>($wire)),+],
                known_as: &[$($known_as),+],
            };

            fn from_members(
                mut members: impl $crate::extract::body::Members,
                at: $crate::extract::body::Place<'_>,
                reader: &mut $crate::extract::body::Reader<'_>,
            ) -> Option<Self> {
                $(let $field = <$member as $crate::extract::body::Member>::read(
                    members.take($wire),
                    at.member($wire),
                    reader,
                );)+
                Some(Self {
                    $($field: $field?,)+
                    $($rest: members.rest(),)?
                })
            }
        }

        impl $crate::extract::body::Member for $name {
            type Value = Self;

            const SHAPE: $crate::extract::body::Shape =
                $crate::extract::body::Shape::Object(<Self as $crate::extract::body::Object>::SCHEMA);

            fn read(
                value: Option<::serde_json::Value>,
                at: $crate::extract::body::Place<'_>,
                reader: &mut $crate::extract::body::Reader<'_>,
            ) -> Option<Self> {
                $crate::extract::body::object(value, at, reader)
            }
        }
    };
    (enum $name:ident { $($variant:ident = $wire:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $($variant,)+
        }

        impl $crate::extract::body::choice::Choice for $name {
            const OPTIONS: &'static [(&'static str, Self)] = &[$(($wire, Self::$variant)),+];
            const NAMES: &'static [&'static str] = &[$($wire),+];
        }
    };
}

pub(crate) use body;
