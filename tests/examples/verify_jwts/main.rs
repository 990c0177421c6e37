//! Verifies a JWT in each line of standard input with a library of Rust, and prints a line for each. Its arguments are
//! the library, the algorithm, the issuer, the audience and the address of the keys.

mod keys;
mod with_josekit;
mod with_jsonwebtoken;

use std::{
    env,
    error::Error,
    io::{self, Write},
};

use crate::keys::Keys;

/// What a JWT must contain.
struct Expected {
    algorithm: String,
    issuer: String,
    audience: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let Ok([library, algorithm, issuer, audience, address]) = <[String; 5]>::try_from(arguments) else {
        return Err("arguments: LIBRARY ALGORITHM ISSUER AUDIENCE ADDRESS".into());
    };
    let claims = match library.as_str() {
        "josekit" => with_josekit::claims,
        _ => with_jsonwebtoken::claims,
    };
    let expected = Expected {
        algorithm,
        issuer,
        audience,
    };
    let mut keys = Keys::new(address);
    for line in io::stdin().lines() {
        let token = line?;
        let found = match keys.find(&token).await {
            Ok(key) => key.and_then(|key| claims(&token, key, &expected)),
            Err(error) => {
                writeln!(io::stdout(), "failed {error}")?;
                continue;
            }
        };
        let user = found.as_ref().and_then(|claims| claims.get("sub")?.as_str());
        match user {
            Some(user) => writeln!(io::stdout(), "accepted {user}")?,
            None => writeln!(io::stdout(), "rejected")?,
        }
    }
    Ok(())
}
