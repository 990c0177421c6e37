//! Proofs that a key has an effect, and how they run.

use std::{any::Any, collections::BTreeMap, pin::Pin, thread};

use portcullis_server::config_keys;
use portcullis_testkit::{TestServer, TestServerBuilder};

use super::{
    program::Program,
    provided::{Provided, Shape},
};

/// An observation of a running server or program.
pub(super) trait Look<On>: Send + Sync {
    /// Returns what it observes.
    fn look<'a>(&'a self, on: &'a On) -> Pin<Box<dyn Future<Output = String> + 'a>>;
}

impl<On, F: AsyncFn(&On) -> String + Send + Sync> Look<On> for F {
    fn look<'a>(&'a self, on: &'a On) -> Pin<Box<dyn Future<Output = String> + 'a>> {
        Box::pin(async move { self(on).await })
    }
}

/// A proof that a key has an effect.
pub(super) struct Proof {
    /// The key.
    pub(super) key: &'static str,
    value: String,
    /// Value before. `None`: the key is not set, so that its default applies.
    before: Option<String>,
    /// Other keys that are set, before and after.
    context: BTreeMap<&'static str, String>,
    /// The entry to which a key such as `clients.NAME.secret` belongs.
    entry: &'static str,
    way: Way,
}

enum Way {
    /// By the behaviour of a test server.
    Server(Box<dyn Look<TestServer>>, Seen),
    /// By the behaviour of a test server on which users sign in with a provider.
    Provided(Shape, Box<dyn Look<Provided>>, Seen),
    /// By the output or behaviour of the program itself.
    Program(Box<dyn Look<Program>>, Seen),
    /// By a startup error that contains this text.
    Refused(&'static str),
}

/// Text that is observed only before, and text that is observed only after. Empty: not checked.
struct Seen {
    before: &'static str,
    after: &'static str,
}

/// Proves that a test server with this value shows `after` instead of `before`.
pub(super) fn server(
    key: &'static str,
    value: &str,
    look: impl AsyncFn(&TestServer) -> String + Send + Sync + 'static,
    [before, after]: [&'static str; 2],
) -> Proof {
    Proof::new(key, value, Way::Server(Box::new(look), Seen { before, after }))
}

/// Proves that a test server on which users sign in with a provider shows `after` instead of `before`. In the settings'
/// values, `{mock}` stands for the URL of the provider.
pub(super) fn provided(
    shape: Shape,
    key: &'static str,
    value: &str,
    look: impl AsyncFn(&Provided) -> String + Send + Sync + 'static,
    [before, after]: [&'static str; 2],
) -> Proof {
    let way = Way::Provided(shape, Box::new(look), Seen { before, after });
    Proof::new(key, value, way).of(shape.id())
}

/// Proves that the program with this value shows `after` instead of `before`.
pub(super) fn program(
    key: &'static str,
    value: &str,
    look: impl AsyncFn(&Program) -> String + Send + Sync + 'static,
    [before, after]: [&'static str; 2],
) -> Proof {
    Proof::new(key, value, Way::Program(Box::new(look), Seen { before, after }))
}

/// Proves that this value is a startup error that names the key and contains `reason`.
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
            entry: "name",
            way,
        }
    }

    /// Sets another key, before and after.
    pub(super) fn with(mut self, key: &'static str, value: &str) -> Self {
        self.context.insert(key, value.to_owned());
        self
    }

    /// Sets the key itself to `value` before, instead of leaving it unset.
    pub(super) fn instead_of(mut self, value: &str) -> Self {
        self.before = Some(value.to_owned());
        self
    }

    /// Sets the keys of this entry, such as a provider, instead of those of `name`.
    pub(super) fn of(mut self, entry: &'static str) -> Self {
        self.entry = entry;
        self
    }

    /// Runs the proof.
    pub(super) fn run(&self) -> Result<(), String> {
        let (key, value) = (self.key, &self.value);
        let describe = |what: String| format!("`{key}` = {value}: {what}");
        let seen = match &self.way {
            Way::Refused(reason) => return self.run_refusal(reason).map_err(describe),
            Way::Server(_, seen) | Way::Provided(_, _, seen) | Way::Program(_, seen) => seen,
        };
        let before = self.see(self.before.as_deref()).map_err(describe)?;
        let after = self.see(Some(&self.value)).map_err(describe)?;
        let differs = before != after
            && (seen.before.is_empty() || before.contains(seen.before) && !after.contains(seen.before))
            && (seen.after.is_empty() || after.contains(seen.after) && !before.contains(seen.after));
        let (one, other) = (seen.before, seen.after);
        let failure = || {
            describe(format!(
                "{one:?} does not become {other:?}\nbefore: {before}\nafter: {after}"
            ))
        };
        differs.then_some(()).ok_or_else(failure)
    }

    fn run_refusal(&self, reason: &str) -> Result<(), String> {
        let refusal = |value| self.builder(value).refusal();
        if let Some(words) = refusal(self.before.as_deref()) {
            return Err(format!("the start already fails before: {words}"));
        }
        let words = refusal(Some(&self.value)).unwrap_or_default();
        // A message names the entry of a key such as `clients.NAME.secret`.
        let key = self.key.replace(".NAME.", &format!(".{}.", self.entry));
        let is_named = words.contains(&format!("`{key}")) && words.contains(reason);
        is_named
            .then_some(())
            .ok_or_else(|| format!("no startup error with {reason:?}: {words:?}"))
    }

    /// Observes with this value of the key, on a separate thread, because an observation may panic.
    fn see(&self, value: Option<&str>) -> Result<String, String> {
        let look = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                match &self.way {
                    Way::Server(look, _) => look.look(&self.builder(value).start()).await,
                    Way::Provided(shape, look, _) => {
                        look.look(&Provided::start(*shape, &self.settings(value))).await
                    }
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

    /// The settings, by environment variable.
    fn settings(&self, value: Option<&str>) -> BTreeMap<String, String> {
        let own = value.map(|value| (self.key, value));
        let context = self.context.iter().map(|(key, value)| (*key, value.as_str()));
        context
            .chain(own)
            .map(|(key, value)| (self.variable(key), value.to_owned()))
            .collect()
    }

    /// The environment variable of a key. A name that is no key is already a variable.
    fn variable(&self, key: &str) -> String {
        let found = config_keys().find(|known| known.name == key);
        let entry = format!("__{}__", self.entry.to_uppercase());
        found.map_or_else(
            || key.to_owned(),
            |known| known.variable.replace("__NAME__", &entry),
        )
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or_default())
}
