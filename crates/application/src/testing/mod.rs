//! Test doubles of the ports: one unit of work full of mocks, and small fakes of the rest.

mod fakes;
mod store;

pub use fakes::{FixedClock, PlainHasher, PlainMac, SeededRandom};
pub use store::{FakeStore, FakeUnitOfWork};
