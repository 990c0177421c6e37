//! Resources with their actions.

use portcullis_domain::access::Statements;
use serde_json::Value;

use super::{
    member::{Member, Reader},
    object::Record,
    place::Place,
    schema::Shape,
    text::{Text, text_issue},
};

impl Member for Statements {
    type Value = Self;

    const SHAPE: Shape = Shape::Permissions;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let members = Record::read(value, at, reader)?;
        let count = members.len();
        let read: Vec<_> = members
            .into_iter()
            .filter_map(|(resource, actions)| {
                let at = at.member(&resource);
                let actions = Vec::<Text>::read(Some(actions), at, reader)?;
                match text_issue(&resource, reader.limits) {
                    None => Some((resource, actions)),
                    Some(issue) => {
                        reader.issues.add(at, &issue);
                        None
                    }
                }
            })
            .collect();
        (read.len() == count).then(|| Self::new(read))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::options::Limits;

    fn read(value: Value) -> Result<Statements, String> {
        let limits = Limits::default();
        let mut reader = Reader::new(&limits);
        let body = Place::Whole("body");
        let read = Statements::read(Some(value), body.member("permission"), &mut reader);
        read.ok_or_else(|| reader.issues.refusal().message().to_owned())
    }

    #[test]
    fn resources_with_their_actions_are_read() {
        let expected = Statements::of(&[("team", &["create", "delete"]), ("ac", &[])]);
        let read = read(json!({ "team": ["create", "delete"], "ac": [] }));
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn issues_name_the_resource_and_the_action() {
        for (value, issue) in [
            (
                json!([]),
                "[body.permission] Invalid input: expected record, received array",
            ),
            (
                json!({ "team": "create" }),
                "[body.permission.team] Invalid input: expected array, received string",
            ),
            (
                json!({ "team": ["create", 1] }),
                "[body.permission.team.1] Invalid input: expected string, received number",
            ),
        ] {
            assert_eq!(read(value), Err(issue.to_owned()));
        }
    }
}
