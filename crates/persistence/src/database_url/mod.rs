//! Parsing of `DATABASE_URL`, with the parameters of libpq or of other tools.

use std::{fmt, time::Duration};

use portcullis_domain::secret::Secret;

use crate::pool::PoolOptions;

mod address;
mod parameter;
mod role;

use parameter::Parameters;
use role::Role;

/// The drivers that Python tools add to the scheme.
const DRIVERS: [&str; 5] = ["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi"];
/// Schemes of other databases and of wrappers, which are rejected by name.
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

/// The schema that an adoption creates, unless another is chosen.
pub const ADOPTED_SCHEMA: &str = "portcullis";
/// The table in which an adoption records the tables and columns that it found.
pub(crate) const ADOPTION: &str = "portcullis_adoption";

/// A connection URL for libpq, with the credentials.
///
/// Only [`expose`](Self::expose) returns its text.
#[derive(Clone)]
pub struct DatabaseUrl {
    text: Secret<String>,
    hosts: Option<String>,
    is_behind_a_pooler: bool,
    size: Option<u32>,
    acquire: Option<Duration>,
    adopted_schema: String,
}

/// Why a text is not a valid database URL. It never contains the text or one of its values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// The text is empty.
    #[error("the URL is empty")]
    Empty,
    /// The text still has the quotes of a shell or an `.env` file.
    #[error("the URL is in quotes; remove the surrounding quotes")]
    Quoted,
    /// The scheme is that of another database or tool.
    #[error("the scheme `{0}:` is not PostgreSQL's; the URL must begin with postgres:// or postgresql://")]
    Scheme(&'static str),
    /// There is no scheme, or an unknown one.
    #[error("the URL must begin with postgres:// or postgresql://")]
    NoScheme,
    /// A special character is not percent-encoded.
    #[error(
        "a special character in the user, the password or the database must be percent-encoded (@ is %40, / is %2F, : is %3A, ? is %3F, # is %23)"
    )]
    Unencoded,
    /// A percent sign is not followed by two hexadecimal digits.
    #[error("a percent sign must be followed by two hexadecimal digits (the sign itself is %25)")]
    BadEncoding,
    /// A port is not a number, or out of range.
    #[error("a port is not a number between 1 and 65535")]
    Port,
    /// A parameter is unknown to libpq and to us.
    #[error("the parameter `{0}` is unknown")]
    UnknownParameter(String),
    /// A parameter has an invalid value, or is one of another tool without a counterpart in libpq.
    #[error("the parameter `{name}` cannot be used: {reason}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// Why, or what to do instead.
        reason: &'static str,
    },
    /// Two parameters set the same option.
    #[error("the parameter `{0}` is given twice, or together with another one that has the same meaning")]
    Twice(&'static str),
}

impl DatabaseUrl {
    /// Parses a URL. Parameters of other tools are translated to libpq's.
    ///
    /// # Errors
    ///
    /// If the URL is for another database, is malformed, or has a parameter that is unknown or not supported.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        Self::parse_for(text, Role::Primary)
    }

    /// Parses the URL of a standby. If it names several hosts, connections go to one that is a standby.
    ///
    /// # Errors
    ///
    /// The same as [`Self::parse`].
    pub fn parse_standby(text: &str) -> Result<Self, DatabaseUrlError> {
        Self::parse_for(text, Role::Standby)
    }

    fn parse_for(text: &str, role: Role) -> Result<Self, DatabaseUrlError> {
        let rest = after_scheme(text.trim())?;
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parameters = Parameters::parse(query)?;
        address::check(address)?;
        let parameters = parameters.for_hosts(address, role);
        Ok(Self {
            text: Secret::new(format!("postgresql://{address}?{}", parameters.for_libpq())),
            hosts: parameters
                .hosts()
                .or_else(|| address::hosts(address))
                .map(|hosts| address::decode(&hosts)),
            is_behind_a_pooler: parameters.is_behind_a_pooler,
            size: parameters.size,
            acquire: parameters.acquire,
            adopted_schema: ADOPTED_SCHEMA.to_owned(),
        })
    }

    /// Sets the schema that an adoption creates in this database, instead of [`ADOPTED_SCHEMA`]. The name must be one that
    /// SQL does not need to quote.
    #[must_use]
    pub fn with_adopted_schema(mut self, name: impl Into<String>) -> Self {
        self.adopted_schema = name.into();
        self
    }

    /// Returns the schema that an adoption creates in this database.
    #[must_use]
    pub fn adopted_schema(&self) -> &str {
        &self.adopted_schema
    }

    /// Returns the statements that set up a database session. Columns without a time zone contain times in UTC. In an
    /// adopted database, the adoption's schema comes first in the search path.
    pub(crate) fn session_settings(&self) -> String {
        let schema = &self.adopted_schema;
        let path = search_path_from(schema);
        format!(
            "SET TimeZone = 'UTC'; SELECT set_config('search_path', {path}, false) \
             WHERE EXISTS (SELECT FROM pg_catalog.pg_class c \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = '{schema}' AND c.relname = '{ADOPTION}')"
        )
    }

    /// Returns the URL for libpq, including the credentials.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// Returns the URL without the password, and the password: the arguments of a process are visible to other users.
    #[must_use]
    pub fn without_password(&self) -> (String, Option<Secret<String>>) {
        let text = self.expose();
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let (address, in_address) = address::split_password(address);
        let (in_query, others): (Vec<_>, Vec<_>) =
            query.split('&').partition(|pair| pair.starts_with("password="));
        let in_query = in_query.first().and_then(|pair| pair.strip_prefix("password="));
        let password = in_query
            .or(in_address)
            .map(|password| Secret::new(address::decode(password)));
        (format!("{address}?{}", others.join("&")), password)
    }

    /// Returns the host, or the hosts, separated by commas. `None`: the URL names no host.
    #[must_use]
    pub fn hosts(&self) -> Option<&str> {
        self.hosts.as_deref()
    }

    /// Returns whether database sessions are shared with other clients (`pgbouncer=true`), so that no state may be left
    /// in them.
    #[must_use]
    pub const fn is_behind_a_pooler(&self) -> bool {
        self.is_behind_a_pooler
    }

    /// Returns whether the URL sets a search path.
    pub(crate) fn sets_search_path(&self) -> bool {
        self.expose().contains("search_path")
    }

    /// Sets the size of the pool.
    pub(crate) const fn with_pool_size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    /// Returns `options` with the pool settings that the URL contains.
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

/// Returns an SQL expression: the search path, beginning with a schema whose name needs no quotes. The search path before
/// may be empty.
pub(crate) fn search_path_from(schema: &str) -> String {
    format!("concat_ws(', ', '{schema}', nullif(btrim(current_setting('search_path')), ''))")
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
