//! From a profile and files to one policy: follows `extends`, then applies `disable` and `allow` over all of it.

use super::actions;
use super::builtin::{self, Pack};
use super::check::{Document, kept, named, placed};
use super::error::{Error, Fault, listed, meant};
use super::file::{From, read};
use super::lock::Lock;
use super::node::Step::{self, Item, Key};
use super::project;
use super::raw::RawAllow;
use super::request::{Files, Request};
use super::roles::{Roles, misplaced};
use super::rule::{Action, Shape};
use super::{Docs, Mode, Off, Places, Policy, Rule, Stack};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The policy of `profile` with all of `files` on top, in their order.
///
/// The profile stays whatever the files say, unless `no_floor` is set and one of `files` says `extends: []`: then only
/// what the files themselves name is in force. `no_floor` without such a file is an error.
///
/// ```
/// use logmask::policy::{self, Docs};
/// let policy = policy::load("secrets", &[], false, Docs::Without).unwrap();
/// assert!(policy.rules.iter().all(|rule| rule.floor));
/// let error = policy::load("secret", &[], false, Docs::Without).unwrap_err();
/// assert_eq!(error.to_string(), "unknown profile");
/// assert_eq!(error.hint.unwrap(), "did you mean \"secrets\"? profiles are secrets, default and export");
/// ```
pub fn load(profile: &str, files: &[PathBuf], no_floor: bool, docs: Docs) -> Result<Policy, Error> {
    let files = Files { own: files.to_vec(), project: None };
    load_files(&Request { profile, files: &files, no_floor, docs, lock: None })
}

/// As [`load`], with a project and a lock.
pub fn load_files(request: &Request<'_>) -> Result<Policy, Error> {
    let Request { profile, files, no_floor, docs, lock } = *request;
    if profile != EVERYTHING && !builtin::profiles().contains(&profile) {
        let near = meant(profile, builtin::profiles().iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean \"{near}\"? "));
        let hint = format!("{near}profiles are {}", listed(builtin::profiles()));
        // Not quoted: what was typed here by mistake may be a secret.
        return Err(Error::call("unknown profile", hint));
    }
    let mut loading = Loading::new(docs, lock);
    let mut bare = false;
    for file in &files.own {
        bare |= loading.file(file, None)?;
    }
    if let Some(file) = &files.project {
        loading.project = true;
        loading.file(file, None)?;
    }
    if no_floor && !bare {
        return Err(Error::call("the floor can only be left out for a policy file that says: extends: []", ""));
    }
    if profile == EVERYTHING {
        loading.pack("export");
        for pack in builtin::packs() {
            loading.pack(pack);
        }
    } else if !no_floor {
        loading.pack(profile);
    }
    loading.finish(no_floor)
}

/// In place of a profile: every pack there is, in one of them or not. For listings and tests.
pub const EVERYTHING: &str = "*";

/// What has been read so far.
struct Loading<'r> {
    docs: Docs,
    lock: Option<&'r Lock>,
    /// What is read now may only add.
    project: bool,
    built_in: Vec<Rule>,
    own: Vec<Rule>,
    /// Packs read, by name.
    packs: HashSet<String>,
    /// Files read to the end, by their real path, and whether they build on nothing.
    done: HashMap<PathBuf, bool>,
    /// Files being read, the outermost first.
    open: Vec<PathBuf>,
    /// Ids of all own rules.
    ids: HashSet<String>,
    sources: Vec<Source>,
    /// And the number of the file that names them.
    roles: Option<(Roles, usize)>,
    observed: Vec<String>,
    off: Vec<Off>,
    places: Places,
    /// What files say of stack traces; of several, the strictest.
    stack: Option<Stack>,
    propagate: Option<bool>,
    cards: actions::Cards,
}

/// What is left to do of a file once all rules are known.
struct Source {
    file: PathBuf,
    document: Document,
    disable: Vec<String>,
    allow: RawAllow,
    /// Number of the rule in the file, its id, and the ids it keeps.
    keeps: Vec<(usize, String, Vec<String>)>,
    actions: BTreeMap<String, Action>,
}

impl Source {
    fn error(&self, path: &[Step<'_>], fault: Fault) -> Error {
        placed(&self.file, self.document.fault(path, fault))
    }
}

impl<'r> Loading<'r> {
    fn new(docs: Docs, lock: Option<&'r Lock>) -> Self {
        Self {
            docs,
            lock,
            project: false,
            built_in: Vec::with_capacity(builtin::rules().len()),
            own: Vec::new(),
            packs: HashSet::new(),
            done: HashMap::new(),
            open: Vec::new(),
            ids: HashSet::new(),
            sources: Vec::new(),
            roles: None,
            observed: Vec::new(),
            off: Vec::new(),
            places: Places::new(),
            stack: None,
            propagate: None,
            cards: actions::Cards::default(),
        }
    }

    /// Adds a pack with all it builds on, once. False if there is none of that name.
    fn pack(&mut self, name: &str) -> bool {
        if self.packs.contains(name) {
            return true;
        }
        let Some(pack) = Pack::named(name) else { return false };
        self.packs.insert(name.to_owned());
        for other in &pack.extends {
            self.pack(other);
        }
        pack.append_to(&mut self.built_in, self.docs);
        true
    }

    /// Adds a file with all it builds on, once. `by` is the entry of `extends` that names it. True if it says that it
    /// builds on nothing.
    fn file(&mut self, path: &Path, by: Option<&dyn Fn(Fault) -> Error>) -> Result<bool, Error> {
        // A pipe has no real path; then the path as given must do.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.open.contains(&real) {
            let fault = Fault::new("extends goes round in a circle", "");
            return Err(by.map_or_else(|| Error::file(path, fault.fact.clone(), ""), |by| by(fault.clone())));
        }
        if let Some(&bare) = self.done.get(&real) {
            return Ok(bare);
        }
        let from = if self.project { From::File } else { From::Anything };
        let text = read(path, from, self.lock).map_err(|(fact, hint)| match by {
            Some(by) => by(Fault::new(format!("the file named here {fact}"), hint)),
            None => Error::file(path, fact, hint),
        })?;
        let (document, raw) = Document::read(text).map_err(|fault| placed(path, fault))?;
        if self.project
            && let Some((steps, what)) = project::takes_away(&raw)
        {
            return Err(placed(path, document.fault(&steps, project::fault(what))));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::file(path, "extends goes too deep", ""));
        }
        self.open.push(real);
        for (i, entry) in raw.extends.iter().flatten().enumerate() {
            let fail = |fault: Fault| placed(path, document.fault(&[Key("extends"), Item(i)], fault));
            if let Some(name) = entry.strip_prefix("builtin:") {
                if !self.pack(name) {
                    return Err(fail(builtin::unknown_pack(name)));
                }
            } else {
                let folder = path.parent().unwrap_or(Path::new(""));
                self.file(&folder.join(entry), Some(&fail))?;
            }
        }
        let bare = raw.extends.as_ref().is_some_and(Vec::is_empty);
        self.done.extend(self.open.pop().map(|real| (real, bare)));
        if let Some(propagate) = raw.propagate {
            self.propagate = Some(propagate || self.propagate == Some(true));
        }
        let mut keeps = Vec::new();
        for (i, rule) in raw.rules.into_iter().enumerate() {
            if !self.ids.insert(rule.id.clone()) {
                let fault = Fault::new("id is taken by another rule of yours", "ids are unique over all files");
                return Err(placed(path, document.fault(&[Key("rules"), Item(i), Key("id")], fault)));
            }
            if self.docs == Docs::Placed {
                for (key, line) in document.keys(&[Key("rules"), Item(i)]) {
                    self.places.insert((rule.id.clone(), key), vec![(path.to_owned(), line)]);
                }
            }
            match rule.mode {
                Mode::Enforce => {}
                Mode::Observe => self.observed.push(rule.id.clone()),
                Mode::Off => {
                    let line = self.line(&document, &[Key("rules"), Item(i), Key("mode")]);
                    self.off.push(Off { rule: rule.id, why: "mode: off", file: path.to_owned(), line, idle: false });
                    continue;
                }
            }
            if !kept(&rule.action).is_empty() && rule.mode == Mode::Enforce {
                keeps.push((i, rule.id.clone(), kept(&rule.action).to_vec()));
            }
            if (rule.class == "pay.card" || rule.shape == Some(Shape::Card))
                && let Some(fault) = actions::cards(&mut self.cards, &rule.action)
            {
                return Err(placed(path, document.fault(&[Key("rules"), Item(i), Key("action")], fault)));
            }
            if let Some(mut rule) = rule.into_rule(Some(path)) {
                if self.docs == Docs::Without {
                    rule.about = None;
                }
                self.own.push(rule);
            }
        }
        self.stack = match (self.stack, raw.stack) {
            (Some(a), Some(b)) => Some(a.stricter(b)),
            (a, b) => a.or(b),
        };
        if raw.roles.is_some() || raw.access.is_some() {
            if self.roles.is_some() {
                let fault = Fault::new("another file names roles already", "");
                return Err(placed(path, document.fault(&[Key("roles")], fault)));
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            let (roles, access) = (raw.roles.unwrap_or_default(), raw.access.unwrap_or_default());
            let roles = Roles::new(roles, access, folder).map_err(|fault| misplaced(path, &document, &fault))?;
            if self.docs == Docs::Placed {
                self.places.extend(roles.places(path, |name| document.line(&[Key("roles"), Key(name)])));
            }
            self.roles = Some((roles, self.sources.len()));
        }
        self.sources.push(Source {
            file: path.to_owned(),
            document,
            disable: raw.disable,
            allow: raw.allow,
            keeps,
            actions: raw.actions,
        });
        Ok(bare)
    }

    /// The line of a node, if anybody asks for places.
    fn line(&self, document: &Document, path: &[Step<'_>]) -> usize {
        if self.docs == Docs::Placed { document.line(path) } else { 0 }
    }

    /// Applies what files say about rules, wherever those stand.
    fn finish(mut self, no_floor: bool) -> Result<Policy, Error> {
        self.place_lists();
        let export = self.packs.contains("export");
        let stack = self.stack.unwrap_or(if export { Stack::Fold(Stack::FRAMES) } else { Stack::Keep });
        let mut weakened: BTreeSet<String> = BTreeSet::new();
        let mut disabled: HashSet<&str> = HashSet::new();
        let mut every: Vec<&str> = Vec::new();
        let mut stay: HashMap<&str, Vec<&str>> = HashMap::new();
        for source in &self.sources {
            for (i, id) in source.disable.iter().enumerate() {
                self.known(id).map_err(|fault| source.error(&[Key("disable"), Item(i)], fault))?;
                disabled.insert(id);
            }
            match &source.allow {
                RawAllow::Every(globs) => every.extend(globs.iter().map(String::as_str)),
                RawAllow::ByRule(rules) => {
                    for (id, globs) in rules {
                        self.known(id).map_err(|fault| source.error(&[Key("allow"), Key(id)], fault))?;
                        stay.entry(id).or_default().extend(globs.iter().map(String::as_str));
                    }
                }
            }
            for (rule, id, of) in &source.keeps {
                for (i, other) in of.iter().enumerate() {
                    let path = [Key("rules"), Item(*rule), Key("action"), Key("keep"), Item(i)];
                    self.known(other).map_err(|fault| {
                        source.error(&path, Fault { fact: format!("{}: {}", named(*rule, id), fault.fact), ..fault })
                    })?;
                }
            }
        }
        let mut given: Vec<(&Source, &str, &Action)> = Vec::new();
        for source in &self.sources {
            for (on, action) in &source.actions {
                let unknown = || actions::unknown(on);
                let known = self.known(on).is_ok() || actions::is_class(on, &self.built_in);
                let fault = (!known).then(unknown).or_else(|| actions::other(&given, on, action));
                fault.map_or(Ok(()), |fault| Err(source.error(&[Key("actions"), Key(on)], fault)))?;
                given.push((source, on, action));
            }
        }
        let on = |rule: &Rule| !disabled.contains(&*rule.id);
        // A keep rule that is itself disabled withdraws nothing.
        let observed_only = &self.observed;
        let keepers = self.own.iter().filter(|rule| on(rule) && !observed_only.iter().any(|id| **id == rule.id));
        weakened.extend(keepers.flat_map(|rule| kept(&rule.action)).filter(|id| builtin::is_floor(id)).cloned());
        let mut observed = self.observed;
        observed.retain(|id| !disabled.contains(id.as_str()));
        observed.sort_unstable();
        let mut rules = self.built_in;
        rules.append(&mut self.own);
        rules.retain(|rule| {
            let off = disabled.contains(&*rule.id);
            weakened.extend((off && rule.floor).then(|| rule.id.to_string()));
            !off
        });
        for rule in &mut rules {
            if let Some((source, on, action)) = actions::of(&given, rule) {
                let path = [Key("actions"), Key(on)];
                let fault = actions::take(rule, action, &mut self.cards);
                fault.map_or(Ok(()), |fault| Err(source.error(&path, fault)))?;
                if rule.floor && rule.action == Action::Pseudonym {
                    weakened.insert(rule.id.to_string());
                }
                if self.docs == Docs::Placed {
                    let place = (source.file.clone(), source.document.line(&path));
                    self.places.insert((rule.id.to_string(), "action".to_owned()), vec![place]);
                }
            }
            let more = stay.get(&*rule.id).into_iter().flatten().chain(&every);
            let more: Vec<&str> = more.copied().collect();
            if rule.floor && !more.is_empty() {
                weakened.insert(rule.id.to_string());
            }
            rule.allow.extend(&more);
        }
        if no_floor {
            let there: HashSet<&str> = rules.iter().map(|rule| &*rule.id).collect();
            weakened.extend(builtin::floor().filter(|id| !there.contains(id)).map(str::to_owned));
        }
        let propagate = self.propagate.unwrap_or(export);
        if let Some((roles, source)) = &self.roles {
            let source = &self.sources[*source];
            roles.check_classes(&rules).map_err(|fault| misplaced(&source.file, &source.document, &fault))?;
        }
        let (off, places, roles) = (self.off, self.places, self.roles.map(|(roles, _)| roles));
        let weakened = weakened.into_iter().collect();
        let files = self.sources.into_iter().map(|source| source.file).collect();
        Ok(Policy { rules, weakened, propagate, observed, off, files, roles, places, stack, ..Policy::default() })
    }

    /// Notes where `disable` and `allow` speak of rules.
    fn place_lists(&mut self) {
        for source in &self.sources {
            for (i, id) in source.disable.iter().enumerate() {
                let line = self.line(&source.document, &[Key("disable"), Item(i)]);
                let idle = !self.built_in.iter().chain(&self.own).any(|rule| rule.id == *id);
                self.off.push(Off { rule: id.clone(), why: "disable", file: source.file.clone(), line, idle });
            }
            if self.docs != Docs::Placed {
                continue;
            }
            let every = [("*".to_owned(), source.document.line(&[Key("allow")]))];
            let (lines, by_rule);
            match &source.allow {
                RawAllow::Every(globs) => lines = if globs.is_empty() { &[][..] } else { &every[..] },
                RawAllow::ByRule(_) => {
                    by_rule = source.document.keys(&[Key("allow")]);
                    lines = &by_rule[..];
                }
            }
            for (id, line) in lines {
                let place = (source.file.clone(), *line);
                self.places.entry((id.clone(), "allow".to_owned())).or_default().push(place);
            }
        }
    }

    /// Whether there is such a rule: a built-in one (also when the profile leaves it out) or one of the files.
    fn known(&self, id: &str) -> Result<(), Fault> {
        if self.ids.contains(id) || builtin::pack_of(id).is_some() {
            return Ok(());
        }
        Err(builtin::unknown_rule(id, self.ids.iter().map(String::as_str)))
    }
}

/// Longest chain of `extends`.
const MAX_DEPTH: usize = 32;
