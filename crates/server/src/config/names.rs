//! Unknown names: why they are refused, and which key was probably meant.

use super::{
    key::Kind,
    keys::{ANY_NAME, find, find_named, is_section, keys, variable},
    unsupported::{UNSUPPORTED, Unsupported},
};

/// Minimum similarity at which a known name is suggested.
const LIKENESS: f64 = 0.6;

/// How much the last word of a key counts in the comparison of its parts.
const LAST_WORD: f64 = 0.75;

/// Minimum length of a word with which another one may begin.
const SHORTEST_BEGINNING: usize = 8;

/// Maximum number of names in one suggestion.
const MOST_SUGGESTIONS: usize = 4;

/// How a name was written. A suggestion is written in the same way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `section.key`
    File,
    /// `PORTCULLIS_SECTION__KEY`
    Variable,
}

impl Spelling {
    fn write(self, name: &str) -> String {
        match self {
            Self::File => name.to_owned(),
            Self::Variable => variable(name),
        }
    }
}

/// Returns why `name`, which is not a key, is refused. `shown` is its original spelling.
pub(super) fn refusal(name: &str, shown: &str, spelling: Spelling) -> String {
    let ours = snake_case(name);
    if let Some(hint) = table_above(&ours).filter(|_| spelling == Spelling::Variable) {
        return format!("unknown key `{shown}`: {hint}");
    }
    if let Some(unbuilt) = Unsupported::find(&ours) {
        return format!("`{shown}` {}", unbuilt.reason());
    }
    if ours != name && is_key_or_section(&ours) {
        return format!(
            "unknown key `{shown}`: it is spelled `{}` here",
            spelling.write(&ours)
        );
    }
    let near = nearest(&ours);
    if near == [split(&ours).0] {
        let section = spelling.write(split(&ours).0);
        return format!(
            "unknown key `{shown}`: the keys of `{section}` are {}",
            keys_of(split(&ours).0).join(", ")
        );
    }
    let near: Vec<_> = near
        .into_iter()
        .map(|near| {
            let refused = Unsupported::find(near).map_or("", |_| " (not supported)");
            format!("`{}`{refused}", spelling.write(&with_same_name(near, &ours)))
        })
        .collect();
    if near.is_empty() {
        return format!("unknown key `{shown}`");
    }
    format!("unknown key `{shown}`: did you mean {}?", near.join(" or "))
}

/// Returns the keys of a section, without those of the sections below it.
fn keys_of(section: &str) -> Vec<String> {
    let own = keys().filter_map(|key| key.name.strip_prefix(section)?.strip_prefix('.'));
    let own = own.filter(|key| !key.contains('.'));
    own.map(|key| format!("`{key}`")).collect()
}

/// Returns how a member of a table is set if the name is that of one: only the whole table has a variable.
fn table_above(name: &str) -> Option<String> {
    keys().find_map(|key| {
        let Kind::Table(members) = key.kind else {
            return None;
        };
        let (table, member) = member_of(key.name, name)?;
        let example = member.rsplit('.').fold("…".to_owned(), |value, member| {
            format!("{{{member:?}:{value}}}")
        });
        let variable = variable(&table);
        Some(format!(
            "the variable `{variable}` holds all {members} as JSON, such as `{example}`"
        ))
    })
}

/// Returns the name of the table that has this member, and the member. The name of `table` may contain `NAME`, which
/// stands for any name.
fn member_of<'a>(table: &str, name: &'a str) -> Option<(String, &'a str)> {
    let (own, member) = match table.split_once(ANY_NAME) {
        Some((before, after)) => {
            let (given, rest) = name.strip_prefix(before)?.split_once('.')?;
            let member = rest.strip_prefix(after.strip_prefix('.')?)?;
            (format!("{before}{given}{after}"), member)
        }
        None => (table.to_owned(), name.strip_prefix(table)?),
    };
    Some((own, member.strip_prefix('.')?))
}

/// Returns a similar key, in which the name that was given replaces `NAME`.
fn with_same_name(near: &str, given: &str) -> String {
    let name = near.split_once(ANY_NAME).and_then(|(before, after)| {
        let (name, _) = given.strip_prefix(before)?.split_once('.')?;
        Some(format!("{before}{name}{after}"))
    });
    name.unwrap_or_else(|| near.to_owned())
}

fn is_key_or_section(name: &str) -> bool {
    find(name).is_some() || find_named(name).is_some() || is_section(name)
}

/// Whether the name is that of a section, in another spelling or with a few wrong letters.
pub(super) fn is_like_a_section(name: &str) -> bool {
    let ours = snake_case(name);
    sections().any(|section| likeness(&ours, section) >= LIKENESS)
}

/// Returns the most similar known names, if they are similar enough: several if they are equally similar. The last word
/// of a key counts more than its section, so that a key in a wrong section is found, but a key in the same section is
/// meant if one name begins with the other. A section and a refused option are
/// compared as a whole.
fn nearest(name: &str) -> Vec<&'static str> {
    let (section, last) = split(name);
    let to_key = |key: &str| {
        let own = with_same_name(key, name);
        let (of_key, last_of_key) = split(&own);
        if of_key == section && is_beginning(last, last_of_key) {
            return 1.0;
        }
        let by_parts =
            LAST_WORD * likeness(last, last_of_key) + (1.0 - LAST_WORD) * likeness(section, of_key);
        by_parts.max(likeness(name, &own))
    };
    let to_keys = keys().map(|key| (to_key(key.name), key.name));
    let refused = UNSUPPORTED.iter().map(|option| option.name);
    let to_others = refused
        .chain(sections())
        .map(|other| (likeness(name, other), other));
    let known: Vec<_> = to_keys.chain(to_others).collect();
    let most = known
        .iter()
        .map(|(likeness, _)| *likeness)
        .fold(LIKENESS, f64::max);
    let mut nearest: Vec<_> = known
        .into_iter()
        .filter(|(likeness, _)| *likeness >= most)
        .map(|(_, name)| name)
        .collect();
    nearest.dedup();
    nearest.truncate(MOST_SUGGESTIONS);
    nearest
}

/// Whether one of the words begins with the other, which is long enough to say what is meant.
fn is_beginning(one: &str, other: &str) -> bool {
    let is_shorter = |short: &str, long: &str| short.len() >= SHORTEST_BEGINNING && long.starts_with(short);
    is_shorter(one, other) || is_shorter(other, one)
}

fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// Returns the section and the last word of a name.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}

/// Returns the name of every section, some of them several times.
fn sections() -> impl Iterator<Item = &'static str> {
    keys().flat_map(|key| {
        let dots = key.name.match_indices('.');
        dots.filter_map(|(place, _)| key.name.get(..place))
    })
}

/// Converts Better Auth's spelling to ours: `emailAndPassword.disableCSRFCheck` is
/// `email_and_password.disable_csrf_check`.
pub(super) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name
        .replace("OAuth", "Oauth")
        .replace("webAuthn", "webauthn")
        .chars()
        .collect();
    let mut snake = String::with_capacity(name.len() + 8);
    let mut before = '.';
    for (place, letter) in letters.iter().enumerate() {
        let ends_acronym =
            before.is_ascii_uppercase() && letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word = before.is_ascii_lowercase() || before.is_ascii_digit() || ends_acronym;
        if letter.is_ascii_uppercase() && begins_word {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = *letter;
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_of_better_auth_is_converted() {
        for (theirs, ours) in [
            (
                "emailAndPassword.minPasswordLength",
                "email_and_password.min_password_length",
            ),
            ("baseURL", "base_url"),
            ("advanced.disableCSRFCheck", "advanced.disable_csrf_check"),
            ("onAPIError.errorURL", "on_api_error.error_url"),
            ("account.encryptOAuthTokens", "account.encrypt_oauth_tokens"),
            ("session.expires_in", "session.expires_in"),
        ] {
            assert_eq!(snake_case(theirs), ours);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_a_suggestion() {
        for (name, expected) in [
            (
                "emailAndPassword",
                "unknown key `emailAndPassword`: it is spelled `email_and_password` here",
            ),
            (
                "session.expiresIn",
                "unknown key `session.expiresIn`: it is spelled `session.expires_in` here",
            ),
            (
                "session.expire_in",
                "unknown key `session.expire_in`: did you mean `session.expires_in`?",
            ),
            (
                "min_password_length",
                "unknown key `min_password_length`: did you mean `email_and_password.min_password_length`?",
            ),
            (
                "logger.level",
                "`logger.level` is not supported: use `log.level` and `log.format`",
            ),
            ("wibble.wobble", "unknown key `wibble.wobble`"),
            (
                "plugins.foo",
                "unknown key `plugins.foo`: did you mean `plugins.sso` (not supported)?",
            ),
            (
                "sesion.expires_in",
                "unknown key `sesion.expires_in`: did you mean `session.expires_in`?",
            ),
            ("sesion", "unknown key `sesion`: did you mean `session`?"),
            (
                "email_pasword.require_email_verification",
                "unknown key `email_pasword.require_email_verification`: did you mean `email_and_password.require_email_verification`?",
            ),
            (
                "auth.cookie_prefix",
                "unknown key `auth.cookie_prefix`: did you mean `advanced.cookie_prefix`?",
            ),
            (
                "fresh_age",
                "unknown key `fresh_age`: did you mean `session.fresh_age`?",
            ),
            (
                "max_per_user",
                "unknown key `max_per_user`: did you mean `plugins.api_key.max_per_user` or `session.max_per_user`?",
            ),
        ] {
            assert_eq!(refusal(name, name, Spelling::File), expected);
        }
    }

    #[test]
    fn an_unknown_name_of_a_provider_is_refused_with_a_suggestion() {
        for (name, expected) in [
            (
                "socialProviders.github.clientId",
                "unknown key `socialProviders.github.clientId`: it is spelled `social_providers.github.client_id` here",
            ),
            (
                "socialProviders.github.verifyIdToken",
                "`socialProviders.github.verifyIdToken` is not supported: a function cannot be configured: id tokens are verified with the provider's keys, which `endpoints.jwks` can replace",
            ),
            (
                "social_providers.github.client_sekret",
                "unknown key `social_providers.github.client_sekret`: did you mean `social_providers.github.client_secret`?",
            ),
            (
                "social_providers.github.override_user_info",
                "unknown key `social_providers.github.override_user_info`: did you mean `social_providers.github.override_user_info_on_sign_in`?",
            ),
            (
                "plugins.generic_oauth.providers.own.override_user_info_on_sign_in",
                "unknown key `plugins.generic_oauth.providers.own.override_user_info_on_sign_in`: did you mean `plugins.generic_oauth.providers.own.override_user_info`?",
            ),
        ] {
            assert_eq!(refusal(name, name, Spelling::File), expected);
        }
    }

    #[test]
    fn the_suggestion_for_a_variable_is_a_variable() {
        for written in ["PORTCULLIS_DATABASE__POOL_SISE", "PORTCULLIS_database__pool_sise"] {
            assert_eq!(
                refusal("database.pool_sise", written, Spelling::Variable),
                format!("unknown key `{written}`: did you mean `PORTCULLIS_DATABASE__POOL_SIZE`?")
            );
        }
    }

    #[test]
    fn a_variable_below_a_table_is_refused_with_the_variable_of_the_table() {
        for (rest, table, members, example) in [
            (
                "PLUGINS__JWT__AUDIENCES__API__AUDIENCE",
                "PLUGINS__JWT__AUDIENCES",
                "audiences by name",
                r#"{"api":{"audience":…}}"#,
            ),
            (
                "PLUGINS__FORWARD_AUTH__RULES__ADMINS__REQUIRE",
                "PLUGINS__FORWARD_AUTH__RULES",
                "rules by name",
                r#"{"admins":{"require":…}}"#,
            ),
            (
                "PLUGINS__FORWARD_AUTH__RULES__X__ALLOW_ANONYMOUS",
                "PLUGINS__FORWARD_AUTH__RULES",
                "rules by name",
                r#"{"x":{"allow_anonymous":…}}"#,
            ),
            (
                "SOCIAL_PROVIDERS__GITHUB__MAP_PROFILE_TO_USER__NAME",
                "SOCIAL_PROVIDERS__GITHUB__MAP_PROFILE_TO_USER",
                "paths in the profile by field of the user",
                r#"{"name":…}"#,
            ),
            (
                "USER__FIELDS__EMAIL",
                "USER__FIELDS",
                "columns by field name",
                r#"{"email":…}"#,
            ),
        ] {
            let written = format!("PORTCULLIS_{rest}");
            assert_eq!(
                crate::config::tests::refused("", &[(&written, "x")]),
                [format!(
                    "{written}: unknown key `{written}`: the variable `PORTCULLIS_{table}` holds all {members} as JSON, such as `{example}`"
                )]
            );
        }
    }
}
