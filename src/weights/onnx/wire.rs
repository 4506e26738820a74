//! Protobuf's wire format, read from the file message by message, so that the
//! values of tensors can be left there. prost, which needs all of a message in
//! memory, would also take 6 KB of the page's module.

use crate::error::{Error, Result};
use crate::weights::reader::{MAX_DESCRIPTION, Reader};

/// The most messages of a model. Each unfolds to some hundred bytes, however
/// short it is in the file; ResNet-152 has about 3,000.
const MAX_MESSAGES: u32 = 1 << 15;

/// The longest name or list of numbers, in bytes.
const MAX_FIELD: u64 = 1 << 13;

/// The most messages inside of one another: a model, its graph, a node, and twice
/// an attribute with a graph and its nodes, down to the size of a dimension.
const MAX_DEPTH: u32 = 16;

const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// A message that is made field by field; fields that it does not know pass.
pub trait Message {
    /// What it is called in errors.
    fn name(&self) -> &'static str;

    /// Takes a field.
    fn set(&mut self, field: &mut Field) -> Result<()>;
}

/// Whether a file of these first bytes can be a model: `ir_version`, a small
/// number, and the tag of another field of a model.
pub fn detect(start: &[u8]) -> bool {
    match start {
        [0x08, 1..=32, tag, ..] => matches!(tag, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42),
        _ => false,
    }
}

/// The message that reaches from here to the end of the file.
pub fn read<M: Message + Default>(reader: &mut Reader) -> Result<M> {
    let mut message = M::default();
    let end = reader.position() + reader.remaining();
    let mut walker = Walker {
        reader,
        kept: 0,
        messages: 0,
        depth: 0,
    };
    walker.fill(&mut message, end)?;
    Ok(message)
}

struct Walker<'a, 's> {
    reader: &'a mut Reader<'s>,
    /// Bytes in memory, about.
    kept: u64,
    messages: u32,
    depth: u32,
}

impl Walker<'_, '_> {
    /// Gives a message its fields, which reach from here to `end`.
    fn fill(&mut self, message: &mut dyn Message, end: u64) -> Result<()> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            let reason = format!("it has more than {MAX_MESSAGES} messages");
            return Err(self.reader.malformed(reason));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let feature = "graphs inside of nodes, inside of one another";
            return Err(Error::unsupported(self.reader.format(), &feature));
        }
        while self.reader.position() < end {
            let tag = self.varint()?;
            let wire = tag & 7;
            let (value, length) = match wire {
                VARINT => (self.varint()?, 0),
                FIXED64 => (0, 8),
                BYTES => (0, self.varint()?),
                FIXED32 => (0, 4),
                _ => return Err(self.damaged(message.name(), "a group")),
            };
            let start = self.reader.position();
            if start > end || length > end - start {
                return Err(self.too_long(message.name(), start, length));
            }
            message.set(&mut Field {
                number: tag >> 3,
                message: message.name(),
                wire,
                value,
                start,
                length,
                walker: self,
            })?;
            self.reader.seek(start + length);
        }
        self.depth -= 1;
        Ok(())
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
    fn too_long(&self, message: &str, start: u64, length: u64) -> Box<Error> {
        let found = start + self.reader.remaining();
        match start.checked_add(length) {
            Some(expected) if expected <= found => {
                self.damaged(message, "a field longer than itself")
            }
            expected => Error::Truncated {
                format: self.reader.format(),
                expected: expected.unwrap_or(u64::MAX),
                found,
            }
            .into(),
        }
    }

    fn damaged(&self, message: &str, what: &str) -> Box<Error> {
        let position = self.reader.position();
        self.reader
            .malformed(format_args!("{message} holds {what} at byte {position}"))
    }
}

/// A field of a message, still in the file.
pub struct Field<'w, 'a, 's> {
    /// Its number in the message's definition.
    pub number: u64,
    /// Name of the message.
    message: &'static str,
    wire: u64,
    /// The number that it is, for [`VARINT`].
    value: u64,
    start: u64,
    length: u64,
    walker: &'w mut Walker<'a, 's>,
}

impl Field<'_, '_, '_> {
    /// The message in it; none when it is a number, as if it were not known.
    pub fn message<M: Message + Default>(&mut self) -> Result<Option<M>> {
        if self.wire != BYTES {
            return Ok(None);
        }
        let mut message = M::default();
        self.walker.fill(&mut message, self.start + self.length)?;
        Ok(Some(message))
    }

    /// Offset in the file and length of its bytes, which stay there; none when it
    /// is a number.
    pub fn place(&self) -> Option<(u64, u64)> {
        (self.wire == BYTES).then_some((self.start, self.length))
    }

    /// Its bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>> {
        self.keep()?;
        match self.wire {
            BYTES => self.walker.reader.description(self.length, "graph"),
            _ => Err(self.damaged("a number where bytes should be")),
        }
    }

    /// Its text.
    pub fn text(&mut self) -> Result<String> {
        String::from_utf8(self.bytes()?).map_err(|_| self.damaged("a text that is not UTF-8"))
    }

    /// Its whole number.
    pub fn integer(&mut self) -> Result<i64> {
        self.keep()?;
        match self.wire {
            VARINT => Ok(self.value as i64),
            _ => Err(self.damaged("something else where a whole number should be")),
        }
    }

    /// Its floating point number.
    pub fn float(&mut self) -> Result<f32> {
        self.keep()?;
        match self.wire {
            FIXED32 => self.walker.reader.array().map(f32::from_le_bytes),
            _ => Err(self.damaged("something else where a floating point number should be")),
        }
    }

    /// Appends its whole numbers, packed or one.
    pub fn integers(&mut self, list: &mut Vec<i64>) -> Result<()> {
        if self.wire != BYTES {
            list.push(self.integer()?);
            return Ok(());
        }
        self.keep()?;
        let end = self.start + self.length;
        while self.walker.reader.position() < end {
            list.push(self.walker.varint()? as i64);
        }
        match self.walker.reader.position() > end {
            true => Err(self.damaged("a field longer than itself")),
            false => Ok(()),
        }
    }

    /// Appends its floating point numbers, packed or one.
    pub fn floats(&mut self, list: &mut Vec<f32>) -> Result<()> {
        if self.wire != BYTES {
            list.push(self.float()?);
            return Ok(());
        }
        let bytes = self.bytes()?;
        let (numbers, rest) = bytes.as_chunks();
        list.extend(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        match rest.is_empty() {
            true => Ok(()),
            false => Err(self.damaged("a part of a floating point number")),
        }
    }

    /// The error for a field that cannot be left out.
    pub fn unsupported(&self, feature: &str) -> Box<Error> {
        Error::unsupported(self.walker.reader.format(), &feature)
    }

    /// Counts what is about to be held in memory.
    fn keep(&mut self) -> Result<()> {
        self.walker.kept += 16 + self.length;
        match self.walker.kept > MAX_DESCRIPTION || self.length > MAX_FIELD {
            true => Err(self.damaged("more text than a network needs")),
            false => Ok(()),
        }
    }

    fn damaged(&self, what: &str) -> Box<Error> {
        self.walker.damaged(self.message, what)
    }
}
