//! Sign-in with accounts of other providers: the profiles of users at providers, and the rules by which their accounts
//! are linked to users.

mod linking;
mod profile;
mod state;

pub use self::{
    linking::{ExplicitLinkRefusal, LinkingPolicy},
    profile::{Profile, ProfileError, UserInfo},
    state::{AuthorizationState, LinkTarget, StateError},
};

/// Length of a state, in letters, digits, `-` and `_`, as in Better Auth: 192 bits.
pub const STATE_LENGTH: usize = 32;
/// Length of a code verifier (RFC 7636), in the same characters, as in Better Auth.
pub const CODE_VERIFIER_LENGTH: usize = 128;
/// The characters of states and code verifiers.
pub const STATE_ALPHABET: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
