//! What a key is declared with: its values, description and default, from what its providers declare.

use portcullis_oauth::{Extra, ExtraKind};

pub(super) fn choices(owners: &[(&'static str, Extra)]) -> &'static [&'static str] {
    let choices = owners.iter().flat_map(|(_, extra)| match extra.kind {
        ExtraKind::Choice(choices) => choices,
        ExtraKind::Text | ExtraKind::Boolean | ExtraKind::List => &[],
    });
    let mut all: Vec<&str> = Vec::new();
    for choice in choices {
        if !all.contains(choice) {
            all.push(choice);
        }
    }
    all.leak()
}

/// Describes the key: each provider with what the key does there. Providers with the same description share it.
pub(super) fn doc(owners: &[(&'static str, Extra)]) -> String {
    let mut by_doc: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, extra) in owners {
        match by_doc.iter_mut().find(|(doc, _)| *doc == extra.doc) {
            Some((_, ids)) => ids.push(id),
            None => by_doc.push((extra.doc, vec![id])),
        }
    }
    let described = by_doc
        .iter()
        .map(|(doc, ids)| format!("For `{}`: {doc}", ids.join("`, `")));
    described.collect::<Vec<_>>().join(" ")
}

pub(super) fn fallback(owners: &[(&'static str, Extra)]) -> String {
    let required = owners.iter().filter(|(_, extra)| extra.is_required);
    let required: Vec<_> = required.map(|(id, _)| *id).collect();
    if required.is_empty() {
        "the provider's default".to_owned()
    } else {
        format!("required for `{}`", required.join("`, `"))
    }
}

/// Returns a text that lives as long as the program, as names of keys do. Called once for each key.
pub(super) fn leaked(text: String) -> &'static str {
    text.leak()
}
