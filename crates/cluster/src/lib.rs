//! A private PostgreSQL: found, made, started, adopted and stopped.
//!
//! [`Programs::find`] looks for PostgreSQL on this machine; [`Cluster::start`] makes a cluster in a folder where
//! there is none, starts it where it does not run, and adopts it where it does. Several processes may hold one
//! cluster; the last that lets go stops it. It listens on a unix socket alone, in a folder that nobody but its
//! user (and root) can enter, and that is all its protection: who reaches the socket is the superuser.
//!
//! PostgreSQL refuses to run as root, so a program that is root runs it as the user `postgres`, else `nobody`.
//! Everything here blocks; nothing here speaks SQL.

mod account;
mod cluster;
mod data_folder;
mod error;
mod files;
mod install;
mod place;
mod postmaster;
mod processes;
mod programs;

pub use account::private_folder;
pub use cluster::{Cluster, Durability, Options};
pub use error::Error;
pub use place::temporary_folder;
pub use programs::{Programs, search_path};
