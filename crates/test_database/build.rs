//! Hashes the migrations and the path of this checkout.
//!
//! The hash of the migrations is part of the template's name, so a change creates a new template. The hash of the path is
//! part of the name of the shared server's folder, so each checkout has its own server.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

const MIGRATIONS: &str = "../../migrations";

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for file in files_below(Path::new(MIGRATIONS))? {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo::rerun-if-changed={MIGRATIONS}");
    println!("cargo::rustc-env=MIGRATIONS={:016x}", hasher.finish());

    let mut hasher = DefaultHasher::new();
    env::current_dir()?.hash(&mut hasher);
    println!("cargo::rustc-env=CHECKOUT={:016x}", hasher.finish());
    Ok(())
}

fn files_below(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.append(&mut files_below(&path)?);
        } else {
            files.insert(path);
        }
    }
    Ok(files)
}
