//! Weights that do not stand in one file as they are: in parts with an index, or within
//! a zip archive, or in one that was packed again.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::Path;

use alexnet_live::weights::{FileSource, Shards, Source};
use anyhow::{Context, Result, bail};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The most bytes that are unpacked into memory.
const MAX_BYTES: u64 = 1 << 31;

/// Endings of weights within an archive.
const ENDINGS: [&str; 7] = [
    ".pth",
    ".pt",
    ".ckpt",
    ".bin",
    ".safetensors",
    ".onnx",
    ".net",
];

/// The file at `path`, joined or unpacked where it has to be.
pub fn open(path: &Path) -> Result<Box<dyn Source>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".index.json") {
        return shards(path);
    }
    let file = FileSource::open(path)?;
    let mut start = [0; 4];
    if file.len() > 4 {
        file.read(0, &mut start)?;
    }
    if start == *b"PK\x03\x04"
        && let Some(bytes) = unpacked(path)?
    {
        return Ok(Box::new(bytes));
    }
    Ok(Box::new(file))
}

/// The parts that an index names, beside it.
fn shards(index: &Path) -> Result<Box<dyn Source>> {
    let read = || -> Result<Vec<String>> {
        let map: serde_json::Value = serde_json::from_reader(BufReader::new(File::open(index)?))?;
        let map = map.get("weight_map").and_then(|map| map.as_object());
        let map = map.context("it has no weight_map")?;
        let mut files: Vec<String> = map
            .values()
            .filter_map(|file| file.as_str().map(str::to_owned))
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    };
    let files = read().with_context(|| index.display().to_string())?;
    let folder = index.parent().unwrap_or(Path::new("."));
    let open = |file: &String| -> Result<Box<dyn Source>> {
        // Parts lie beside the index and nowhere else.
        let Some(name) = Path::new(file).file_name() else {
            bail!("{}: {file} is no name of a file", index.display());
        };
        Ok(Box::new(FileSource::open(folder.join(name))?))
    };
    let parts: Vec<Box<dyn Source>> = files.iter().map(open).collect::<Result<_>>()?;
    Ok(Box::new(Shards::join(parts)?))
}

/// What a zip archive holds when it is not a checkpoint as PyTorch writes it: the weights
/// in it, or a checkpoint that was packed again, with its entries as they stood at first.
fn unpacked(path: &Path) -> Result<Option<Vec<u8>>> {
    // An archive that is damaged is told of where formats are.
    let Ok(mut archive) = ZipArchive::new(BufReader::new(File::open(path)?)) else {
        return Ok(None);
    };
    let (mut weights, mut checkpoint, mut packed) = (Vec::new(), false, false);
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else {
            return Ok(None);
        };
        let name = entry.name()?.into_owned();
        checkpoint |= name.ends_with("data.pkl");
        packed |= entry.compression() != CompressionMethod::Stored;
        if ENDINGS
            .iter()
            .any(|ending| name.to_ascii_lowercase().ends_with(ending))
        {
            weights.push(index);
        }
    }
    let whole = |reader: &mut dyn Read| -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MAX_BYTES {
            true => bail!("{}: more than {MAX_BYTES} bytes unpacked", path.display()),
            false => Ok(bytes),
        }
    };
    match (checkpoint, &weights[..]) {
        (true, _) if packed => {
            let mut stored = ZipWriter::new(Cursor::new(Vec::new()));
            let options =
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            let mut left = MAX_BYTES;
            for index in 0..archive.len() {
                let mut entry = archive.by_index(index)?;
                let name = entry.name()?.into_owned();
                let bytes = whole(&mut entry)?;
                left = left.checked_sub(bytes.len() as u64).with_context(|| {
                    format!("{}: more than {MAX_BYTES} bytes unpacked", path.display())
                })?;
                stored.start_file(name, options)?;
                stored.write_all(&bytes)?;
            }
            Ok(Some(stored.finish()?.into_inner()))
        }
        (false, [only]) => Ok(Some(whole(&mut archive.by_index(*only)?)?)),
        _ => Ok(None),
    }
}
