//! The files of a dataset, wherever they lie: in a folder, in a zip or tar archive, or
//! one by itself. What cannot be read is told for each, not for all.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;

use super::archive_names;

/// The most bytes of one file, unpacked.
const MAX_BYTES: u64 = 1 << 30;

const GZIP: &[u8] = &[0x1f, 0x8b];
const XZ: &[u8] = b"\xfd7zXZ\0";

/// Files by name, `/` between folders.
pub struct Members {
    names: Vec<String>,
    place: Place,
}

enum Place {
    Folder(Vec<PathBuf>),
    /// With the place of each file in the archive.
    Zip(zip::ZipArchive<BufReader<File>>, Vec<usize>),
    Tar(PathBuf),
    Single(PathBuf),
}

impl Members {
    /// Lists the files at a path. The content tells the kind of an archive.
    pub fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Self::of_folder(path);
        }
        let mut start = Vec::new();
        BufReader::new(File::open(path)?)
            .take(8)
            .read_to_end(&mut start)?;
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Self::of_zip(path);
        }
        let mut block = Vec::new();
        // A block that cannot be unpacked is none of a tar archive.
        let _ = unpacked(path).and_then(|stream| Ok(stream.take(512).read_to_end(&mut block)?));
        if block.get(257..262) == Some(b"ustar") {
            return Self::of_tar(path);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            names: vec![name.into_owned()],
            place: Place::Single(path.to_owned()),
        })
    }

    fn of_folder(folder: &Path) -> Result<Self> {
        let mut paths = Vec::new();
        list(folder, &mut HashSet::new(), &mut paths)?;
        paths.sort();
        let name = |path: &PathBuf| {
            let path = path.strip_prefix(folder).unwrap_or(path);
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            parts.join("/")
        };
        Ok(Self {
            names: paths.iter().map(name).collect(),
            place: Place::Folder(paths),
        })
    }

    fn of_zip(path: &Path) -> Result<Self> {
        let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
        let mut raw = Vec::new();
        let mut places = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index)?;
            if !entry.is_dir() {
                raw.push(entry.name_raw().to_vec());
                places.push(index);
            }
        }
        Ok(Self {
            names: archive_names::decode(&raw),
            place: Place::Zip(archive, places),
        })
    }

    fn of_tar(path: &Path) -> Result<Self> {
        let mut names = Vec::new();
        let mut archive = tar::Archive::new(unpacked(path)?);
        for entry in archive.entries()? {
            let entry = entry?;
            names.push(String::from_utf8_lossy(&entry.path_bytes()).into_owned());
        }
        Ok(Self {
            names,
            place: Place::Tar(path.to_owned()),
        })
    }

    /// Names of all files.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the files that are wanted, one after the other. `take` is given the index
    /// and what became of reading it.
    pub fn each(
        &mut self,
        wanted: impl Fn(usize) -> bool,
        mut take: impl FnMut(usize, Result<Vec<u8>>) -> Result<()>,
    ) -> Result<()> {
        let all = (0..self.names.len()).filter(|index| wanted(*index));
        match &mut self.place {
            Place::Folder(paths) => {
                for index in all {
                    take(index, read(&paths[index]))?;
                }
            }
            Place::Single(path) => {
                for index in all {
                    take(index, read(path))?;
                }
            }
            Place::Zip(archive, places) => {
                for index in all {
                    let entry = archive.by_index(places[index]);
                    let bytes = entry.map_err(Into::into).and_then(whole);
                    take(index, bytes)?;
                }
            }
            Place::Tar(path) => {
                let mut archive = tar::Archive::new(unpacked(path)?);
                for (index, entry) in archive.entries()?.enumerate() {
                    let mut entry = entry?;
                    if wanted(index) && entry.header().entry_type().is_file() {
                        take(index, whole(&mut entry))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// All files under a folder, each folder once, wherever links lead.
fn list(folder: &Path, seen: &mut HashSet<PathBuf>, paths: &mut Vec<PathBuf>) -> Result<()> {
    let place = fs::canonicalize(folder).with_context(|| folder.display().to_string())?;
    if !seen.insert(place) {
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        entries.push(entry?.path());
    }
    // What is here comes before what links lead to.
    entries.sort_by_key(|path| (path.is_symlink(), path.clone()));
    for path in entries {
        match path.is_dir() {
            true => list(&path, seen, paths)?,
            false => paths.push(path),
        }
    }
    Ok(())
}

/// The bytes of a file, unpacked if they are packed by themselves.
fn unpacked(path: &Path) -> Result<Box<dyn Read>> {
    let mut start = Vec::new();
    File::open(path)?.take(8).read_to_end(&mut start)?;
    let file = BufReader::new(File::open(path)?);
    Ok(match () {
        () if start.starts_with(GZIP) => Box::new(MultiGzDecoder::new(file)),
        () if start.starts_with(XZ) => {
            let mut bytes = Vec::new();
            lzma_rs::xz_decompress(&mut { file }, &mut bytes)
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            Box::new(Cursor::new(bytes))
        }
        () => Box::new(file),
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    whole(unpacked(path)?)
}

/// All bytes of a file in an archive, unpacked once more where they are packed.
fn whole(reader: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("it takes more than {MAX_BYTES} bytes");
    }
    if bytes.starts_with(GZIP) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(&bytes[..])
            .take(MAX_BYTES)
            .read_to_end(&mut unpacked)?;
        return Ok(unpacked);
    }
    Ok(bytes)
}
