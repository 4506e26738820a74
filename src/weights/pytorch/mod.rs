//! PyTorch's `torch.save`: a pickle that describes tensors, and their storages.
//!
//! Since 1.6 both stand in a zip archive, uncompressed (`NAME/data.pkl`,
//! `NAME/data/KEY`); before, pickles and storages followed each other. Values
//! are read in place either way.

mod legacy;
mod pickle;
mod state_dict;
mod storage;

use zip::{CompressionMethod, ZipArchive};

use super::reader::Reader;
use super::tensor::Tensor;
use super::{Format, Source};
use crate::error::{Error, Result};

const FORMAT: &str = Format::PyTorch.name();

/// Bytes that a zip archive starts with.
const ZIP: &[u8] = b"PK\x03\x04";

/// Whether these are the first bytes of such a file.
pub fn detect(start: &[u8]) -> bool {
    start.starts_with(ZIP) || start.starts_with(legacy::MAGIC)
}

/// The catalogue of a file that [`detect`] told, in the order of its dictionary.
pub fn open(source: &dyn Source) -> Result<Vec<Tensor>> {
    let mut reader = Reader::new(source, FORMAT);
    match reader.array::<4>()? == *ZIP {
        true => open_zip(source),
        false => legacy::open(source),
    }
}

fn open_zip(source: &dyn Source) -> Result<Vec<Tensor>> {
    let archive = ZipArchive::new(Reader::new(source, FORMAT)).map_err(damaged)?;
    let mut archive = Archive { archive, source };
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

/// A zip archive whose entries are read in place.
struct Archive<'a> {
    archive: ZipArchive<Reader<'a>>,
    source: &'a dyn Source,
}

impl Archive<'_> {
    /// The folder that `data.pkl` is in.
    fn folder(&self) -> Result<String> {
        let names = self.archive.file_names().filter_map(|name| name.ok());
        let mut folders = names.filter_map(|name| Some(name.strip_suffix("/data.pkl")?.to_owned()));
        folders.next().ok_or_else(|| Error::Malformed {
            format: FORMAT,
            reason: "there is no data.pkl in its zip archive".to_owned(),
        })
    }

    /// Offset and length of an entry, if there is one of this name.
    fn locate(&mut self, name: &str) -> Result<Option<(u64, u64)>> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let entry = self.archive.by_index_raw(index).map_err(damaged)?;
        if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
            return Err(unsupported(format!(
                "a compressed or encrypted zip entry ({name})"
            )));
        }
        let start = entry.data_start().unwrap_or(u64::MAX);
        let end = start.saturating_add(entry.size());
        if end > self.source.len() {
            return Err(Error::Truncated {
                format: FORMAT,
                expected: end,
                found: self.source.len(),
            });
        }
        Ok(Some((start, entry.size())))
    }
}

fn damaged(error: zip::result::ZipError) -> Error {
    Error::Malformed {
        format: FORMAT,
        reason: error.to_string(),
    }
}

fn unsupported(feature: impl Into<String>) -> Error {
    Error::Unsupported {
        format: FORMAT,
        feature: feature.into(),
    }
}
