//! The paths of the document, with the servers at which they are.

use serde_json::{Map, Value, json};

use super::json::set;
use crate::{options::Options, route::Route};

/// The paths, in the order in which their first routes were added.
pub(super) struct Paths {
    base: String,
    root: String,
    tags: Vec<&'static str>,
    ids: Vec<String>,
    items: Map<String, Value>,
}

impl Paths {
    /// Starts with no paths.
    pub(super) fn new(options: &Options) -> Self {
        Self {
            base: options.routes_url(),
            root: options.origin(),
            tags: Vec::new(),
            ids: Vec::new(),
            items: Map::new(),
        }
    }

    /// Adds the operation of a route at this path.
    pub(super) fn add(&mut self, route: &Route, path: &str, tag: &'static str, mut operation: Value) {
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
        set(&mut operation, "operationId", self.id(route.method, path));
        let server = if route.is_below_base_path() {
            &self.base
        } else {
            &self.root
        };
        let item = self.items.entry(template(path)).or_insert_with(|| json!({}));
        // A path may be both at the root and below the base path.
        let servers = item.get("servers").and_then(Value::as_array);
        let mut servers = servers.cloned().unwrap_or_default();
        let server = json!({ "url": server });
        if !servers.contains(&server) {
            servers.push(server);
        }
        set(item, "servers", servers);
        // OpenAPI has no operation for any method.
        let method = if route.answers_any_method() {
            "get".to_owned()
        } else {
            route.method.to_lowercase()
        };
        set(item, &method, operation);
    }

    /// Returns the tags and the paths. A path below the base path only needs no server of its own.
    pub(super) fn finish(mut self) -> (Vec<Value>, Map<String, Value>) {
        let usual = json!([{ "url": self.base }]);
        for item in self.items.values_mut().filter_map(Value::as_object_mut) {
            if item.get("servers") == Some(&usual) {
                item.shift_remove("servers");
            }
        }
        let tags = self.tags.iter().map(|tag| json!({ "name": tag })).collect();
        (tags, self.items)
    }

    /// Returns the name of an operation: the words of its path, and the method if another operation has that name.
    fn id(&mut self, method: &str, path: &str) -> String {
        let words = path.split(|character: char| !character.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let plain = camel_case(if words.is_empty() { &["root"] } else { &words });
        let id = if self.ids.contains(&plain) {
            let method = method.to_lowercase();
            camel_case(&[&[method.as_str()], words.as_slice()].concat())
        } else {
            plain
        };
        self.ids.push(id.clone());
        id
    }
}

/// Returns the path as OpenAPI writes it: `/reset-password/{token}`.
fn template(path: &str) -> String {
    let path = path.strip_suffix("/**").unwrap_or(path);
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(variable) => format!("{{{variable}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn camel_case(words: &[&str]) -> String {
    let mut text = String::new();
    for word in words {
        let (head, tail) = word.split_at(usize::from(!word.is_empty()));
        if text.is_empty() {
            text.push_str(&head.to_lowercase());
        } else {
            text.push_str(&head.to_uppercase());
        }
        text.push_str(tail);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_a_template_and_as_a_name() {
        assert_eq!(template("/reset-password/:token"), "/reset-password/{token}");
        assert_eq!(template("/check/:rule/**"), "/check/{rule}");
        assert_eq!(template("/"), "/");
        assert_eq!(camel_case(&["sign", "in", "email"]), "signInEmail");
        assert_eq!(camel_case(&["is", "Username", ""]), "isUsername");
    }
}
