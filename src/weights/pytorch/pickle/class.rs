//! The only classes and functions that a pickle may name, and what calling them
//! means here.

use super::{Handle, Object};
use crate::weights::pytorch::storage::{ElementType, Storage, View};

/// The most dimensions of a tensor. As [`MAX_KEY`], it keeps a short call from
/// copying much.
const MAX_RANK: usize = 8;

/// The longest key of a storage: a number in decimal digits.
const MAX_KEY: usize = 32;

/// A class or function of Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `torch._utils._rebuild_tensor` and `_rebuild_tensor_v2`.
    RebuildTensor,
    /// `torch._utils._rebuild_parameter`: a tensor that is trained.
    RebuildParameter,
    /// `torch.Size`.
    Size,
    /// `torch.FloatStorage` and its kin.
    Storage(ElementType),
}

impl Class {
    /// The class of this name, if it is allowed.
    pub fn named(module: &str, name: &str) -> Option<Self> {
        match (module, name) {
            ("collections", "OrderedDict") => Some(Self::OrderedDict),
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Some(Self::RebuildTensor),
            ("torch._utils", "_rebuild_parameter") => Some(Self::RebuildParameter),
            ("torch", "Size") => Some(Self::Size),
            ("torch" | "torch.storage", name) => ElementType::of_class(name).map(Self::Storage),
            _ => None,
        }
    }

    /// What calling it with `arguments` gives; `None` when they do not fit.
    pub fn call(self, objects: &[Object], arguments: &[Handle]) -> Option<Object> {
        match (self, arguments) {
            (Self::OrderedDict, []) => Some(Object::Dictionary(Vec::new())),
            (Self::OrderedDict, [pairs]) => {
                let pairs = sequence(&objects[*pairs])?.iter();
                let pair = |handle: &Handle| match sequence(&objects[*handle])? {
                    [key, value] => Some((*key, *value)),
                    _ => None,
                };
                Some(Object::Dictionary(pairs.map(pair).collect::<Option<_>>()?))
            }
            (Self::RebuildTensor, [storage, offset, shape, strides, ..]) => {
                Some(Object::Tensor(View {
                    storage: *storage,
                    offset: natural(&objects[*offset])?,
                    shape: naturals(objects, *shape)?,
                    strides: naturals(objects, *strides)?,
                }))
            }
            (Self::RebuildParameter, [tensor, ..]) => match &objects[*tensor] {
                Object::Tensor(view) => Some(Object::Tensor(view.clone())),
                _ => None,
            },
            (Self::Size, [sizes]) => {
                let sizes = sequence(&objects[*sizes])?;
                (sizes.len() <= MAX_RANK).then(|| Object::Tuple(sizes.to_vec()))
            }
            _ => None,
        }
    }

    /// What a persistent id stands for: `("storage", class, key, location,
    /// elements)`, and in older files `None` for "the whole storage".
    pub fn storage(objects: &[Object], identity: &Object) -> Option<Object> {
        let (kind, class, key, elements) = match sequence(identity)? {
            [kind, class, key, _, elements] => (kind, class, key, elements),
            [kind, class, key, _, elements, view] if objects[*view] == Object::None => {
                (kind, class, key, elements)
            }
            _ => return None,
        };
        match (&objects[*kind], &objects[*class], &objects[*key]) {
            (Object::Text(kind), Object::Class(Self::Storage(element)), Object::Text(key))
                if kind == "storage" && key.len() <= MAX_KEY =>
            {
                Some(Object::Storage(Storage {
                    element: *element,
                    key: key.clone(),
                    elements: natural(&objects[*elements])?,
                }))
            }
            _ => None,
        }
    }
}

fn sequence(object: &Object) -> Option<&[Handle]> {
    match object {
        Object::Tuple(items) | Object::List(items) => Some(items),
        _ => None,
    }
}

fn natural(object: &Object) -> Option<u64> {
    match object {
        Object::Integer(value) => u64::try_from(*value).ok(),
        _ => None,
    }
}

fn naturals(objects: &[Object], handle: Handle) -> Option<Vec<u64>> {
    let items = sequence(&objects[handle])?;
    let naturals = items.iter().map(|item| natural(&objects[*item]));
    if items.len() > MAX_RANK {
        None
    } else {
        naturals.collect()
    }
}
