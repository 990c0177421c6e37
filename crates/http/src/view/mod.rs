//! The JSON of users, sessions and accounts, with Better Auth's keys in Better Auth's order; and the HTML pages.

pub(crate) mod account;
pub(crate) mod confirm_page;
pub(crate) mod date;
pub(crate) mod error_page;
pub(crate) mod error_words;
pub(crate) mod home_page;
pub(crate) mod html;
pub(crate) mod inbox_page;
pub(crate) mod outcome;
pub(crate) mod password_page;
mod presenter;
pub(crate) mod session;
mod shown;
pub(crate) mod user;

pub(crate) use self::{
    presenter::{ActiveSessionView, Presenter},
    shown::Shown,
};

#[cfg(test)]
mod tests;
