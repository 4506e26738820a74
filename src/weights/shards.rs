//! A safetensors file in several: the parts read as one file whose header names the
//! tensors of all.

use std::ops::Range;

use super::reader::Reader;
use super::safetensors::{self, Header};
use super::source::{LocalFuture, Source};
use crate::error::Result;

/// The parts as one file.
pub struct Shards {
    /// Length and text of the header of all.
    header: Vec<u8>,
    parts: Vec<Part>,
    length: u64,
}

/// The values of a part.
struct Part {
    source: Box<dyn Source>,
    /// Where they begin in their own file.
    start: u64,
    /// Where they are in the whole.
    place: Range<u64>,
}

impl Shards {
    /// Joins parts, in the order of their values.
    ///
    /// # Errors
    /// As of opening each: [`Error::Malformed`](crate::error::Error::Malformed),
    /// [`Error::Truncated`](crate::error::Error::Truncated).
    pub fn join(sources: Vec<Box<dyn Source>>) -> Result<Self> {
        let mut whole = Header::default();
        let mut values = Vec::new();
        let mut before = 0;
        for source in sources {
            let mut reader = Reader::new(&source, safetensors::FORMAT);
            let header = safetensors::header(&mut reader)?;
            let (start, length) = (reader.position(), reader.remaining());
            whole.append(header, before);
            values.push((source, start, before..before + length));
            before += length;
        }
        let header = safetensors::header_bytes(&whole);
        let first = header.len() as u64;
        let part = |(source, start, place): (_, _, Range<u64>)| Part {
            source,
            start,
            place: first + place.start..first + place.end,
        };
        Ok(Self {
            length: first + before,
            parts: values.into_iter().map(part).collect(),
            header,
        })
    }
}

impl Source for Shards {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let (mut offset, mut rest) = (offset, buffer);
        let header = usize::try_from(offset)
            .ok()
            .and_then(|at| self.header.get(at..));
        if let Some(header) = header {
            let count = header.len().min(rest.len());
            rest[..count].copy_from_slice(&header[..count]);
            rest = &mut rest[count..];
            offset += count as u64;
        }
        for part in &self.parts {
            if rest.is_empty() {
                return Ok(());
            }
            if part.place.contains(&offset) {
                let count = (part.place.end - offset).min(rest.len() as u64) as usize;
                let (piece, behind) = rest.split_at_mut(count);
                part.source
                    .read(part.start + offset - part.place.start, piece)?;
                rest = behind;
                offset += count as u64;
            }
        }
        // Beyond the end: the last part tells.
        match (rest.is_empty(), self.parts.last()) {
            (false, Some(part)) => part.source.read(part.source.len(), rest),
            _ => Ok(()),
        }
    }

    fn prefetch(&self, range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        let part = self
            .parts
            .iter()
            .find(|part| part.place.contains(&range.start) && range.end <= part.place.end);
        match part {
            Some(part) => {
                let own = |at: u64| part.start + at - part.place.start;
                part.source.prefetch(own(range.start)..own(range.end))
            }
            None => Box::pin(std::future::ready(Ok(()))),
        }
    }
}
