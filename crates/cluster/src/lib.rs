//! A private PostgreSQL cluster.
//!
//! [`Programs::find`] looks for PostgreSQL on this machine. [`Cluster::start`] creates a cluster in a folder if there
//! is none, starts it if it does not run, and adopts it if it does. Several processes may use one cluster; the last one
//! that stops using it stops the server. The server listens only on a unix socket, in a folder that only its user (and
//! root) can enter. This is its only protection: every client that reaches the socket can be the superuser.
//!
//! PostgreSQL refuses to run as root, so a program that runs as root starts it as the user `postgres`, or else
//! `nobody`. All functions of this crate block; none sends SQL.

mod cluster;
mod data_folder;
mod error;
mod files;
mod install;
mod paths;
mod postmaster;
mod processes;
mod programs;
mod system_user;

pub use cluster::{Cluster, Durability, Options};
pub use error::Error;
pub use paths::temporary_folder;
pub use programs::{Programs, search_path};
pub use system_user::private_folder;
