//! Protobuf's wire format, walked by hand as far as it takes to leave the values
//! of tensors in the file: what remains is small enough to decode in memory.

use super::message::put_number;

use crate::error::{Error, Result};
use crate::weights::reader::{MAX_DESCRIPTION, Reader};

/// The most messages of a model. Each unfolds to some hundred bytes, however
/// short it is in the file; ResNet-152 has about 3,000.
const MAX_MESSAGES: u32 = 1 << 15;

/// The longest name or list of numbers, in bytes. Many nodes may copy one.
const MAX_FIELD: u64 = 1024;

const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// The messages that are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    Model,
    OperatorSet,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    Dimension,
}

/// What becomes of a field.
enum Fate {
    Keep,
    Descend(Message),
    /// Replaced by its place in the file.
    Locate,
    Refuse(&'static str),
    Drop,
}

impl Message {
    fn fate(self, field: u64) -> Fate {
        use Fate::{Descend, Drop, Keep, Locate, Refuse};
        match (self, field) {
            (Self::Model, 7) => Descend(Self::Graph),
            (Self::Model, 8) => Descend(Self::OperatorSet),
            (Self::Graph, 1) => Descend(Self::Node),
            (Self::Graph, 5) => Descend(Self::Tensor),
            (Self::Graph, 11 | 12) => Descend(Self::ValueInfo),
            (Self::Graph, 15) => Refuse("sparse initializers"),
            (Self::Node, 5) => Descend(Self::Attribute),
            (Self::Attribute, 5) => Descend(Self::Tensor),
            (Self::Attribute, 6 | 11) => Refuse("graphs inside of nodes"),
            (Self::Tensor, 4 | 9) => Locate,
            (Self::ValueInfo, 2) => Descend(Self::Type),
            (Self::Type, 1) => Descend(Self::TensorType),
            (Self::TensorType, 2) => Descend(Self::Shape),
            (Self::Shape, 1) => Descend(Self::Dimension),
            (Self::OperatorSet, 1 | 2)
            | (Self::Graph, 2)
            | (Self::Node, 1..=4 | 7)
            | (Self::Attribute, 1..=4 | 7 | 8)
            | (Self::Tensor, 1 | 2 | 5 | 7 | 8 | 14)
            | (Self::ValueInfo | Self::TensorType | Self::Dimension, 1) => Keep,
            _ => Drop,
        }
    }
}

/// Whether a file of these first bytes can be a model: `ir_version`, a small
/// number, and the tag of another field of a model.
pub fn detect(start: &[u8]) -> bool {
    match start {
        [0x08, 1..=32, tag, ..] => matches!(tag, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42),
        _ => false,
    }
}

/// The whole model without the values of its tensors: each has the fields 1000
/// (offset in the file) and 1001 (length) instead.
pub fn skeleton(reader: &mut Reader) -> Result<Vec<u8>> {
    let end = reader.position() + reader.remaining();
    let mut walker = Walker {
        reader,
        kept: 0,
        messages: 0,
    };
    walker.message(Message::Model, end)
}

struct Walker<'a, 's> {
    reader: &'a mut Reader<'s>,
    kept: u64,
    messages: u32,
}

impl Walker<'_, '_> {
    /// The skeleton of the message that reaches from here to `end`.
    fn message(&mut self, kind: Message, end: u64) -> Result<Vec<u8>> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            let reason = format!("it has more than {MAX_MESSAGES} messages");
            return Err(self.reader.malformed(reason));
        }
        let mut out = Vec::new();
        while self.reader.position() < end {
            let tag = self.varint()?;
            let (field, wire) = (tag >> 3, tag & 7);
            let (value, length) = match wire {
                VARINT => (self.varint()?, 0),
                FIXED64 => (0, 8),
                BYTES => (0, self.varint()?),
                FIXED32 => (0, 4),
                _ => return Err(self.damaged(kind, "a group")),
            };
            let start = self.reader.position();
            if start > end || length > end - start {
                return Err(self.too_long(kind, start, length));
            }
            match kind.fate(field) {
                Fate::Refuse(feature) => {
                    return Err(Error::Unsupported {
                        format: self.reader.format(),
                        feature: feature.to_owned(),
                    });
                }
                Fate::Descend(child) if wire == BYTES => {
                    let inner = self.message(child, start + length)?;
                    put_number(tag, &mut out);
                    put_number(inner.len() as u64, &mut out);
                    out.extend(inner);
                }
                Fate::Locate if wire == BYTES => {
                    for (field, value) in [(1000, start), (1001, length)] {
                        put_number(field << 3, &mut out);
                        put_number(value, &mut out);
                    }
                    self.reader.skip(length)?;
                }
                Fate::Keep => {
                    self.kept += 16 + length;
                    if self.kept > MAX_DESCRIPTION || length > MAX_FIELD {
                        return Err(self.damaged(kind, "more text than a network needs"));
                    }
                    put_number(tag, &mut out);
                    match wire {
                        VARINT => put_number(value, &mut out),
                        BYTES => put_number(length, &mut out),
                        _ => {}
                    }
                    out.extend(self.reader.description(length, "graph")?);
                }
                Fate::Descend(_) | Fate::Locate | Fate::Drop => self.reader.skip(length)?,
            }
        }
        Ok(out)
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.reader.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.reader.malformed("a number of more than 64 bits"))
    }

    /// A field that is longer than its message, or than the file.
    fn too_long(&self, kind: Message, start: u64, length: u64) -> Error {
        let found = start + self.reader.remaining();
        match start.checked_add(length) {
            Some(expected) if expected <= found => self.damaged(kind, "a field longer than itself"),
            expected => Error::Truncated {
                format: self.reader.format(),
                expected: expected.unwrap_or(u64::MAX),
                found,
            },
        }
    }

    fn damaged(&self, kind: Message, what: &str) -> Error {
        let position = self.reader.position();
        self.reader
            .malformed(format!("{kind:?} holds {what} at byte {position}"))
    }
}
