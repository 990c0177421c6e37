//! What users do with themselves: change what is known of them, take another address, leave.

mod change_email;
mod delete;
mod update;

pub use self::{
    change_email::{ChangeEmail, ChangeEmailError, ChangeEmailOptions, NewEmail},
    delete::{DeleteUser, DeleteUserError, DeleteUserOptions, Deletion, Leaving},
    update::{UpdateUser, UpdateUserError, Updated},
};
