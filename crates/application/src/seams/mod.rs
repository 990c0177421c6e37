//! Seams: traits by which a feature takes part in a flow of the core.
//!
//! The core calls a list of implementations, in the order that the composition root writes, and does not know which
//! features are in it.

mod user_input;

pub use self::user_input::{Decision, Refusal, UserInput, UserInputs, UserOperation};
