//! The arguments of `portcullis users`.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::duration;

/// Parts of the command line that name users.
#[derive(Clone, Debug, Subcommand)]
#[expect(clippy::doc_markdown, reason = "it is shown as plain text")]
pub(crate) enum UsersCommand {
    /// List users, in the order of their sign-up
    List(List),
    /// Show a user, the user's accounts and sessions
    Show(One),
    /// Create a user; print a link by which the user sets a password
    Create(Create),
    /// Set the roles of a user
    SetRole {
        #[command(flatten)]
        user: One,
        /// The new roles, which replace all old ones
        #[arg(required = true, value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Ban a user, and end the user's sessions
    Ban {
        #[command(flatten)]
        user: One,
        /// Reason of the ban [default: plugins.admin.default_ban_reason]
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Length of the ban: 90m, 12h, 30d, or seconds [default: plugins.admin.default_ban_expires_in]
        #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
        length: Option<f64>,
    },
    /// Lift the ban of a user
    Unban(One),
    /// Print a link by which a user sets a new password
    ResetPassword {
        #[command(flatten)]
        user: One,
        /// Send the link to the user's address, and do not print it
        #[arg(long)]
        mail: bool,
    },
    /// End all sessions of a user
    RevokeSessions(One),
    /// Delete a user and everything that belongs to the user
    Delete {
        #[command(flatten)]
        user: One,
        /// Confirm the deletion, which cannot be undone
        #[arg(long)]
        yes: bool,
    },
}

/// A user.
#[derive(Args, Clone, Debug)]
pub(crate) struct One {
    /// E-mail address or id of the user
    pub(crate) user: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which users are listed.
#[derive(Args, Clone, Debug)]
pub(crate) struct List {
    /// Only users whose e-mail address contains this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) email: Option<String>,
    /// Only users whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// Only users whose roles contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) role: Option<String>,
    /// Only users who are marked as banned
    #[arg(long)]
    pub(crate) banned: bool,
    /// Maximum number of users to print
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: u32,
    /// Number of users to skip at the beginning
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The new user.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an argument of its own")]
#[expect(clippy::doc_markdown, reason = "it is shown as plain text")]
pub(crate) struct Create {
    /// E-mail address of the user
    pub(crate) email: String,
    /// Name of the user
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// A role of the user; may be repeated [default: plugins.admin.default_role]
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    /// Mark the address as verified
    #[arg(long)]
    pub(crate) verified: bool,
    /// Values of additional fields of users, as a JSON object
    #[arg(long, value_name = "JSON", value_parser = object)]
    pub(crate) data: Option<Map<String, Value>>,
    /// Read the password from the first line of the standard input, and print no link
    #[arg(long, conflicts_with = "mail")]
    pub(crate) password_stdin: bool,
    /// Send the link to the user's address, and do not print it
    #[arg(long)]
    pub(crate) mail: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl UsersCommand {
    /// Returns whether the password of the new user is read from the standard input.
    pub(crate) const fn reads_password(&self) -> bool {
        matches!(
            self,
            Self::Create(Create {
                password_stdin: true,
                ..
            })
        )
    }

    /// Returns whether the results are printed as JSON.
    pub(crate) const fn is_json(&self) -> bool {
        match self {
            Self::List(List { json, .. })
            | Self::Create(Create { json, .. })
            | Self::Show(One { json, .. })
            | Self::Unban(One { json, .. })
            | Self::RevokeSessions(One { json, .. })
            | Self::SetRole {
                user: One { json, .. },
                ..
            }
            | Self::Ban {
                user: One { json, .. },
                ..
            }
            | Self::ResetPassword {
                user: One { json, .. },
                ..
            }
            | Self::Delete {
                user: One { json, .. },
                ..
            } => *json,
        }
    }
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("not a JSON object: {error}"))
}
