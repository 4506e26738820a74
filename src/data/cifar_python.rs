//! CIFAR as Python's pickles, as most download it: dictionaries of an array of bytes and
//! a list of labels. They are read as checkpoints are, and nothing in them is executed.

use std::borrow::Cow;

use super::cifar10::push_planes;
use super::{Samples, malformed};
use crate::error::Result;
use crate::weights::pytorch::pickle::{self, Handle, Object, Pickle};
use crate::weights::reader::Reader;

const FORMAT: &str = "CIFAR";

/// Bytes of a picture.
const PICTURE: usize = 3 * 32 * 32;

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum CifarPython {
    /// Pictures, and whether their labels are CIFAR-100's finer ones.
    Batch {
        /// The pictures.
        samples: Samples,
        /// Whether there are 100 classes.
        fine: bool,
    },
    /// Names of the classes.
    Classes(Vec<String>),
    /// Neither.
    Other,
}

/// Reads `data_batch_1`, `train`, `meta` and their like.
///
/// # Errors
/// [`Error::Malformed`](crate::error::Error::Malformed) when it contradicts itself, and
/// what the pickle gives.
pub fn read_cifar_python(bytes: Vec<u8>) -> Result<CifarPython> {
    if bytes.first() != Some(&0x80) {
        return Ok(CifarPython::Other);
    }
    let pickle = pickle::load(&mut Reader::new(&bytes, FORMAT))?;
    let items = pickle.items(pickle.root_handle());
    let value = |key: &str| pickle.value_of_bytes(items, &bytes, key);
    for key in ["fine_label_names", "label_names"] {
        if let Some(Object::List(names)) = value(key).map(|names| pickle.get(names)) {
            let names = names.iter().filter_map(|name| pickle.bytes(*name, &bytes));
            let names = names.map(|name| String::from_utf8_lossy(&name).into_owned());
            return Ok(CifarPython::Classes(names.collect()));
        }
    }
    let (fine, labels) = match value("fine_labels") {
        Some(labels) => (true, labels),
        None => match value("labels") {
            Some(labels) => (false, labels),
            None => return Ok(CifarPython::Other),
        },
    };
    let Some(pixels) = value("data").and_then(|data| array(&pickle, &bytes, data)) else {
        return Err(malformed("a batch without an array of bytes"));
    };
    let classes = if fine { 100 } else { 10 };
    let Object::List(labels) = pickle.get(labels) else {
        return Err(malformed("a batch without a list of labels"));
    };
    let label = |label: &Handle| match pickle.get(*label) {
        Object::Integer(label @ 0..) if *label < classes => Ok(*label as u32),
        _ => Err(malformed(format_args!(
            "a label that is none of {classes} classes"
        ))),
    };
    let labels: Vec<u32> = labels.iter().map(label).collect::<Result<_>>()?;
    if labels.len() * PICTURE != pixels.len() {
        let pictures = pixels.len() / PICTURE;
        return Err(malformed(format_args!(
            "{} labels for {pictures} pictures",
            labels.len()
        )));
    }
    let mut samples = Samples {
        pixels: Vec::with_capacity(pixels.len()),
        labels,
    };
    for picture in pixels.chunks_exact(PICTURE) {
        push_planes(&mut samples.pixels, picture);
    }
    Ok(CifarPython::Batch { samples, fine })
}

/// The bytes of an array of NumPy: the last part of its state, behind version, shape,
/// type and order.
fn array<'a>(pickle: &'a Pickle, file: &'a [u8], handle: Handle) -> Option<Cow<'a, [u8]>> {
    let Object::Instance(array) = pickle.get(handle) else {
        return None;
    };
    let Object::Tuple(state) = pickle.get(array.state?) else {
        return None;
    };
    pickle.bytes(*state.last()?, file)
}
