//! Tests of administration.

mod changes;
mod contract;
mod impersonation;
mod operator;
mod seams;
mod takeover;
mod world;
