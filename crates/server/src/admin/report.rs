//! Results of `portcullis users`, as text or as JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_application::{admin::UserState, password_reset::ResetLink};
use portcullis_domain::{
    additional::FieldSchema,
    admin::{BAN_EXPIRES, BAN_REASON, BANNED, ROLE},
    session::Session,
    user::User,
};
use serde_json::{Map, Value, json};

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Report {
    /// The lines of the text.
    lines: Vec<String>,
    /// The members of the JSON object.
    json: Map<String, Value>,
}

/// How a user gets a link by which the user sets a password.
pub(super) enum Invitation {
    /// The operator passes the link on.
    Printed(ResetLink),
    /// A message contains the link.
    Mailed,
}

impl Report {
    /// Users in a list.
    pub(super) fn page(fields: &FieldSchema, users: &[User], total: u64) -> Self {
        let rows = users.iter().map(row).collect::<Vec<_>>();
        let mut lines = table(&rows);
        lines.push(format!("{} of {total} users", users.len()));
        let users: Vec<_> = users.iter().map(|user| members(fields, user)).collect();
        Self::of(lines, json!({ "users": users, "total": total }))
    }

    /// A user, and what belongs to the user.
    pub(super) fn state(fields: &FieldSchema, state: &UserState) -> Self {
        let UserState {
            user,
            providers,
            sessions,
        } = state;
        let shown = members(fields, user);
        let mut lines: Vec<_> = shown
            .iter()
            .map(|(name, value)| format!("{name}: {}", plain(value)))
            .collect();
        let accounts = providers
            .iter()
            .map(|provider| safe(provider))
            .collect::<Vec<_>>();
        lines.push(format!("accounts: {}", accounts.join(", ")));
        lines.push(format!("sessions: {}", sessions.len()));
        lines.extend(sessions.iter().map(session_line));
        let sessions: Vec<_> = sessions.iter().map(session).collect();
        Self::of(
            lines,
            json!({ "user": shown, "accounts": providers, "sessions": sessions }),
        )
    }

    /// A user whom a command has changed. `done` states how.
    pub(super) fn user(fields: &FieldSchema, user: &User, done: &str) -> Self {
        let line = format!(
            "{done} {} ({})",
            safe(user.email.as_str()),
            safe(user.id.as_str())
        );
        Self::of(vec![line], json!({ "user": members(fields, user) }))
    }

    /// The report, and how the user gets a link.
    pub(super) fn with(mut self, invitation: Invitation) -> Self {
        match invitation {
            Invitation::Printed(ResetLink { url, expires_at }) => {
                self.lines.push(url.expose().clone());
                let link = json!({ "url": url.expose(), "expiresAt": time(expires_at) });
                self.json.insert("link".to_owned(), link);
            }
            Invitation::Mailed => {
                self.lines
                    .push("a running server sends the link to the user's address".to_owned());
                self.json.insert("mailed".to_owned(), Value::Bool(true));
            }
        }
        self
    }

    /// Returns the report as it is printed.
    pub(crate) fn text(&self, is_json: bool) -> String {
        if is_json {
            return Value::Object(self.json.clone()).to_string();
        }
        self.lines.join("\n")
    }

    fn of(lines: Vec<String>, json: Value) -> Self {
        let json = match json {
            Value::Object(members) => members,
            other => Map::from_iter([("value".to_owned(), other)]),
        };
        Self { lines, json }
    }
}

/// Returns the members of a user's JSON, those of clients.
fn members(fields: &FieldSchema, user: &User) -> Map<String, Value> {
    let own = [
        ("id", user.id.as_str().into()),
        ("email", user.email.as_str().into()),
        ("emailVerified", user.email_verified.into()),
        ("name", user.name.as_str().into()),
        ("image", user.image.as_deref().into()),
        ("createdAt", time(user.created_at)),
        ("updatedAt", time(user.updated_at)),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    let additional = fields.shown(&user.additional);
    own.chain(additional.map(|(name, value)| (name.to_owned(), value.clone())))
        .collect()
}

fn session(session: &Session) -> Value {
    json!({
        "id": session.id.as_str(),
        "createdAt": time(session.created_at),
        "updatedAt": time(session.updated_at),
        "expiresAt": time(session.expires_at),
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
    })
}

fn session_line(session: &Session) -> String {
    let [ip_address, user_agent] =
        [&session.ip_address, &session.user_agent].map(|text| safe(text.as_deref().unwrap_or_default()));
    let (start, end) = (plain(&time(session.created_at)), plain(&time(session.expires_at)));
    format!("  {start} to {end} {ip_address} {user_agent}")
        .trim_end()
        .to_owned()
}

/// The columns of a user in a list.
fn row(user: &User) -> [String; 5] {
    let text = |name: &str| safe(user.additional.get(name).as_str().unwrap_or_default());
    let status = match (user.additional.get(BANNED), user.email_verified) {
        (Value::Bool(true), _) => format!("banned {} {}", text(BAN_EXPIRES), text(BAN_REASON)),
        (_, true) => "verified".to_owned(),
        (_, false) => "not verified".to_owned(),
    };
    let [id, email, name] = [user.id.as_str(), user.email.as_str(), &user.name].map(safe);
    [id, email, name, text(ROLE), status]
}

/// Returns the rows with a head, in columns.
fn table(rows: &[[String; 5]]) -> Vec<String> {
    let head = ["ID", "EMAIL", "NAME", "ROLE", "STATUS"].map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let mut widths = [0; 5];
    for cells in all() {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |cells: &[String; 5]| {
        let cells = cells.iter().zip(widths);
        let cells: Vec<_> = cells.map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    all().map(line).collect()
}

fn time(time: DateTime<Utc>) -> Value {
    time.to_rfc3339_opts(SecondsFormat::Millis, true).into()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => safe(text),
        other => safe(&other.to_string()),
    }
}

/// Escapes control characters, which could change what a terminal shows.
fn safe(text: &str) -> String {
    let escaped = |character: char| {
        let is_harmless = !character.is_control() && !is_directional(character);
        let escaped = (!is_harmless).then(|| character.escape_unicode().collect::<String>());
        escaped.unwrap_or_else(|| character.to_string())
    };
    text.chars().map(escaped).collect()
}

/// Whether a character changes the direction of the text around it.
const fn is_directional(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
