//! From an unpickled checkpoint to a catalogue of tensors.

use std::fmt::Display;

use super::pickle::Pickle;
use super::search::find;
use super::storage::{ElementType, View};
use super::{Catalogue, FORMAT, unsupported};
use crate::error::{Error, Result};
use crate::weights::pytorch::pickle::Object;
use crate::weights::strided::is_contiguous;
use crate::weights::tensor::{Tensor, Values, checked_shape};

/// The most elements of a tensor that repeats those of its storage.
const MAX_EXPANDED: u64 = 1 << 24;

/// The tensors of the network in a checkpoint, wherever they are. `locate` gives offset
/// and length, in bytes, of a storage.
pub fn tensors(
    pickle: &Pickle,
    mut locate: impl FnMut(&str) -> Result<Option<(u64, u64)>>,
) -> Result<Catalogue> {
    let found = find(pickle)?;
    let views = found.views.into_iter();
    let tensors: Result<Vec<Tensor>> = views
        .map(|(name, view)| tensor(pickle, &name, view, &mut locate))
        .collect();
    Ok(Catalogue {
        tensors: tensors?,
        skipped: found.skipped,
    })
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
    let element = view.element.unwrap_or(storage.element);
    let bytes = storage.elements.saturating_mul(storage.element.size());
    if bytes > length {
        return Err(malformed(format_args!(
            "the storage of {name} should hold {} elements, but has {length} bytes",
            storage.elements
        )));
    }
    let shape = checked_shape(FORMAT, name, view.shape.iter().copied())?;
    let elements = bytes / element.size();
    let strides = checked_strides(name, view, elements)?;
    let values = match element {
        ElementType::Other(what, _) => Values::Unreadable(what.to_owned()),
        ElementType::Float(element) => Values::Stored {
            element,
            offset: start + view.offset * element.size() as u64,
            strides: (!is_contiguous(&shape.0, &strides)).then_some(strides),
        },
    };
    Ok(Tensor::new(name, shape, values))
}

/// Checks that a view stays within the elements of its storage.
fn checked_strides(name: &str, view: &View, within: u64) -> Result<Vec<usize>> {
    if view.strides.len() != view.shape.len() {
        return Err(malformed(format_args!(
            "{name} has not one stride a dimension"
        )));
    }
    let dimensions = || view.shape.iter().zip(&view.strides);
    let empty = view.shape.contains(&0);
    let reach = dimensions().try_fold(view.offset, |end, (size, stride)| {
        end.checked_add(size.saturating_sub(1).checked_mul(*stride)?)
    });
    let elements = (view.shape.iter()).fold(1u64, |product, size| product.saturating_mul(*size));
    let expanded = dimensions().any(|(size, stride)| *size > 1 && *stride == 0);
    if expanded && elements > MAX_EXPANDED {
        return Err(unsupported(format_args!(
            "an expanded tensor of {elements} elements ({name}: call .contiguous() on it)"
        )));
    }
    match reach {
        Some(last) if last < within && (expanded || elements <= within) => {}
        _ if empty && view.offset <= within => {}
        _ => return Err(malformed(format_args!("{name} reaches beyond its storage"))),
    }
    let strides = dimensions().map(|(size, stride)| if *size > 1 { *stride as usize } else { 1 });
    Ok(strides.collect())
}

fn malformed(reason: impl Display) -> Box<Error> {
    Error::malformed(FORMAT, &reason)
}
