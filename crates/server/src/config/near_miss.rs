//! Variables whose names are one letter away from a known one, and variables of later versions of Better Auth. They
//! would be ignored silently.

use super::{
    environment::{FILE_SUFFIX, may_be_in_a_file},
    keys::{ALIASES, PREFIX, find},
    problem::Place,
    settings::Settings,
};

/// Minimum length of a name that is compared: one letter more or less makes another word of a short name.
const SHORTEST: usize = 8;

/// The variable in which later versions of Better Auth list secrets with their numbers. Better Auth 1.4 ignores it.
const LATER_SECRETS: &str = "BETTER_AUTH_SECRETS";

/// Reports each variable that is probably a misspelt one of ours or of Better Auth, and the one in which later versions
/// of Better Auth list secrets. A variable like `DATABASE_URI` may
/// belong to another program, so it is reported only if the key itself is not set.
pub(super) fn report<'a>(variables: impl Iterator<Item = &'a str>, settings: &mut Settings) {
    for variable in variables.filter(|variable| !variable.starts_with(PREFIX)) {
        if variable == LATER_SECRETS {
            let problem = "not a variable of Better Auth 1.4: list the secrets in PORTCULLIS_SECRETS, the current one first, without numbers, separated by semicolons";
            settings.complain(Place::Variable(variable.to_owned()), problem);
        } else if let Some(meant) = misspelt_prefix(variable).or_else(|| misspelt_alias(variable, settings)) {
            let problem = format!("unknown variable: did you mean {meant}? Rename or remove it");
            settings.complain(Place::Variable(variable.to_owned()), problem);
        }
    }
}

/// Returns the name with the right prefix if its prefix is one letter away from `PORTCULLIS_`.
fn misspelt_prefix(variable: &str) -> Option<String> {
    let (prefix, rest) = variable.split_at(variable.find('_')? + 1);
    (is_one_letter_away(prefix, PREFIX) && !rest.is_empty()).then(|| format!("{PREFIX}{rest}"))
}

/// Returns the variable of Better Auth that is one letter away, if its key is not set.
fn misspelt_alias(variable: &str, settings: &Settings) -> Option<String> {
    ALIASES
        .iter()
        .filter(|(alias, _)| alias.len() >= SHORTEST)
        .filter_map(|(alias, name)| Some((*alias, find(name)?)))
        .filter(|(_, key)| !settings.is_given(key))
        .find_map(|(alias, key)| {
            let in_file = may_be_in_a_file(key).then(|| format!("{alias}{FILE_SUFFIX}"));
            let mut names = [Some(alias.to_owned()), in_file].into_iter().flatten();
            names.find(|name| is_one_letter_away(variable, name))
        })
}

/// Whether the names differ by one letter that is missing, added, replaced or swapped with the next, or only by case.
fn is_one_letter_away(one: &str, other: &str) -> bool {
    one != other && strsim::osa_distance(&one.to_uppercase(), other) <= 1
}
