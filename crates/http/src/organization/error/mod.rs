//! The errors of organizations, as codes.

mod invitation;
mod member;
mod of_organization;
mod role;
mod team;

pub(super) use self::{role::of_reading, team::of_team_member};
