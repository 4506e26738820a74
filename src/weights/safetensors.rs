//! Safetensors: the length of a JSON header (u64), the header, the tensors. The
//! crate of this name would take 25 KB of the page's module.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::tensor::{Element, Tensor, Values, checked_shape};
use super::{Format, Source};
use crate::error::{Error, Result};
use crate::order::order;
use crate::shape::Shape;

pub(super) const FORMAT: &str = Format::Safetensors.name();

/// The element types of the format and their bits.
const TYPES: [(&str, u64); 22] = [
    ("BOOL", 8),
    ("F4", 4),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("U8", 8),
    ("I8", 8),
    ("F8_E5M2", 8),
    ("F8_E4M3", 8),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("I16", 16),
    ("U16", 16),
    ("F16", 16),
    ("BF16", 16),
    ("I32", 32),
    ("U32", 32),
    ("F32", 32),
    ("C64", 64),
    ("F64", 64),
    ("I64", 64),
    ("U64", 64),
];

/// What the header says.
#[derive(Default)]
pub(super) struct Header {
    notes: BTreeMap<String, String>,
    tensors: Vec<(String, Entry)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a tensor for every name")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Header, A::Error> {
                let mut header = Header {
                    notes: BTreeMap::new(),
                    tensors: Vec::new(),
                };
                while let Some(name) = map.next_key::<String>()? {
                    match &name[..] {
                        "__metadata__" => header.notes = map.next_value()?,
                        _ => header.tensors.push((name, map.next_value()?)),
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Header {
    /// Adds the tensors of another part, whose values stand so many bytes further.
    pub(super) fn append(&mut self, mut part: Self, before: u64) {
        for (_, entry) in &mut part.tensors {
            let (start, end) = entry.data_offsets;
            entry.data_offsets = (start.saturating_add(before), end.saturating_add(before));
        }
        self.notes.append(&mut part.notes);
        self.tensors.append(&mut part.tensors);
    }
}

/// Length and text of a header.
pub(super) fn header_bytes(header: &Header) -> Vec<u8> {
    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("plain data serialises")
    }
    let mut text = format!("{{\"__metadata__\":{}", json(&header.notes));
    for (name, entry) in &header.tensors {
        text += &format!(",{}:{}", json(name), json(entry));
    }
    text.push('}');
    while !text.len().is_multiple_of(8) {
        text.push(' '); // numbers stand at multiples of their size
    }
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

/// Whether these are the first bytes of such a file: a length that can be
/// one, and the brace that opens the header.
pub fn detect(start: &[u8]) -> bool {
    start.len() > 8 && start[8] == b'{' && start[4..8] == [0; 4]
}

/// A file of 32-bit floating point tensors (name, shape, values) and of notes
/// about itself.
pub fn write(tensors: &[(String, Shape, Vec<f32>)], notes: &BTreeMap<String, String>) -> Vec<u8> {
    let mut header = Header {
        notes: notes.clone(),
        tensors: Vec::new(),
    };
    let mut next = 0;
    for (name, shape, values) in tensors {
        let start = next;
        next += 4 * values.len() as u64;
        let entry = Entry {
            dtype: "F32".to_owned(),
            shape: shape.0.iter().map(|size| *size as u64).collect(),
            data_offsets: (start, next),
        };
        header.tensors.push((name.clone(), entry));
    }
    let mut file = header_bytes(&header);
    file.reserve(next as usize);
    for (_, _, values) in tensors {
        file.extend_from_slice(bytemuck::cast_slice(values));
    }
    file
}

pub(super) fn header(reader: &mut Reader) -> Result<Header> {
    let length = u64::from_le_bytes(reader.array()?);
    let header = reader.description(length, "header")?;
    serde_json::from_slice(&header).map_err(|error| reader.malformed(error))
}

/// The catalogue, in the order of the file, and the file's notes about itself.
pub fn open(source: &dyn Source) -> Result<(Vec<Tensor>, BTreeMap<String, String>)> {
    let mut reader = Reader::new(source, FORMAT);
    let Header { notes, tensors } = header(&mut reader)?;
    let entries = tensors;
    let offsets = |index: usize| entries[index].1.data_offsets;
    let in_place = order(entries.len(), &|a, b| offsets(a).cmp(&offsets(b)));
    let mut next = reader.position();
    let mut tensors = Vec::new();
    for index in in_place {
        let (name, entry) = &entries[index];
        let shape = checked_shape(FORMAT, name, entry.shape.iter().copied())?;
        let (offset, end) = entry.data_offsets;
        let [offset, end] = [offset, end].map(|at| at.saturating_add(reader.position()));
        let bits = TYPES.iter().find(|(known, _)| *known == entry.dtype);
        let fits = bits.is_some_and(|(_, bits)| {
            let bits = shape.elements() as u64 * bits;
            offset == next && bits.is_multiple_of(8) && end == offset.saturating_add(bits / 8)
        });
        if !fits {
            let (start, end) = entry.data_offsets;
            return Err(reader.malformed(format_args!(
                "{name} ({} of {shape}) cannot stand at bytes {start} to {end}",
                entry.dtype
            )));
        }
        next = end;
        let stored = |element| Values::Stored {
            element,
            offset,
            strides: None,
        };
        let values = match &entry.dtype[..] {
            "F32" => stored(Element::F32),
            "F16" => stored(Element::F16),
            "BF16" => stored(Element::Bf16),
            "F64" => stored(Element::F64),
            "F8_E4M3" => stored(Element::F8E4M3),
            "F8_E5M2" => stored(Element::F8E5M2),
            other => Values::Unreadable(other.to_owned()),
        };
        tensors.push(Tensor::new(name, shape, values));
    }
    let found = source.len();
    match next {
        expected if expected > found => Err(Error::Truncated {
            format: FORMAT,
            expected,
            found,
        }
        .into()),
        expected if expected < found => {
            let extra = found - expected;
            Err(reader.malformed(format_args!(
                "{extra} bytes are left over behind its last tensor"
            )))
        }
        _ => Ok((tensors, notes)),
    }
}
