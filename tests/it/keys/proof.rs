//! What proves that a key does something, and how that is played.

use std::{any::Any, collections::BTreeMap, pin::Pin, thread};

use portcullis_server::config_keys;
use portcullis_testkit::{TestServer, TestServerBuilder};

use super::program::Program;

/// Looks at something that runs, and tells what it sees.
pub(super) trait Look<On>: Send + Sync {
    /// Looks.
    fn look<'a>(&'a self, on: &'a On) -> Pin<Box<dyn Future<Output = String> + 'a>>;
}

impl<On, F: AsyncFn(&On) -> String + Send + Sync> Look<On> for F {
    fn look<'a>(&'a self, on: &'a On) -> Pin<Box<dyn Future<Output = String> + 'a>> {
        Box::pin(async move { self(on).await })
    }
}

/// That a key does something.
pub(super) struct Proof {
    /// The key.
    pub(super) key: &'static str,
    value: String,
    /// What is given in the place of the key's own default.
    before: Option<String>,
    /// What else is set, before and after.
    context: BTreeMap<&'static str, String>,
    way: Way,
}

enum Way {
    /// By what a server of the tests answers or does.
    Server(Box<dyn Look<TestServer>>, Seen),
    /// By what the program itself says or does.
    Program(Box<dyn Look<Program>>, Seen),
    /// The start is refused, in these words.
    Refused(&'static str),
}

/// What stands in what is seen, before and after, and not the other way round.
struct Seen {
    before: &'static str,
    after: &'static str,
}

/// With this value of the key, a server shows `after` where it would show `before`.
pub(super) fn server(
    key: &'static str,
    value: &str,
    look: impl AsyncFn(&TestServer) -> String + Send + Sync + 'static,
    [before, after]: [&'static str; 2],
) -> Proof {
    Proof::new(key, value, Way::Server(Box::new(look), Seen { before, after }))
}

/// With this value of the key, the program shows `after` where it would show `before`.
pub(super) fn program(
    key: &'static str,
    value: &str,
    look: impl AsyncFn(&Program) -> String + Send + Sync + 'static,
    [before, after]: [&'static str; 2],
) -> Proof {
    Proof::new(key, value, Way::Program(Box::new(look), Seen { before, after }))
}

/// With this value of the key the start is refused, in words that name the key.
pub(super) fn refused(key: &'static str, value: &str, reason: &'static str) -> Proof {
    Proof::new(key, value, Way::Refused(reason))
}

impl Proof {
    fn new(key: &'static str, value: &str, way: Way) -> Self {
        Self {
            key,
            value: value.to_owned(),
            before: None,
            context: BTreeMap::new(),
            way,
        }
    }

    /// Sets another key, before and after.
    pub(super) fn with(mut self, key: &'static str, value: &str) -> Self {
        self.context.insert(key, value.to_owned());
        self
    }

    /// Sets the key itself to this before, instead of leaving it alone.
    pub(super) fn instead_of(mut self, value: &str) -> Self {
        self.before = Some(value.to_owned());
        self
    }

    /// Plays the proof.
    pub(super) fn play(&self) -> Result<(), String> {
        let (key, value) = (self.key, &self.value);
        let told = |what: String| format!("`{key}` = {value}: {what}");
        let seen = match &self.way {
            Way::Refused(reason) => return self.play_refusal(reason).map_err(told),
            Way::Server(_, seen) | Way::Program(_, seen) => seen,
        };
        let before = self.see(self.before.as_deref()).map_err(told)?;
        let after = self.see(Some(&self.value)).map_err(told)?;
        let differs = before != after
            && (seen.before.is_empty() || before.contains(seen.before) && !after.contains(seen.before))
            && (seen.after.is_empty() || after.contains(seen.after) && !before.contains(seen.after));
        let (one, other) = (seen.before, seen.after);
        let failure = || {
            told(format!(
                "no {one:?} becomes {other:?}\nbefore: {before}\nafter: {after}"
            ))
        };
        differs.then_some(()).ok_or_else(failure)
    }

    fn play_refusal(&self, reason: &str) -> Result<(), String> {
        let refusal = |value| self.builder(value).refusal();
        if let Some(words) = refusal(self.before.as_deref()) {
            return Err(format!("the start is refused before: {words}"));
        }
        let words = refusal(Some(&self.value)).unwrap_or_default();
        let is_named = words.contains(&format!("`{}", self.key)) && words.contains(reason);
        is_named
            .then_some(())
            .ok_or_else(|| format!("no refusal with {reason:?}: {words:?}"))
    }

    /// What is seen with this value of the key, on a thread of its own, since what looks may panic.
    fn see(&self, value: Option<&str>) -> Result<String, String> {
        let look = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                match &self.way {
                    Way::Server(look, _) => look.look(&self.builder(value).start()).await,
                    Way::Program(look, _) => look.look(&Program::new(self.settings(value))).await,
                    Way::Refused(reason) => (*reason).to_owned(),
                }
            })
        };
        thread::scope(|scope| scope.spawn(look).join()).map_err(|panic| words(panic.as_ref()))
    }

    fn builder(&self, value: Option<&str>) -> TestServerBuilder {
        let settings = self.settings(value);
        let start = TestServer::with();
        settings
            .into_iter()
            .fold(start, |builder, (variable, value)| builder.set(&variable, &value))
    }

    /// The settings by their variables.
    fn settings(&self, value: Option<&str>) -> BTreeMap<String, String> {
        let own = value.map(|value| (self.key, value));
        let context = self.context.iter().map(|(key, value)| (*key, value.as_str()));
        context
            .chain(own)
            .map(|(key, value)| (variable(key), value.to_owned()))
            .collect()
    }
}

/// The variable of a key; what is no key is a variable already.
fn variable(key: &str) -> String {
    let found = config_keys().find(|known| known.name == key);
    found.map_or_else(|| key.to_owned(), |known| known.variable)
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or_default())
}
