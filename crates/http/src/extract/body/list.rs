//! Lists.

use serde_json::Value;

use super::{
    member::{Member, Reader},
    place::Place,
    schema::Shape,
};

impl<M: Member> Member for Vec<M> {
    type Value = Vec<M::Value>;

    const SHAPE: Shape = Shape::List(&M::SHAPE);

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        let Some(Value::Array(items)) = value else {
            reader.issues.wrong_type(at, "array", value.as_ref());
            return None;
        };
        let count = items.len();
        let read: Vec<_> = items
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| M::read(Some(item), at.item(index), reader))
            .collect();
        (read.len() == count).then_some(read)
    }
}
