//! Answers to proxies that ask whether a request may reach an application.

use std::collections::BTreeMap;

use portcullis_application::forward_auth::ForwardAuthOptions;
use portcullis_domain::{
    additional::FieldSchema,
    forward_auth::{AccessRule, AccessRules, Requirement, RequirementError},
    user::User,
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    audience::Issued,
    declare::{boolean, table, text},
    key::{Declaration, Key},
    path::did_you_mean,
    settings::Settings,
};

const SECTION: &str = "plugins.forward_auth";
/// Fields that rules cannot compare: dates.
const DATES: [&str; 2] = ["createdAt", "updatedAt"];
/// What is wrong with the URL of a page to which browsers are sent.
const USER_INFO: &str = "contains a user name or a password, which every browser would get: remove everything before the `@`, and the `@`";
/// The members of a rule.
const MEMBERS: [&str; 3] = ["require", "allow_anonymous", "sign_in_url"];

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.forward_auth.enabled",
    "Answer proxies that ask at `/portcullis/forward-auth` whether a request may reach an application; see [forward authentication](forward-authentication.md).",
)
.otherwise("`true` if there is a section `[plugins.forward_auth]`, even an empty one");
const SIGN_IN_URL: Key<Option<String>> = text(
    "plugins.forward_auth.sign_in_url",
    "Page to which browsers without a session are redirected when they open a page of the application. It gets the parameter `callbackURL` if the page is of a trusted origin.",
)
.otherwise("no redirect: browsers get 401");
const AUDIENCE: Key<Option<String>> = text(
    "plugins.forward_auth.audience",
    "Audience of the JWT in `X-Portcullis-Token`: one for which JWTs are issued, such as one of `plugins.jwt.audiences`.",
)
.otherwise("that of `plugins.jwt.jwt.audience`");
const RULES: Key<Map<String, Value>> = table(
    "plugins.forward_auth.rules",
    "rules by name",
    "Rules that decide who may pass. The proxy asks at `/portcullis/forward-auth/NAME`; see [forward authentication](forward-authentication.md#rules).",
)
.or("{}");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &SIGN_IN_URL.declaration,
    &AUDIENCE.declaration,
    &RULES.declaration,
];

/// Returns the options, or `None` if proxies get no answer. `audiences` are those of JWTs.
pub(super) fn read(
    settings: &mut Settings,
    fields: &FieldSchema,
    audiences: &Issued<'_>,
) -> Option<ForwardAuthOptions> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let sign_in_url = sign_in_url(settings);
    let named = settings.get(&RULES);
    let named = named
        .iter()
        .filter_map(|(name, rule)| {
            let rule = Reader {
                settings,
                name,
                fields,
            }
            .read(rule, sign_in_url.as_ref())?;
            Some((name.clone(), rule))
        })
        .collect::<BTreeMap<_, _>>();
    let unnamed = AccessRule {
        sign_in_url,
        ..AccessRule::default()
    };
    let audience = audience(settings, audiences);
    is_on.then_some(ForwardAuthOptions {
        rules: AccessRules { unnamed, named },
        audience,
    })
}

fn sign_in_url(settings: &mut Settings) -> Option<Url> {
    let text = settings.get(&SIGN_IN_URL)?;
    match page(&text) {
        Ok(url) => Some(url),
        Err(reason) => {
            // The text may contain a password.
            let shown = if reason == USER_INFO {
                String::new()
            } else {
                format!(": \"{text}\"")
            };
            settings.refuse(&SIGN_IN_URL, format!("`{SIGN_IN_URL}`{shown} {reason}"));
            None
        }
    }
}

/// Reads the URL of a page. A path would be one of the application that the proxy protects.
fn page(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok();
    let url = url
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or("is not an http or https URL such as \"https://app.example.com/sign-in\"")?;
    if url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(USER_INFO)
    }
}

/// Returns the audience. Refuses one for which no JWTs are issued.
fn audience(settings: &mut Settings, audiences: &Issued<'_>) -> Option<String> {
    let audience = settings.get(&AUDIENCE)?;
    match audiences {
        Issued::Nothing => settings.refuse(
            &AUDIENCE,
            format!("`{AUDIENCE}`: JWTs are disabled: set `plugins.jwt.enabled = true`"),
        ),
        Issued::For(audiences) if !audiences.contains(&audience.as_str()) => settings.refuse(
            &AUDIENCE,
            format!(
                "`{AUDIENCE}`: no JWTs are issued for \"{audience}\"; use that of `plugins.jwt.jwt.audience`, or declare the audience in `plugins.jwt.audiences`"
            ),
        ),
        Issued::For(_) | Issued::Unknown => {}
    }
    Some(audience)
}

/// Reads a rule.
struct Reader<'a> {
    settings: &'a mut Settings,
    name: &'a str,
    fields: &'a FieldSchema,
}

impl Reader<'_> {
    fn read(&mut self, rule: &Value, otherwise: Option<&Url>) -> Option<AccessRule> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.name.is_empty() || !self.name.bytes().all(is_word) {
            self.refuse("must have a name of letters, digits, `-` and `_`: it is a part of the path");
        }
        let Some(rule) = rule.as_object() else {
            self.refuse("must be a table such as { require = [\"emailVerified=true\"] }");
            return None;
        };
        for member in rule.keys().filter(|member| !MEMBERS.contains(&member.as_str())) {
            let hint = did_you_mean(member, MEMBERS.into_iter());
            self.refuse(&format!("has an unknown member `{member}`{hint}"));
        }
        let allows_anonymous = self.allows_anonymous(rule);
        let requirements = self.requirements(rule);
        if allows_anonymous && !requirements.is_empty() {
            self.refuse("has `require` and `allow_anonymous = true`: every client could pass by signing out; remove one of them");
        }
        if allows_anonymous && rule.contains_key("sign_in_url") {
            self.refuse("has `sign_in_url` and `allow_anonymous = true`: no client would be redirected; remove one of them");
        }
        let own = self.page(rule);
        Some(AccessRule {
            requirements,
            allows_anonymous,
            sign_in_url: own.or_else(|| otherwise.cloned()),
        })
    }

    fn allows_anonymous(&mut self, rule: &Map<String, Value>) -> bool {
        match rule.get("allow_anonymous") {
            None => false,
            Some(Value::Bool(allows)) => *allows,
            Some(_) => {
                self.refuse("has an `allow_anonymous` that is neither `true` nor `false`");
                false
            }
        }
    }

    fn page(&mut self, rule: &Map<String, Value>) -> Option<Url> {
        let read = match rule.get("sign_in_url")? {
            Value::String(text) => page(text),
            _ => Err("is not a text"),
        };
        read.map_err(|reason| self.refuse(&format!("has a `sign_in_url` that {reason}")))
            .ok()
    }

    fn requirements(&mut self, rule: &Map<String, Value>) -> Vec<Requirement> {
        let texts: Vec<_> = match rule.get("require") {
            None => return Vec::new(),
            Some(Value::Array(entries)) => entries.iter().map(Value::as_str).collect(),
            Some(_) => vec![None],
        };
        texts
            .into_iter()
            .filter_map(|text| self.requirement(text))
            .collect()
    }

    fn requirement(&mut self, text: Option<&str>) -> Option<Requirement> {
        let Some(text) = text else {
            self.refuse("has a `require` that is not a list of texts such as [\"emailVerified=true\"]");
            return None;
        };
        match Requirement::parse(text, self.fields) {
            Ok(requirement) => {
                self.warn_if_settable(&requirement);
                Some(requirement)
            }
            Err(error) => {
                let hint = self.hint(&error);
                self.refuse(&format!("has a `require` whose entry \"{text}\" {error}{hint}"));
                None
            }
        }
    }

    fn hint(&self, error: &RequirementError) -> String {
        let RequirementError::UnknownField(field) = error else {
            return String::new();
        };
        let declared = self.fields.fields().iter().map(|field| field.name.as_str());
        let built_in = User::MEMBERS.into_iter().filter(|name| !DATES.contains(name));
        did_you_mean(field, built_in.chain(declared))
    }

    fn warn_if_settable(&mut self, requirement: &Requirement) {
        if requirement.is_settable_by_users() {
            let (name, field) = (self.name, requirement.field());
            self.settings.warn(
                &RULES,
                format!("`{RULES}.{name}`: users set \"{field}\" themselves, so each user can meet the requirement; require another field, or declare it with `input = false`"),
            );
        }
    }

    fn refuse(&mut self, reason: &str) {
        let name = self.name;
        self.settings.refuse(&RULES, format!("`{RULES}.{name}` {reason}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::refused;

    #[test]
    fn a_sign_in_page_with_user_info_is_refused_and_not_shown() {
        let advice = "contains a user name or a password, which every browser would get: remove everything before the `@`, and the `@`";
        for url in [
            "https://u:pw@x.example/",
            "https://:pw@x.example/",
            "https://pw@x.example/",
        ] {
            assert_eq!(
                refused(&format!("plugins.forward_auth.sign_in_url = \"{url}\""), &[]),
                [format!(
                    "portcullis.toml:1: `plugins.forward_auth.sign_in_url` {advice}"
                )]
            );
            assert_eq!(
                refused(
                    &format!("plugins.forward_auth.rules.a.sign_in_url = \"{url}\""),
                    &[]
                ),
                [format!(
                    "portcullis.toml:1: `plugins.forward_auth.rules.a` has a `sign_in_url` that {advice}"
                )]
            );
        }
    }

    #[test]
    fn an_audience_is_compared_with_those_that_could_be_read() {
        let file = "[plugins.forward_auth]\naudience = \"api\"\n";
        let no_tokens = "portcullis.toml:2: `plugins.forward_auth.audience`: JWTs are disabled: set `plugins.jwt.enabled = true`";
        assert_eq!(refused(file, &[]), [no_tokens]);
        let other = refused(&format!("{file}[plugins.jwt.audiences.other]\n"), &[]);
        assert_eq!(other.len(), 1, "{other:?}");
        assert!(other[0].contains("no JWTs are issued for \"api\""), "{other:?}");
        for faulty in [
            "[plugins.jwt.audiences.x]\naudience = 5\n",
            "[plugins.jwt.audiences.api]\nalgorithm = \"HS256\"\n",
            "[plugins.jwt]\naudiences = 5\n",
        ] {
            let problems = refused(&format!("{file}{faulty}"), &[]);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains("plugins.jwt.audiences"), "{problems:?}");
        }
    }
}
