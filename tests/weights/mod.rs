//! Files of weights: what PyTorch wrote is read exactly, and what is damaged or
//! hostile is refused.

pub mod deep_compression;
mod fit;
mod golden;
mod hash;
mod hostile;
mod onnx;
mod pytorch;
mod safetensors;

use std::path::PathBuf;

use alexnet_live::error::Error;
use alexnet_live::models;

/// A folder of `tests/golden`.
fn golden_folder(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(folder)
}

/// A file of `tests/golden/weights`.
fn golden_path(name: &str) -> PathBuf {
    golden_folder("weights").join(name)
}

/// The bytes of a file of a folder of `tests/golden`.
pub fn golden_in(folder: &str, name: &str) -> Vec<u8> {
    let path = golden_folder(folder).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The bytes of a file of `tests/golden/weights`.
pub fn golden(name: &str) -> Vec<u8> {
    golden_in("weights", name)
}

/// Why these bytes are no weights file.
fn refusal(bytes: impl Into<Vec<u8>>) -> Box<Error> {
    match models::open(bytes.into()) {
        Ok(file) => panic!("opened as {:?}", file.format()),
        Err(error) => error,
    }
}
