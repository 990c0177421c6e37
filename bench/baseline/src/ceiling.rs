//! Ceiling of sign-ins: how many passwords a second the machine hashes on all cores, with the libraries and parameters of
//! Portcullis, and with nothing else to do.
//!
//! `portcullis-ceiling scrypt|argon2id SECONDS` prints the number of hashes per second.

use std::{
    env,
    error::Error,
    hint::black_box,
    io::{self, Write},
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use openssl::pkcs5;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PASSWORD: &[u8] = b"correct horse battery";
const SALT: &[u8] = b"0123456789abcdef";
const ARGON2ID: (u32, u32, u32) = (19 * 1024, 2, 1);
const MOST_MEMORY: u64 = 64 * 1024 * 1024;

/// Repeats a hash until the end of the measurement. Returns how many were made.
fn repeat(end: Instant, mut hash: impl FnMut() -> Outcome<()>) -> Outcome<u32> {
    let mut count = 0;
    while Instant::now() < end {
        hash()?;
        count += 1;
    }
    Ok(count)
}

fn scrypt(end: Instant) -> Outcome<u32> {
    repeat(end, || {
        let mut key = [0; 64];
        pkcs5::scrypt(PASSWORD, SALT, 16 * 1024, 16, 1, MOST_MEMORY, &mut key)?;
        black_box(key);
        Ok(())
    })
}

fn argon2id(end: Instant) -> Outcome<u32> {
    let (memory, passes, lanes) = ARGON2ID;
    let params = Params::new(memory, passes, lanes, None).map_err(|error| error.to_string())?;
    let mut blocks = vec![Block::default(); params.block_count()];
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    repeat(end, || {
        let mut key = [0; 32];
        let hashed = argon2id.hash_password_into_with_memory(PASSWORD, SALT, &mut key, &mut blocks);
        black_box(key);
        Ok(hashed.map_err(|error| error.to_string())?)
    })
}

fn main() -> Outcome<()> {
    let mut arguments = env::args().skip(1);
    let hash = match arguments.next().as_deref() {
        Some("scrypt") => scrypt,
        Some("argon2id") => argon2id,
        _ => return Err("usage: portcullis-ceiling scrypt|argon2id SECONDS".into()),
    };
    let seconds: f64 = arguments.next().ok_or("SECONDS is missing")?.parse()?;
    let start = Instant::now();
    let end = start + Duration::try_from_secs_f64(seconds)?;

    let cores = thread::available_parallelism()?.get();
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(move || hash(end))).collect();
    let mut count = 0;
    for thread in threads {
        count += thread.join().map_err(|_| "a thread panicked")??;
    }

    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    writeln!(io::stdout(), "{rate}")?;
    Ok(())
}
