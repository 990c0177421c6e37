//! Tests of administration.

mod changes;
mod impersonation;
mod seams;
mod world;
