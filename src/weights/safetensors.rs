//! Safetensors: the length of a JSON header (u64), the header, the tensors.

use std::collections::HashMap;

use safetensors::Dtype;
use safetensors::tensor::Metadata;

use super::reader::Reader;
use super::tensor::{Element, Tensor, Values, checked_shape};
use super::{Format, Source};
use crate::error::{Error, Result};

const FORMAT: &str = Format::Safetensors.name();

/// Whether these are the first bytes of such a file: a length that can be
/// one, and the brace that opens the header.
pub fn detect(start: &[u8]) -> bool {
    start.len() > 8 && start[8] == b'{' && start[4..8] == [0; 4]
}

/// The catalogue, in the order of the file, and the file's notes about itself.
pub fn open(source: &dyn Source) -> Result<(Vec<Tensor>, HashMap<String, String>)> {
    let mut reader = Reader::new(source, FORMAT);
    let length = u64::from_le_bytes(reader.array()?);
    let header = reader.description(length, "header")?;
    let metadata: Metadata =
        serde_json::from_slice(&header).map_err(|error| reader.malformed(error.to_string()))?;
    let data = reader.position();
    let expected = data.saturating_add(metadata.data_len() as u64);
    if expected > source.len() {
        return Err(Error::Truncated {
            format: FORMAT,
            expected,
            found: source.len(),
        });
    }
    if expected < source.len() {
        let extra = source.len() - expected;
        return Err(reader.malformed(format!(
            "{extra} bytes are left over behind its last tensor"
        )));
    }
    let mut tensors = Vec::new();
    for name in metadata.offset_keys() {
        let info = metadata.info(&name).expect("a name of its own");
        let shape = checked_shape(FORMAT, &name, info.shape.iter().map(|size| *size as u64))?;
        let stored = |element| Values::Stored {
            element,
            offset: data + info.data_offsets.0 as u64,
            strides: None,
        };
        let values = match info.dtype {
            Dtype::F32 => stored(Element::F32),
            Dtype::F16 => stored(Element::F16),
            Dtype::BF16 => stored(Element::Bf16),
            other => Values::Unreadable(other.to_string()),
        };
        tensors.push(Tensor::new(name, shape, values));
    }
    let notes = metadata.metadata().clone().unwrap_or_default();
    Ok((tensors, notes))
}
