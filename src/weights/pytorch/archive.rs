//! The zip archive of a PyTorch file, whose entries stand uncompressed and are
//! read in place.

use std::collections::HashMap;
use std::fmt::Display;
use std::io;

use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipLocator};

use super::{FORMAT, unsupported};
use crate::error::{Error, Result};
use crate::weights::Source;
use crate::weights::reader::MAX_DESCRIPTION;

/// The entries of an archive, found by name.
pub struct Archive<'a> {
    archive: ZipArchive<InPlace<'a>>,
    entries: HashMap<String, Entry>,
}

/// Where an entry is, and whether its bytes are those of its file.
struct Entry {
    place: rawzip::ZipArchiveEntryWayfinder,
    plain: bool,
}

impl<'a> Archive<'a> {
    /// Reads the directory of the archive.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is damaged or larger than [`MAX_DESCRIPTION`].
    pub fn open(source: &'a dyn Source) -> Result<Self> {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive = ZipLocator::new()
            .locate_in_reader(InPlace(source), &mut buffer, source.len())
            .map_err(|(_, error)| damaged(error))?;
        let mut entries = HashMap::new();
        let mut taken = 0;
        let mut directory = archive.entries(&mut buffer);
        while let Some(header) = directory.next_entry().map_err(damaged)? {
            let path = header.file_path();
            taken += (size_of::<Entry>() + path.len()) as u64;
            if taken > MAX_DESCRIPTION {
                return Err(malformed(format_args!(
                    "the directory of its zip archive takes more than {MAX_DESCRIPTION} bytes"
                )));
            }
            // A name that is no UTF-8 is none that PyTorch gives.
            let Ok(name) = str::from_utf8(path.as_bytes()) else {
                continue;
            };
            let plain = header.compression_method() == CompressionMethod::STORE
                && !header.flags().is_encrypted();
            let place = header.wayfinder();
            entries.insert(name.to_owned(), Entry { place, plain });
        }
        Ok(Self { archive, entries })
    }

    /// The folder that `data.pkl` is in.
    ///
    /// # Errors
    /// [`Error::Malformed`] when there is none.
    pub fn folder(&self) -> Result<String> {
        let mut names = self.entries.keys();
        let folder = names.find_map(|name| name.strip_suffix("/data.pkl"));
        match folder {
            Some(folder) => Ok(folder.to_owned()),
            None => Err(self.other()),
        }
    }

    /// What an archive is that holds no checkpoint.
    fn other(&self) -> Box<Error> {
        let mut names: Vec<&str> = self.entries.keys().map(|name| &name[..]).collect();
        names.sort_unstable();
        let any = |ending: &str| names.iter().any(|name| name.ends_with(ending));
        let weights = [".pth", ".pt", ".ckpt", ".bin", ".safetensors", ".onnx"];
        let inside = names
            .iter()
            .find(|name| weights.iter().any(|end| name.ends_with(end)));
        match inside {
            _ if names.is_empty() => malformed("there is no data.pkl in its zip archive"),
            _ if any(".npy") => unsupported("NumPy's archive of arrays (.npz): save a state_dict"),
            _ if any("serialized_exported_program.json") || any("models/model.json") => {
                unsupported("torch.export's archive (.pt2): save a state_dict, or export to ONNX")
            }
            Some(name) => unsupported(format_args!("a zip archive around {name}: unpack it first")),
            None => {
                let first = names[..names.len().min(4)].join(", ");
                unsupported(format_args!("a zip archive of other files ({first})"))
            }
        }
    }

    /// Offset and length of an entry, if there is one of this name.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when it is compressed or encrypted,
    /// [`Error::Truncated`] when it reaches beyond the file.
    pub fn locate(&self, name: &str) -> Result<Option<(u64, u64)>> {
        let Some(entry) = self.entries.get(name) else {
            return Ok(None);
        };
        if !entry.plain {
            return Err(unsupported(format_args!(
                "a compressed or encrypted zip entry ({name})"
            )));
        }
        let found = self.archive.get_entry(entry.place).map_err(damaged)?;
        let (start, end) = found.compressed_data_range();
        let length = self.archive.get_ref().0.len();
        if end > length {
            return Err(Error::Truncated {
                format: FORMAT,
                expected: end,
                found: length,
            }
            .into());
        }
        Ok(Some((start, end - start)))
    }
}

/// Reads at offsets.
struct InPlace<'a>(&'a dyn Source);

impl ReaderAt for InPlace<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = self.0.len().saturating_sub(offset);
        let length = rest.min(buffer.len() as u64) as usize;
        match self.0.read(offset, &mut buffer[..length]) {
            Ok(()) => Ok(length),
            Err(error) => Err(match *error {
                Error::Io { reason } => io::Error::other(reason),
                _ => io::ErrorKind::Other.into(),
            }),
        }
    }
}

fn damaged(error: rawzip::Error) -> Box<Error> {
    malformed(format_args!("its zip archive is damaged: {error}"))
}

fn malformed(reason: impl Display) -> Box<Error> {
    Error::malformed(FORMAT, &reason)
}
