//! The codes and gaps of one layer, decoded from any element on.

use std::ops::Range;

use super::FORMAT;
use super::layout::Layout;
use crate::error::Result;
use crate::weights::Source;
use crate::weights::reader::Reader;

/// Codes between two remembered positions: decoding a range starts at the one
/// before it. Even, so that every block of gaps starts with a whole byte.
const BLOCK: u32 = 4096;

/// A layer whose codes stay in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct CodedLayer {
    codebook: Vec<f32>,
    bits: u32,
    count: u32,
    codes_offset: u64,
    gaps_offset: u64,
    /// Elements that lie before each block of codes.
    block_starts: Vec<usize>,
}

impl CodedLayer {
    /// Walks once over the codes and gaps behind `reader`, and checks that they
    /// stay within the layer.
    pub fn scan(
        source: &dyn Source,
        reader: &mut Reader,
        codebook: Vec<f32>,
        count: u32,
        layout: &Layout,
    ) -> Result<Self> {
        let codes_offset = reader.position();
        reader.skip((u64::from(count) * u64::from(layout.bits)).div_ceil(8))?;
        let gaps_offset = reader.position();
        reader.skip(u64::from(count).div_ceil(2))?;
        let mut layer = Self {
            codebook,
            bits: layout.bits,
            count,
            codes_offset,
            gaps_offset,
            block_starts: Vec::new(),
        };
        let mut gaps = Packed::new(source, gaps_offset, 4);
        let mut elements = 0;
        for code in 0..count {
            if code % BLOCK == 0 {
                layer.block_starts.push(elements);
            }
            elements += usize::from(gaps.next()?) + 1;
        }
        if elements > layout.weight_elements() {
            return Err(reader.malformed(format_args!(
                "the codes of {} reach element {elements}, but it has only {}",
                layout.name,
                layout.weight_elements()
            )));
        }
        Ok(layer)
    }

    /// Bits of a code: 8 or 4.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// What the codes stand for.
    pub fn codebook(&self) -> &[f32] {
        &self.codebook
    }

    /// The codes of the elements `range`, one a byte.
    pub fn codes(&self, source: &dyn Source, range: Range<usize>) -> Result<Vec<u8>> {
        let mut dense = vec![0; range.len()];
        let block = self
            .block_starts
            .partition_point(|start| *start <= range.start)
            - 1;
        let first = block as u32 * BLOCK;
        let codes_offset = self.codes_offset + u64::from(first) * u64::from(self.bits) / 8;
        let mut codes = Packed::new(source, codes_offset, self.bits);
        let mut gaps = Packed::new(source, self.gaps_offset + u64::from(first) / 2, 4);
        let mut next = self.block_starts[block];
        for _ in first..self.count {
            let element = next + usize::from(gaps.next()?);
            let code = codes.next()?;
            if element >= range.end {
                break;
            }
            if element >= range.start {
                dense[element - range.start] = code;
            }
            next = element + 1;
        }
        Ok(dense)
    }
}

/// Numbers of 8 or 4 bits, one behind the other, low half first.
struct Packed<'a> {
    reader: Reader<'a>,
    bits: u32,
    upper: Option<u8>,
}

impl<'a> Packed<'a> {
    fn new(source: &'a dyn Source, offset: u64, bits: u32) -> Self {
        Self {
            reader: Reader::at(source, FORMAT, offset),
            bits,
            upper: None,
        }
    }

    fn next(&mut self) -> Result<u8> {
        if let Some(upper) = self.upper.take() {
            return Ok(upper);
        }
        let byte = self.reader.byte()?;
        if self.bits == 8 {
            return Ok(byte);
        }
        self.upper = Some(byte >> 4);
        Ok(byte & 0x0f)
    }
}
