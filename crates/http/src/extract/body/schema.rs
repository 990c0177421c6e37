//! The schemas of bodies and queries, as data.

use super::member::Member;

/// The schema of a body or a query.
#[derive(Debug)]
pub struct Schema {
    /// The declared members, in the order in which their issues are reported.
    pub fields: &'static [Field],
    /// The types that zod expects of the whole value. Each of them reports an issue if the value is not an object.
    pub known_as: &'static [&'static str],
}

/// A member of a body, or a parameter of a query.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The values that are accepted.
    pub shape: Shape,
    /// Whether the member must be present.
    pub is_required: bool,
}

/// The values that a member accepts.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// Any text but the empty one.
    FilledText,
    /// One text, or a list of texts.
    OneOrMany,
    /// The name of a user.
    Name,
    /// A password. Its length is checked by the password policy.
    Secret,
    /// A new password: not empty.
    NewSecret,
    /// An e-mail address.
    Email,
    /// A URL to which the client is redirected.
    RedirectUrl,
    /// The URL of a picture: `http`, `https` or relative.
    Image,
    /// A token of another server, of any length.
    Token,
    /// An object with any members.
    Record,
    /// Resources with a list of actions each.
    Permissions,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A whole number that JavaScript represents exactly.
    WholeNumber,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of such values.
    List(&'static Shape),
    /// An object of this schema.
    Object(&'static Schema),
    /// Such a value or `null`.
    Nullable(&'static Shape),
    /// Any value.
    Anything,
}

impl Schema {
    /// Returns whether the schema has a member of this name.
    #[must_use]
    pub fn declares(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
}

impl Field {
    /// Declares a member that `M` reads.
    pub(crate) const fn of<M: Member>(name: &'static str) -> Self {
        Self {
            name,
            shape: M::SHAPE,
            is_required: M::IS_REQUIRED,
        }
    }
}
