//! Error codes of organizations. Names are derived from Better Auth's messages.

pub(super) mod invitation;
pub(super) mod member;
pub(super) mod of_organization;
pub(super) mod role;
pub(super) mod team;
