//! A cursor over a [`Source`]: small values come out of a window of buffered
//! bytes, and nothing is allocated before the file is known to be long enough.

use super::Source;
use crate::error::{Error, Result};
use std::fmt::Display;

/// The most that the describing part of a file (a header, a pickle, a graph)
/// may take. Those of the networks that we know take a tenth of it; a hostile
/// one, unfolded in memory, stays bounded.
pub const MAX_DESCRIPTION: u64 = 1 << 20;

/// Bytes buffered for small reads.
const WINDOW: u64 = 1 << 16;

/// Reads forward through a source; jumps are allowed and cheap within the window.
pub struct Reader<'a> {
    source: &'a dyn Source,
    format: &'static str,
    position: u64,
    window: Vec<u8>,
    window_start: u64,
}

impl<'a> Reader<'a> {
    /// At the start of `source`, a file of this format (for messages).
    pub fn new(source: &'a dyn Source, format: &'static str) -> Self {
        Self {
            source,
            format,
            position: 0,
            window: Vec::new(),
            window_start: 0,
        }
    }

    /// A reader of the same source that starts elsewhere.
    pub fn at(source: &'a dyn Source, format: &'static str, position: u64) -> Self {
        let mut reader = Self::new(source, format);
        reader.seek(position);
        reader
    }

    /// Format of the file.
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// Offset of the next byte.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes from here to the end.
    pub fn remaining(&self) -> u64 {
        self.source.len().saturating_sub(self.position)
    }

    /// Continues at `position`, wherever that is: reading there tells.
    pub fn seek(&mut self, position: u64) {
        self.position = position;
    }

    /// Passes over `bytes`.
    ///
    /// # Errors
    /// [`Error::Truncated`] when the file ends before.
    pub fn skip(&mut self, bytes: u64) -> Result<()> {
        self.require(bytes)?;
        self.position += bytes;
        Ok(())
    }

    /// Fills `buffer` with the next bytes.
    ///
    /// # Errors
    /// [`Error::Truncated`] when the file ends before.
    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        let wanted = buffer.len() as u64;
        self.require(wanted)?;
        if wanted > WINDOW {
            self.source.read(self.position, buffer)?;
        } else {
            let window_end = self.window_start + self.window.len() as u64;
            if self.position < self.window_start || self.position + wanted > window_end {
                let mut window = std::mem::take(&mut self.window);
                window.resize(self.remaining().min(WINDOW) as usize, 0);
                self.source.read(self.position, &mut window)?;
                self.window = window;
                self.window_start = self.position;
            }
            let start = (self.position - self.window_start) as usize;
            buffer.copy_from_slice(&self.window[start..start + buffer.len()]);
        }
        self.position += wanted;
        Ok(())
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// As [`Reader::fill`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The next byte.
    ///
    /// # Errors
    /// As [`Reader::fill`].
    pub fn byte(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next `length` bytes, a piece of the describing part called `what`.
    ///
    /// # Errors
    /// [`Error::Truncated`], or [`Error::Malformed`] beyond [`MAX_DESCRIPTION`].
    pub fn description(&mut self, length: u64, what: &str) -> Result<Vec<u8>> {
        self.require(length)?;
        if length > MAX_DESCRIPTION {
            return Err(self.malformed(format_args!(
                "its {what} takes {length} bytes, more than {MAX_DESCRIPTION}"
            )));
        }
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// An error about the bytes just read.
    pub fn malformed(&self, reason: impl Display) -> Box<Error> {
        Error::malformed(self.format, &reason)
    }

    fn require(&self, bytes: u64) -> Result<()> {
        match self.position.checked_add(bytes) {
            Some(end) if end <= self.source.len() => Ok(()),
            end => Err(Error::Truncated {
                format: self.format,
                expected: end.unwrap_or(u64::MAX),
                found: self.source.len(),
            }
            .into()),
        }
    }
}
