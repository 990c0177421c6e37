//! Traits by which plugins take part in core flows. Each has one method. The core calls a list of implementations, in the
//! order in which the list was built, and does not know who is in it.

mod decision;
mod session_lens;
mod user_defaults;
mod user_input;

pub use self::{
    decision::{Decision, Refusal},
    session_lens::SessionLens,
    user_defaults::UserDefaults,
    user_input::{UserInput, UserInputs, UserOperation},
};
