//! Files that a run is kept in and goes on from.

use std::fs;
use std::path::{Path, PathBuf};

use alexnet_live::train::Checkpoint;
use anyhow::{Context, Result};

use super::Options;

/// Reads everything but the weights.
pub fn open(path: &Path) -> Result<Checkpoint> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Checkpoint::open(bytes).with_context(|| path.display().to_string())
}

/// Where the checkpoint of an activation goes: no two into one file.
pub fn path(path: &str, options: &Options, activation: &str) -> PathBuf {
    let alone = options.resume.is_some() || options.activation.len() == 1;
    if alone || path.contains("{}") {
        return path.replace("{}", activation).into();
    }
    let path = Path::new(path);
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{activation}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Replaces a file at once, so that an interruption leaves the old one whole.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, bytes).with_context(|| new.display().to_string())?;
    fs::rename(&new, path).with_context(|| path.display().to_string())
}
