//! From an unpickled dictionary to a catalogue of tensors.

use std::collections::HashSet;
use std::fmt::Display;

use super::pickle::{Object, Pickle};
use super::storage::{ElementType, Storage, View};
use super::{FORMAT, unsupported};
use crate::error::{Error, Result};
use crate::weights::strided::is_contiguous;
use crate::weights::tensor::{Tensor, Values, checked_shape};

/// Keys of a training checkpoint that hold the weights.
const NESTED: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// The tensors of the dictionary at the root, or of one nested in it as a
/// checkpoint does. `locate` gives offset and length, in bytes, of a storage.
pub fn tensors(
    pickle: &Pickle,
    mut locate: impl FnMut(&str) -> Result<Option<(u64, u64)>>,
) -> Result<Vec<Tensor>> {
    let Object::Dictionary(root) = pickle.root() else {
        return Err(malformed(
            "it holds no dictionary of tensors (a state_dict)",
        ));
    };
    let mut views = views(pickle, root);
    for key in NESTED {
        let nested = |(name, value): &(usize, usize)| match pickle.get(*value) {
            Object::Dictionary(items) if pickle.text(*name) == Some(key) => Some(items),
            _ => None,
        };
        if let Some(items) = root.iter().find_map(nested)
            && views.is_empty()
        {
            views = self::views(pickle, items);
        }
    }
    if views.is_empty() {
        return Err(malformed("its dictionary holds no tensor"));
    }
    let views = views.into_iter();
    views
        .map(|(name, view)| tensor(pickle, name, view, &mut locate))
        .collect()
}

/// The tensors among the items of a dictionary. Python keeps the last of two
/// items of one name, in the place of the first.
fn views<'p>(pickle: &'p Pickle, items: &[(usize, usize)]) -> Vec<(&'p str, &'p View)> {
    let mut seen = HashSet::new();
    let mut views = Vec::new();
    for (name, value) in items.iter().rev() {
        if let (Some(name), Object::Tensor(view)) = (pickle.text(*name), pickle.get(*value))
            && seen.insert(name)
        {
            views.push((name, view));
        }
    }
    views.reverse();
    views
}

fn tensor(
    pickle: &Pickle,
    name: &str,
    view: &View,
    locate: &mut impl FnMut(&str) -> Result<Option<(u64, u64)>>,
) -> Result<Tensor> {
    let Object::Storage(storage) = pickle.get(view.storage) else {
        return Err(malformed(format_args!("{name} has no storage")));
    };
    let (start, length) = locate(&storage.key)?.ok_or_else(|| {
        malformed(format_args!(
            "the storage {} of {name} is missing",
            storage.key
        ))
    })?;
    if storage.elements.saturating_mul(storage.element.size()) > length {
        return Err(malformed(format_args!(
            "the storage of {name} should hold {} elements, but has {length} bytes",
            storage.elements
        )));
    }
    let shape = checked_shape(FORMAT, name, view.shape.iter().copied())?;
    let strides = checked_strides(name, view, storage)?;
    let values = match storage.element {
        ElementType::Other(what, _) => Values::Unreadable(what.to_owned()),
        ElementType::Float(element) => Values::Stored {
            element,
            offset: start + view.offset * storage.element.size(),
            strides: (!is_contiguous(&shape.0, &strides)).then_some(strides),
        },
    };
    Ok(Tensor::new(name, shape, values))
}

/// Checks that a view stays within its storage.
fn checked_strides(name: &str, view: &View, storage: &Storage) -> Result<Vec<usize>> {
    if view.strides.len() != view.shape.len() {
        return Err(malformed(format_args!(
            "{name} has not one stride a dimension"
        )));
    }
    let dimensions = || view.shape.iter().zip(&view.strides);
    if dimensions().any(|(size, stride)| *size > 1 && *stride == 0) {
        return Err(unsupported(format_args!(
            "an expanded tensor ({name}: call .contiguous() on it)"
        )));
    }
    let empty = view.shape.contains(&0);
    let reach = dimensions().try_fold(view.offset, |end, (size, stride)| {
        end.checked_add(size.saturating_sub(1).checked_mul(*stride)?)
    });
    let elements = view
        .shape
        .iter()
        .fold(1u64, |product, size| product.saturating_mul(*size));
    match reach {
        Some(last) if last < storage.elements && elements <= storage.elements => {}
        _ if empty && view.offset <= storage.elements => {}
        _ => return Err(malformed(format_args!("{name} reaches beyond its storage"))),
    }
    let strides = dimensions().map(|(size, stride)| if *size > 1 { *stride as usize } else { 1 });
    Ok(strides.collect())
}

fn malformed(reason: impl Display) -> Box<Error> {
    Error::malformed(FORMAT, &reason)
}
