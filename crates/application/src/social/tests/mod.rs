mod account_cookie;
mod callback;
mod creation;
mod id_token;
mod known;
mod link;
mod linking;
mod override_user;
mod planted;
mod proof;
mod state;
mod world;

use self::world::{Browser, World, answer, begin};
