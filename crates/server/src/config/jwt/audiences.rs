//! Audiences for which clients may request tokens of their own.

use chrono::TimeDelta;
use portcullis_application::jwt::{AudienceOptions, ClaimOptions, JwtOptions};
use portcullis_domain::jwt::Algorithm;
use serde_json::{Map, Value};

use super::{ALGORITHM, ALGORITHMS, AUDIENCE};
use crate::config::{
    audience::Issued,
    declare::{FOUR_HUNDRED_DAYS, table},
    key::Key,
    path::did_you_mean,
    settings::Settings,
    time,
};

pub(super) const AUDIENCES: Key<Map<String, Value>> = table(
    "plugins.jwt.audiences",
    "audiences by name",
    "Audiences for which clients may request separate JWTs, as in `[plugins.jwt.audiences.api]`; see [audiences](#audiences).",
)
.or("{}");
const AUDIENCE_MEMBER: &str = "audience";
const ALGORITHM_MEMBER: &str = "algorithm";
const LIFETIME_MEMBER: &str = "expiration_time";
const PAYLOAD_MEMBER: &str = "payload";
const MEMBERS: [&str; 4] = [AUDIENCE_MEMBER, ALGORITHM_MEMBER, LIFETIME_MEMBER, PAYLOAD_MEMBER];
/// Fields of the user in a token, unless the audience chooses others.
const PAYLOAD: [&str; 2] = ["email", "emailVerified"];
/// The claim that names the session. A field of users may have the name, since Better Auth does not use it.
const SESSION: &str = "sid";
const WRONG_LIFETIME: &str = "has an `expiration_time` that is neither a whole number of seconds nor a text such as \"15m\", from 1 second to 400 days";

/// What an audience must fit.
pub(super) struct Context<'a> {
    /// The claims of tokens for the default audience.
    pub(super) claims: &'a ClaimOptions,
    /// The algorithm of tokens for the default audience.
    pub(super) algorithm: Algorithm,
    /// Whether a Node server uses the same database.
    pub(super) is_shared: bool,
    /// The fields of users that clients can read.
    pub(super) fields: &'a [&'a str],
}

/// Returns the audiences for which JWTs are issued.
pub(in crate::config) fn issued<'a>(settings: &Settings, jwt: Option<&'a JwtOptions>) -> Issued<'a> {
    let declared = settings.get(&AUDIENCES).len();
    match jwt {
        None => Issued::Nothing,
        Some(jwt) if settings.is_unreadable(&AUDIENCES) || jwt.audiences.len() < declared => Issued::Unknown,
        Some(jwt) => Issued::For(jwt.sole_audiences()),
    }
}

/// Reads the audiences.
pub(super) fn read(settings: &mut Settings, context: &Context<'_>) -> Vec<AudienceOptions> {
    let mut audiences: Vec<AudienceOptions> = Vec::new();
    for (name, declaration) in settings.get(&AUDIENCES) {
        let mut faults = Vec::new();
        let read = audience(&name, &declaration, context, &mut faults);
        if let Some(fault) = read.as_ref().and_then(|read| duplicate(read, &audiences)) {
            faults.push(fault);
        }
        audiences.extend(read.filter(|_| faults.is_empty()));
        for fault in faults {
            settings.refuse(&AUDIENCES, format!("`{AUDIENCES}.{name}` {fault}"));
        }
    }
    audiences
}

fn duplicate(read: &AudienceOptions, others: &[AudienceOptions]) -> Option<String> {
    let audience = &read.audience;
    let mut others = others.iter();
    others
        .any(|other| other.audience == *audience)
        .then(|| format!("has the audience \"{audience}\", which another audience has: remove one of them"))
}

/// Reads an audience, and adds everything that is wrong with it to `faults`.
fn audience(
    name: &str,
    declaration: &Value,
    context: &Context<'_>,
    faults: &mut Vec<String>,
) -> Option<AudienceOptions> {
    let Some(declaration) = declaration.as_object() else {
        faults.push("must be a table such as { expiration_time = \"5m\" }".to_owned());
        return None;
    };
    let members = declaration.keys();
    let unknown = members.filter(|member| !MEMBERS.contains(&member.as_str()));
    faults.extend(
        unknown.map(|member| format!("has an unknown member `{member}`: known members are {MEMBERS:?}")),
    );
    let audience = kept(
        audience_text(name, declaration.get(AUDIENCE_MEMBER), context),
        faults,
    );
    let own_algorithm = declaration.get(ALGORITHM_MEMBER);
    let algorithm = own_algorithm.map(|value| algorithm(value, context)).transpose();
    let algorithm = kept(algorithm, faults);
    let expires_in = declaration.get(LIFETIME_MEMBER);
    let expires_in = kept(expires_in.map_or(Ok(context.claims.expires_in), lifetime), faults);
    let payload = payload(declaration.get(PAYLOAD_MEMBER), context).map_err(|found| faults.extend(found));
    Some(AudienceOptions {
        audience: audience?,
        algorithm: algorithm?,
        payload: payload.ok()?,
        expires_in: expires_in?,
    })
}

/// Returns a value, or moves what is wrong with it to `faults`.
fn kept<T>(read: Result<T, String>, faults: &mut Vec<String>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn audience_text(name: &str, value: Option<&Value>, context: &Context<'_>) -> Result<String, String> {
    let audience = match value {
        None => name,
        Some(Value::String(text)) => text.as_str(),
        Some(_) => return Err("has an `audience` that is not a text".to_owned()),
    };
    if audience.is_empty() {
        return Err("has an empty audience: set `audience`".to_owned());
    }
    if context.claims.audience.iter().any(|default| default == audience) {
        return Err(format!(
            "has the audience \"{audience}\" of the default tokens, `{AUDIENCE}`: use another one"
        ));
    }
    Ok(audience.to_owned())
}

fn algorithm(value: &Value, context: &Context<'_>) -> Result<Algorithm, String> {
    let known = value.as_str().and_then(Algorithm::from_name);
    let own = known.ok_or_else(|| format!("has an `algorithm` that is none of {ALGORITHMS:?}"))?;
    if context.is_shared && own != context.algorithm {
        let (own, default) = (own.name(), context.algorithm.name());
        return Err(format!(
            "has the algorithm {own}, but `{ALGORITHM}` is {default} and `compatibility.shared_database` is `true`: a Node server would sign with the key of that algorithm; remove `algorithm`"
        ));
    }
    Ok(own)
}

fn lifetime(value: &Value) -> Result<TimeDelta, String> {
    let seconds = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => time::seconds(text),
        _ => None,
    };
    seconds
        .filter(|seconds| (1..=FOUR_HUNDRED_DAYS).contains(seconds))
        .and_then(|seconds| seconds.try_into().ok())
        .and_then(TimeDelta::try_seconds)
        .ok_or_else(|| WRONG_LIFETIME.to_owned())
}

fn payload(value: Option<&Value>, context: &Context<'_>) -> Result<Vec<String>, Vec<String>> {
    let fields = match value {
        None => Some(PAYLOAD.map(str::to_owned).to_vec()),
        Some(value) => value.as_array().and_then(|fields| {
            let texts = fields.iter().map(|field| field.as_str().map(str::to_owned));
            texts.collect::<Option<_>>()
        }),
    };
    let fields: Vec<String> =
        fields.ok_or_else(|| vec!["has a `payload` that is not a list of texts".to_owned()])?;
    let faults: Vec<_> = fields
        .iter()
        .filter_map(|field| field_fault(field, context))
        .collect();
    if faults.is_empty() {
        Ok(fields)
    } else {
        Err(faults)
    }
}

fn field_fault(field: &str, context: &Context<'_>) -> Option<String> {
    if field == SESSION {
        return Some(format!(
            "has the field \"{SESSION}\" in its `payload`, which is the claim of the session: remove it"
        ));
    }
    (!context.fields.contains(&field)).then(|| {
        let hint = did_you_mean(field, context.fields.iter().copied());
        format!("has \"{field}\" in its `payload`, which is not a field of users that clients can read{hint}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    fn read(file: &str) -> Vec<AudienceOptions> {
        load(file, &[]).jwt.unwrap().audiences
    }

    #[test]
    fn an_audience_has_defaults_for_everything_but_its_name() {
        let expected = |audience: &str| AudienceOptions {
            audience: audience.to_owned(),
            algorithm: None,
            payload: vec!["email".to_owned(), "emailVerified".to_owned()],
            expires_in: TimeDelta::minutes(20),
        };
        let file = "[plugins.jwt]\njwt.expiration_time = \"20m\"\n[plugins.jwt.audiences.two]\n[plugins.jwt.audiences.one]\naudience = \"other\"";
        assert_eq!(read(file), [expected("two"), expected("other")]);
        assert_eq!(read("[plugins.jwt]"), []);
    }

    #[test]
    fn all_options_of_an_audience_are_read() {
        let file = r#"
            [user.additional_fields.plan]
            type = "string"
            [plugins.jwt.audiences.api]
            audience = "https://api.example.com"
            algorithm = "PS256"
            expiration_time = "5m"
            payload = ["plan", "id"]
        "#;
        let expected = AudienceOptions {
            audience: "https://api.example.com".to_owned(),
            algorithm: Some(Algorithm::Ps256),
            payload: vec!["plan".to_owned(), "id".to_owned()],
            expires_in: TimeDelta::minutes(5),
        };
        assert_eq!(read(file), [expected]);
    }

    #[test]
    fn each_bad_audience_is_refused_with_its_reason() {
        for (declaration, reason) in [
            ("5", "must be a table"),
            ("{ lifetime = 5 }", "has an unknown member `lifetime`"),
            ("{ audience = 5 }", "has an `audience` that is not a text"),
            ("{ audience = \"\" }", "has an empty audience"),
            (
                "{ audience = \"http://localhost:3000\" }",
                "has the audience \"http://localhost:3000\" of the default tokens, `plugins.jwt.jwt.audience`",
            ),
            (
                "{ algorithm = \"HS256\" }",
                "has an `algorithm` that is none of [\"EdDSA\"",
            ),
            ("{ algorithm = 256 }", "has an `algorithm` that is none of"),
            ("{ expiration_time = 0 }", WRONG_LIFETIME),
            ("{ expiration_time = \"401d\" }", WRONG_LIFETIME),
            ("{ expiration_time = \"soon\" }", WRONG_LIFETIME),
            ("{ expiration_time = true }", WRONG_LIFETIME),
            (
                "{ payload = \"email\" }",
                "has a `payload` that is not a list of texts",
            ),
            ("{ payload = [5] }", "has a `payload` that is not a list of texts"),
            (
                "{ payload = [\"emial\"] }",
                "has \"emial\" in its `payload`, which is not a field of users that clients can read: did you mean email?",
            ),
            (
                "{ payload = [\"sub\"] }",
                "has \"sub\" in its `payload`, which is not a field of users",
            ),
            (
                "{ payload = [\"sid\"] }",
                "has the field \"sid\" in its `payload`, which is the claim of the session",
            ),
        ] {
            let problems = refused(&format!("plugins.jwt.audiences.api = {declaration}"), &[]);
            assert_eq!(problems.len(), 1, "{declaration}: {problems:?}");
            let expected = format!("`plugins.jwt.audiences.api` {reason}");
            assert!(problems[0].contains(&expected), "{expected}: {}", problems[0]);
        }
    }

    #[test]
    fn a_duplicate_audience_and_an_unreadable_field_are_refused() {
        let file = "[user.additional_fields.note]\ntype = \"string\"\nreturned = false\n[plugins.jwt.audiences]\none = { audience = \"a\" }\ntwo = { audience = \"a\" }\nthree = { payload = [\"note\"] }";
        let problems = refused(file, &[]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems[0]
                .contains("`plugins.jwt.audiences.two` has the audience \"a\", which another audience has"),
            "{problems:?}"
        );
        assert!(
            problems[1].contains("`plugins.jwt.audiences.three` has \"note\" in its `payload`"),
            "{problems:?}"
        );
    }

    #[test]
    fn everything_that_is_wrong_with_an_audience_is_reported() {
        let file = "[plugins.jwt.audiences.api]\naudience = 5\nalgorithm = \"HS256\"\nexpiration_time = -1\npayload = [\"one\", \"sid\"]\nextra = 1\nother = 1\n[plugins.forward_auth]\naudience = \"https://api.example.com\"\n";
        let problems = refused(file, &[]);
        assert_eq!(problems.len(), 7, "{problems:?}");
        for expected in [
            "has an unknown member `extra`",
            "has an unknown member `other`",
            "has an `audience` that is not a text",
            "has an `algorithm` that is none of",
            WRONG_LIFETIME,
            "has \"one\" in its `payload`",
            "has the field \"sid\" in its `payload`",
        ] {
            assert!(
                problems.iter().any(|problem| problem.contains(expected)),
                "{expected}: {problems:?}"
            );
        }
    }
}
