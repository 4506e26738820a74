//! A reader of pickles that executes nothing: the classes and functions that
//! `torch.save` writes for a dictionary of tensors are recognised by name, and
//! any other one is refused.
//!
//! Objects live in one list and refer to each other by index, so that a pickle
//! of cycles or of depth is as flat as any other, and each byte of it makes at
//! most one object.

mod class;
mod opcodes;

pub use opcodes::load;

use super::storage::{Storage, View};
use class::Class;

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
    /// Something without meaning for weights: a real number, bytes.
    Other,
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
