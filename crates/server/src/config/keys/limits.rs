//! The keys of limits, and of the log.

use super::{BYTES, Key, Otherwise, SECONDS, Value, choice, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "limits.body",
        number(1024, 16_777_216, BYTES),
        Value("65536"),
        "Maximum size of a request body; 413 above.",
    ),
    key(
        "limits.head",
        number(1024, 65_536, BYTES),
        Value("16384"),
        "Maximum size of a request's line and headers; 431 above.",
    ),
    key(
        "limits.name",
        number(1, 4096, "code points"),
        Value("256"),
        "Maximum length of a name; 400 above.",
    ),
    key(
        "limits.url",
        number(64, 65_536, "code points"),
        Value("2048"),
        "Maximum length of a URL in a field; 400 above.",
    ),
    key(
        "limits.text",
        number(64, 65_536, "code points"),
        Value("4096"),
        "Maximum length of any other text field; 400 above.",
    ),
    key(
        "limits.user_agent",
        number(0, 4096, BYTES),
        Value("512"),
        "Maximum stored length of the user agent; the rest is cut off.",
    ),
    key(
        "limits.request_timeout",
        number(1, 300, SECONDS),
        Value("5"),
        "How long a request may take; 503 after that.",
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
        "Maximum number of client connections; fewer if the limit of open files allows fewer. When another client connects, the connection that has been idle longest is closed. If all are busy, the new one is closed.",
    ),
    key(
        "limits.workers",
        number(1, 1024, "threads"),
        Otherwise("the number of cores"),
        "Number of threads that serve requests.",
    ),
    key(
        "log.format",
        choice(&["json", "text"], &[]),
        Otherwise("`text` on a terminal, else `json`"),
        "Format of log lines.",
    ),
    key(
        "log.level",
        choice(&["error", "warn", "info", "debug", "trace"], &[]),
        Value("info"),
        "Minimum level of log lines that are written.",
    ),
];
