//! PyTorch's `torch.save`: a pickle that describes tensors, and their storages.
//!
//! Since 1.6 both stand in a zip archive, uncompressed (`NAME/data.pkl`,
//! `NAME/data/KEY`); before, pickles and storages followed each other. Values
//! are read in place either way.

mod archive;
mod legacy;
pub(crate) mod pickle;
mod search;
mod state_dict;
mod storage;

use super::reader::Reader;
use super::tensor::Tensor;
use super::{Format, Source};
use crate::error::{Error, Result};
use archive::Archive;
use std::fmt::Display;

const FORMAT: &str = Format::PyTorch.name();

/// Bytes that a zip archive starts with.
const ZIP: &[u8] = b"PK\x03\x04";

/// What a file holds.
pub struct Catalogue {
    /// The tensors, in the order of the file.
    pub tensors: Vec<Tensor>,
    /// Names of what stands beside them.
    pub skipped: Vec<String>,
}

/// Whether these are the first bytes of such a file.
pub fn detect(start: &[u8]) -> bool {
    start.starts_with(ZIP) || legacy::detect(start)
}

/// The catalogue of a file that [`detect`] told, in the order of its dictionary.
pub fn open(source: &dyn Source) -> Result<Catalogue> {
    let mut reader = Reader::new(source, FORMAT);
    match reader.array::<4>()? == *ZIP {
        true => open_zip(source),
        false => legacy::open(source),
    }
}

fn open_zip(source: &dyn Source) -> Result<Catalogue> {
    let archive = Archive::open(source)?;
    let folder = archive.folder()?;
    if let Some((start, _)) = archive.locate(&format!("{folder}/byteorder"))?
        && Reader::at(source, FORMAT, start).byte()? == b'b'
    {
        return Err(unsupported("big-endian numbers"));
    }
    let pickle = format!("{folder}/data.pkl");
    let (start, length) = archive.locate(&pickle)?.expect("found before");
    let mut reader = Reader::at(source, FORMAT, start);
    let pickle = pickle::load(&mut reader)?;
    if reader.position() > start + length {
        return Err(reader.malformed("its pickle reaches beyond its place in the zip archive"));
    }
    state_dict::tensors(&pickle, |key| {
        archive.locate(&format!("{folder}/data/{key}"))
    })
}

fn unsupported(feature: impl Display) -> Box<Error> {
    Error::unsupported(FORMAT, &feature)
}
