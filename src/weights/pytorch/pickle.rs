//! A reader of pickles that executes nothing: the classes and functions that
//! `torch.save` writes for tensors are recognised by name, and any other one is a name
//! with what it was given. Those that programs are smuggled with are refused.
//!
//! Objects live in one list and refer to each other by index, so that a pickle
//! of cycles or of depth is as flat as any other, and each byte of it makes at
//! most one object.

mod class;
mod opcodes;

pub use opcodes::load;

use std::borrow::Cow;

use super::storage::{Storage, View};
pub use class::Class;

/// Index of an [`Object`] in its [`Pickle`].
pub type Handle = usize;

/// A value of a pickle.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    None,
    Boolean(bool),
    Integer(i64),
    Text(String),
    Tuple(Vec<Handle>),
    List(Vec<Handle>),
    Dictionary(Vec<(Handle, Handle)>),
    Class(Class),
    Storage(Storage),
    Tensor(View),
    /// Bytes, or a text that is long or no UTF-8: where they are, and how many.
    Bytes(u64, u64),
    /// Bytes, as a text whose letters are they.
    Encoded(Handle),
    /// An object of a class that means nothing here.
    Instance(Box<Instance>),
    /// Something without meaning for weights: a real number.
    Other,
}

/// What a pickle says about an object of a class that means nothing here.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its class.
    pub class: Handle,
    /// What it was made from, a tuple.
    pub arguments: Handle,
    /// Its attributes, usually a dictionary.
    pub state: Option<Handle>,
    /// Its items, where it is a kind of dictionary.
    pub items: Vec<(Handle, Handle)>,
    /// Its items, where it is a kind of list.
    pub list: Vec<Handle>,
}

/// All values of a pickle.
#[derive(Debug)]
pub struct Pickle {
    objects: Vec<Object>,
    root: Handle,
}

impl Pickle {
    /// The value that was pickled.
    pub fn root(&self) -> &Object {
        &self.objects[self.root]
    }

    /// Handle of the value that was pickled.
    pub fn root_handle(&self) -> Handle {
        self.root
    }

    /// Names of the classes that mean nothing here, each once.
    pub fn foreign_classes(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for object in &self.objects {
            if let Object::Class(Class::Other(name)) = object
                && !names.contains(&&name[..])
                && names.len() < 8
            {
                names.push(name);
            }
        }
        names
    }

    /// The items of a dictionary, or of an object that is a kind of dictionary.
    pub fn items(&self, handle: Handle) -> &[(Handle, Handle)] {
        match self.get(handle) {
            Object::Dictionary(items) => items,
            Object::Instance(instance) => &instance.items,
            _ => &[],
        }
    }

    /// The attributes of an object, by name.
    pub fn attributes(&self, handle: Handle) -> &[(Handle, Handle)] {
        let Object::Instance(instance) = self.get(handle) else {
            return &[];
        };
        let state = instance.state.map(|state| match self.get(state) {
            // Attributes may stand before those of slots.
            Object::Tuple(parts) if parts.len() == 2 => parts[0],
            _ => state,
        });
        state.map_or(&[], |state| self.items(state))
    }

    /// The value behind a key that is a text; the last of several counts.
    pub fn value(&self, items: &[(Handle, Handle)], key: &str) -> Option<Handle> {
        let found = items
            .iter()
            .rev()
            .find(|(name, _)| self.text(*name) == Some(key));
        found.map(|(_, value)| *value)
    }

    /// As [`Pickle::value`], of a key that Python may have as bytes, too.
    pub fn value_of_bytes(
        &self,
        items: &[(Handle, Handle)],
        file: &[u8],
        key: &str,
    ) -> Option<Handle> {
        let found = items.iter().find(|(name, _)| {
            let name = self.bytes(*name, file);
            name.is_some_and(|name| *name == *key.as_bytes())
        });
        found.map(|(_, value)| *value)
    }

    /// The bytes of a value that is some, or a text; `file` is what was unpickled.
    pub fn bytes<'a>(&'a self, handle: Handle, file: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        let stored = |start: u64, length: u64| {
            let start = usize::try_from(start).ok()?;
            file.get(start..start.checked_add(usize::try_from(length).ok()?)?)
        };
        match self.get(handle) {
            Object::Text(text) => Some(text.as_bytes().into()),
            Object::Bytes(start, length) => stored(*start, *length).map(Cow::from),
            Object::Encoded(text) => {
                let text = match self.get(*text) {
                    Object::Text(text) => text,
                    Object::Bytes(start, length) => {
                        str::from_utf8(stored(*start, *length)?).ok()?
                    }
                    _ => return None,
                };
                let letters = text.chars().map(|letter| u8::try_from(letter).ok());
                letters.collect::<Option<Vec<u8>>>().map(Cow::from)
            }
            _ => None,
        }
    }

    /// The value of a handle.
    pub fn get(&self, handle: Handle) -> &Object {
        &self.objects[handle]
    }

    /// All storages that it mentions.
    pub fn storages(&self) -> impl Iterator<Item = &Storage> {
        self.objects.iter().filter_map(|object| match object {
            Object::Storage(storage) => Some(storage),
            _ => None,
        })
    }

    /// The text of a handle, if it is one.
    pub fn text(&self, handle: Handle) -> Option<&str> {
        match self.get(handle) {
            Object::Text(text) => Some(text),
            _ => None,
        }
    }
}
