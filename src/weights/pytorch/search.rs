//! Where in a checkpoint the weights of its network are: in a dictionary of any key and
//! depth, in a module that was saved whole, in one of TorchScript.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::pickle::{Class, Handle, Object, Pickle};
use super::storage::View;
use super::{FORMAT, unsupported};
use crate::error::{Error, Result};

/// The deepest nesting that is searched, and the longest path of modules.
const MAX_DEPTH: usize = 32;

/// The longest path of names.
const MAX_PATH: usize = 512;

/// The most names that are told to be left out.
const MAX_TOLD: usize = 12;

/// The weights of a network.
pub struct Found<'p> {
    /// Tensors by name, in the order of the file.
    pub views: Vec<(String, &'p View)>,
    /// What stands beside them.
    pub skipped: Vec<String>,
}

/// A key, and those that lead to it.
struct Path {
    key: String,
    above: Option<Rc<Path>>,
    depth: usize,
}

impl Path {
    /// All keys, outermost first.
    fn keys(path: &Option<Rc<Self>>) -> Vec<&str> {
        let mut keys = Vec::new();
        let mut next = path.as_deref();
        while let Some(path) = next {
            keys.push(&path.key[..]);
            next = path.above.as_deref();
        }
        keys.reverse();
        keys
    }
}

/// A dictionary or module with tensors.
struct Candidate<'p> {
    /// Keys that lead to it.
    path: Option<Rc<Path>>,
    views: Vec<(String, &'p View)>,
}

impl Candidate<'_> {
    /// How much it looks like the weights: not an optimiser's memory, as many tensors
    /// as there are, not their running average.
    fn rank(&self) -> (bool, usize, bool) {
        let any = |part: &str| {
            let mut keys = Path::keys(&self.path).into_iter();
            keys.any(|key| key.to_ascii_lowercase().contains(part))
        };
        (!any("optim"), self.views.len(), !any("ema"))
    }
}

/// The weights in a pickle.
///
/// # Errors
/// [`Error::Unsupported`] for tensors without names; [`Error::Malformed`] when there is
/// no tensor.
pub fn find(pickle: &Pickle) -> Result<Found<'_>> {
    let mut candidates = Vec::new();
    let mut seen = HashSet::new();
    let mut loose = false;
    // The next one to look at is the last.
    let mut waiting = vec![(pickle.root_handle(), None::<Rc<Path>>)];
    while let Some((handle, path)) = waiting.pop() {
        let depth = path.as_ref().map_or(0, |path| path.depth);
        if depth > MAX_DEPTH || !seen.insert(handle) {
            continue;
        }
        let mut views = module(pickle, handle);
        if views.is_empty() {
            let named = |(name, value): &(Handle, Handle)| match pickle.get(*value) {
                Object::Tensor(view) => Some((pickle.text(*name)?.to_owned(), view)),
                _ => None,
            };
            views = last_of_each(pickle.items(handle).iter().filter_map(named).collect());
        }
        let below = path.clone();
        if !views.is_empty() {
            candidates.push(Candidate { path, views });
        }
        let parts: Vec<(String, Handle)> = match pickle.get(handle) {
            Object::Tuple(items) | Object::List(items) => {
                loose |= items
                    .iter()
                    .any(|item| matches!(pickle.get(*item), Object::Tensor(_)));
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| (index.to_string(), *item))
                    .collect()
            }
            _ => {
                let all = [pickle.items(handle), pickle.attributes(handle)].concat();
                let key = |name| pickle.text(name).unwrap_or_default().to_owned();
                all.iter()
                    .map(|(name, value)| (key(*name), *value))
                    .collect()
            }
        };
        let containers = parts.into_iter().rev().filter(|(_, value)| {
            !matches!(pickle.get(*value), Object::Tensor(_) | Object::Text(_))
        });
        waiting.extend(containers.map(|(key, value)| {
            let above = below.clone();
            let depth = depth + 1;
            (value, Some(Rc::new(Path { key, above, depth })))
        }));
    }
    // The first of equals.
    let best = candidates.into_iter().rev().max_by_key(Candidate::rank);
    let Some(best) = best else {
        return Err(match (loose, pickle.root()) {
            (true, _) => unsupported("a list of tensors without names: save a state_dict"),
            (_, Object::Dictionary(_)) => {
                Error::malformed(FORMAT, &"its dictionary holds no tensor")
            }
            _ => Error::malformed(FORMAT, &"it holds no dictionary of tensors (a state_dict)"),
        });
    };
    let skipped = skipped(pickle, &Path::keys(&best.path));
    Ok(Found {
        views: best.views,
        skipped,
    })
}

/// Python keeps the last of two items of one name, in the place of the first.
fn last_of_each(views: Vec<(String, &View)>) -> Vec<(String, &View)> {
    let last: HashMap<&str, &View> = views
        .iter()
        .map(|(name, view)| (&name[..], *view))
        .collect();
    let mut seen = HashSet::new();
    let first = views.iter().filter(|(name, _)| seen.insert(&name[..]));
    first
        .map(|(name, _)| (name.clone(), last[&name[..]]))
        .collect()
}

/// The parameters and buffers of a module that was saved whole, and of those in it.
fn module(pickle: &Pickle, handle: Handle) -> Vec<(String, &View)> {
    let mut views = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![(String::new(), handle, 0)];
    while let Some((prefix, handle, depth)) = waiting.pop() {
        if depth > MAX_DEPTH || prefix.len() > MAX_PATH || !seen.insert(handle) {
            continue;
        }
        let attributes = pickle.attributes(handle);
        let mut modules = Vec::new();
        let mut add = |items: &[(Handle, Handle)]| {
            for (name, value) in items {
                let Some(name) = pickle.text(*name) else {
                    continue;
                };
                let name = format!("{prefix}{name}");
                match pickle.get(*value) {
                    Object::Tensor(view) => views.push((name, view)),
                    Object::Instance(_) => modules.push((name + ".", *value, depth + 1)),
                    _ => {}
                }
            }
        };
        let parts = ["_parameters", "_buffers", "_modules"];
        let parts = parts.map(|part| pickle.value(attributes, part));
        if parts.iter().any(Option::is_some) {
            for part in parts.into_iter().flatten() {
                add(pickle.items(part));
            }
        } else if is_script(pickle, handle) {
            add(attributes);
        }
        waiting.extend(modules.into_iter().rev());
    }
    views
}

/// Whether this is a module of TorchScript, whose attributes are its parameters.
fn is_script(pickle: &Pickle, handle: Handle) -> bool {
    let Object::Instance(instance) = pickle.get(handle) else {
        return false;
    };
    matches!(pickle.get(instance.class), Object::Class(Class::Other(name))
        if name.starts_with("__torch__"))
}

/// What stands beside the weights: the other keys on the way to them, and the classes
/// of Python that mean nothing here.
fn skipped(pickle: &Pickle, path: &[&str]) -> Vec<String> {
    let mut skipped = Vec::new();
    let mut handle = pickle.root_handle();
    for key in path {
        let all = [pickle.items(handle), pickle.attributes(handle)].concat();
        let others = all.iter().filter_map(|(name, _)| pickle.text(*name));
        skipped.extend(others.filter(|name| name != key).map(str::to_owned));
        match pickle.value(&all, key) {
            Some(next) => handle = next,
            None => break,
        }
    }
    skipped.extend(pickle.foreign_classes().into_iter().map(str::to_owned));
    skipped.dedup();
    skipped.truncate(MAX_TOLD);
    skipped
}
