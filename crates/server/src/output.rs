//! What the program says to whoever started it; everything else is the log's.

/// Says a result, on the standard output.
#[expect(clippy::print_stdout, reason = "the one place at which commands answer")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Tells a person something about the run, on the standard error.
#[expect(
    clippy::print_stderr,
    reason = "the one place at which people are told about a run"
)]
pub(crate) fn tell(text: &str) {
    eprintln!("{text}");
}
