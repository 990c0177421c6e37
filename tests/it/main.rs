//! Promises of the program, kept by driving it through its wire, and the laws of the house.

mod architecture;
mod cors;
mod health;
mod session;
mod sign_in;
mod sign_out;
mod sign_up;
mod unauthenticated;
mod wire_codes;
