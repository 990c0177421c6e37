//! What messages contain.

use crate::{email::EmailAddress, id::UserId, secret::Secret};

/// What a message contains in addition to text.
#[derive(Clone, Debug)]
pub enum Content {
    /// A link to follow.
    Link(Link),
    /// A code to type.
    Code(Secret<String>),
    /// A link to follow, and who invites to what.
    Invitation(Box<InvitationContent>),
    /// Nothing.
    Notice,
}

/// A link that contains a token.
#[derive(Clone, Debug)]
pub struct Link {
    /// The URL to follow.
    pub url: Secret<String>,
    /// The token in the URL.
    pub token: Secret<String>,
    /// The user's new address, if the link confirms a change of address.
    pub new_email: Option<EmailAddress>,
}

/// What the message of an invitation contains.
#[derive(Clone, Debug)]
pub struct InvitationContent {
    /// The link to follow. Its token is the id of the invitation.
    pub link: Link,
    /// The roles that the recipient gets, as they are stored.
    pub role: String,
    /// The organization's id.
    pub organization_id: String,
    /// The organization's name.
    pub organization_name: String,
    /// The organization's slug.
    pub organization_slug: String,
    /// The member who invites.
    pub inviter: Recipient,
}

/// The user that a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The user's id.
    pub id: UserId,
    /// The address that the message is sent to, as in Better Auth: during a change of address it may be the new one. If
    /// the message is sent to a phone, the user's address.
    pub email: EmailAddress,
    /// The user's name.
    pub name: String,
}
