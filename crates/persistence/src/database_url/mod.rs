//! `DATABASE_URL`, in libpq's dialect or another tool's.

use std::{fmt, time::Duration};

use portcullis_domain::secret::Secret;

use crate::pool::PoolOptions;

mod address;
mod parameter;

use parameter::Parameters;

/// The drivers that Python's tools name in the scheme.
const DRIVERS: [&str; 5] = ["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi"];
/// Schemes of other databases and of wrappers, to be refused by their name.
const FOREIGN_SCHEMES: [&str; 17] = [
    "cockroachdb",
    "file",
    "http",
    "https",
    "jdbc",
    "libsql",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "mssql",
    "mysql",
    "mysql2",
    "prisma",
    "prisma+postgres",
    "redis",
    "sqlite",
    "sqlserver",
];

/// Where the database is, and with which credentials: what libpq gets.
///
/// It shows nowhere but in [`expose`](Self::expose).
#[derive(Clone)]
pub struct DatabaseUrl {
    text: Secret<String>,
    is_behind_a_pooler: bool,
    size: Option<u32>,
    acquire: Option<Duration>,
}

/// Why a text is no database URL. It never holds the text, or a value of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// There is no text.
    #[error("it is empty")]
    Empty,
    /// The quotes of a shell or of an `.env` file are still there.
    #[error("it stands in quotes; leave them out")]
    Quoted,
    /// The scheme is that of something else.
    #[error("the scheme `{0}:` is not PostgreSQL's; it must begin with postgres:// or postgresql://")]
    Scheme(&'static str),
    /// The scheme is nothing that is known.
    #[error("it must begin with postgres:// or postgresql://")]
    NoScheme,
    /// A character has a meaning where it stands.
    #[error(
        "a special character in the user, the password or the database must be percent-encoded (@ is %40, / is %2F, : is %3A, ? is %3F, # is %23)"
    )]
    Unencoded,
    /// A percent sign is not followed by two hexadecimal digits.
    #[error("a percent sign must be followed by two hexadecimal digits (the sign itself is %25)")]
    BadEncoding,
    /// A port is no number, or none that can be.
    #[error("a port is not a number between 1 and 65535")]
    Port,
    /// A parameter is known neither to libpq nor to us.
    #[error("the parameter `{0}` is not known")]
    UnknownParameter(String),
    /// A parameter of another tool has no counterpart here.
    #[error("the parameter `{name}` cannot be used: {reason}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What to do instead.
        reason: &'static str,
    },
    /// Two parameters say different things of the same.
    #[error("the parameter `{0}` is given twice, or beside another that means the same")]
    Twice(&'static str),
}

impl DatabaseUrl {
    /// Reads a URL. Parameters that other tools use are translated into libpq's.
    ///
    /// # Errors
    ///
    /// Where it is another database's, is not well formed, or has a parameter that means nothing here.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let rest = after_scheme(text.trim())?;
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parameters = Parameters::parse(query)?;
        address::check(address)?;
        let parameters = parameters.for_hosts(address);
        Ok(Self {
            text: Secret::new(format!("postgresql://{address}?{}", parameters.for_libpq())),
            is_behind_a_pooler: parameters.is_behind_a_pooler,
            size: parameters.size,
            acquire: parameters.acquire,
        })
    }

    /// The URL as libpq gets it, credentials and all.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// Whether sessions are shared with others (`pgbouncer=true`), so that nothing may be left in them.
    pub(crate) const fn is_behind_a_pooler(&self) -> bool {
        self.is_behind_a_pooler
    }

    /// The options, with what the URL itself says of the pool.
    pub(crate) fn adjust(&self, options: PoolOptions) -> PoolOptions {
        PoolOptions {
            size: self.size.unwrap_or(options.size),
            acquire: self.acquire.unwrap_or(options.acquire),
            ..options
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

fn after_scheme(text: &str) -> Result<&str, DatabaseUrlError> {
    if text.is_empty() {
        return Err(DatabaseUrlError::Empty);
    }
    if text.starts_with(['"', '\'']) {
        return Err(DatabaseUrlError::Quoted);
    }
    let Some((scheme, rest)) = text.split_once(':') else {
        return Err(DatabaseUrlError::NoScheme);
    };
    let scheme = scheme.to_ascii_lowercase();
    let (base, driver) = scheme.split_once('+').unwrap_or((&scheme, ""));
    if matches!(base, "postgres" | "postgresql") && (driver.is_empty() || DRIVERS.contains(&driver)) {
        return rest.strip_prefix("//").ok_or(DatabaseUrlError::NoScheme);
    }
    let foreign = |name: &str| FOREIGN_SCHEMES.iter().find(|foreign| **foreign == name);
    Err(foreign(&scheme)
        .or_else(|| foreign(base))
        .map_or(DatabaseUrlError::NoScheme, |name| DatabaseUrlError::Scheme(name)))
}

#[cfg(test)]
mod tests;
