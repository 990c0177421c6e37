//! The keys of limits, and of the log.

use super::{BYTES, Key, Otherwise, SECONDS, Value, choice, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "limits.body",
        number(1024, 16_777_216, BYTES),
        Value("65536"),
        "The longest body of a request; 413 above.",
    ),
    key(
        "limits.head",
        number(1024, 65_536, BYTES),
        Value("16384"),
        "The longest head of a request; 431 above.",
    ),
    key(
        "limits.name",
        number(1, 4096, "code points"),
        Value("256"),
        "The longest name; 400 above.",
    ),
    key(
        "limits.url",
        number(64, 65_536, "code points"),
        Value("2048"),
        "The longest URL in a field; 400 above.",
    ),
    key(
        "limits.text",
        number(64, 65_536, "code points"),
        Value("4096"),
        "The longest text in any other field; 400 above.",
    ),
    key(
        "limits.user_agent",
        number(0, 4096, BYTES),
        Value("512"),
        "How much of the user agent is stored; the rest is cut.",
    ),
    key(
        "limits.request_timeout",
        number(1, 300, SECONDS),
        Value("5"),
        "How long a request may take before it is answered with 503.",
    ),
    key(
        "limits.drain_timeout",
        number(0, 600, SECONDS),
        Value("30"),
        "How long requests in flight may take to finish after SIGTERM.",
    ),
    key(
        "limits.connections",
        number(1, 1_000_000, "connections"),
        Value("10000"),
        "How many connections clients may have open at once; fewer if the limit of open files allows fewer. When one more comes, the connection that has been idle longest is closed, or the new one if requests are under way on all of them.",
    ),
    key(
        "limits.workers",
        number(1, 1024, "threads"),
        Otherwise("as many as cores"),
        "How many threads serve requests.",
    ),
    key(
        "log.format",
        choice(&["json", "text"], &[]),
        Otherwise("`text` on a terminal, else `json`"),
        "How lines of the log look.",
    ),
    key(
        "log.level",
        choice(&["error", "warn", "info", "debug", "trace"], &[]),
        Value("info"),
        "The least important lines that are still written.",
    ),
];
