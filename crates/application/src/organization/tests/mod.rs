//! Tests of the use cases of organizations.

mod activation;
mod invitations;
mod invite;
mod lists;
mod members;
mod organizations;
mod roles;
mod teams;
mod user_deletion_guard;
mod world;
