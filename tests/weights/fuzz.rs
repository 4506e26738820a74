//! A fuzz target for each format: whole files, mutated at random, must open or
//! be refused, without panic and within the memory that their length justifies.
//!
//! Each runs for `FUZZ_SECONDS` (10 when not set). A failure prints a seed that
//! `arbtest(..).seed(..)` repeats.

use std::time::Duration;

use alexnet_live::weights::WeightsFile;
use arbitrary::{Arbitrary, Result, Unstructured};
use arbtest::arbtest;

use super::{deep_compression, golden, golden_in};

/// One change to a file.
#[derive(Debug, Arbitrary)]
enum Mutation {
    /// Other bytes at a place.
    Overwrite { at: u32, with: u64, length: u8 },
    /// One bit turned.
    Flip { at: u32, bit: u8 },
    /// Bytes taken out.
    Remove { at: u32, length: u8 },
    /// Bytes put in between.
    Insert { at: u32, with: u64, length: u8 },
    /// A piece of the file copied to another place.
    Copy { from: u32, to: u32, length: u8 },
    /// The rest cut off.
    Cut { at: u32 },
    /// A little-endian number at a place raised or lowered.
    Adjust { at: u32, by: i8 },
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        let place = |at: u32| at as usize % size;
        let piece = |at: u32, length: u8| place(at)..size.min(place(at) + usize::from(length));
        match *self {
            Self::Overwrite { at, with, length } => {
                let target = piece(at, length % 9);
                let with = with.to_le_bytes();
                bytes[target.clone()].copy_from_slice(&with[..target.len()]);
            }
            Self::Flip { at, bit } => bytes[place(at)] ^= 1 << (bit % 8),
            Self::Remove { at, length } => drop(bytes.drain(piece(at, length))),
            Self::Insert { at, with, length } => {
                let with = with.to_le_bytes().repeat(32);
                let at = place(at);
                drop(bytes.splice(at..at, with[..length.into()].iter().copied()));
            }
            Self::Copy { from, to, length } => {
                let piece = bytes[piece(from, length)].to_vec();
                let to = place(to);
                drop(bytes.splice(to..to, piece));
            }
            Self::Cut { at } => bytes.truncate(place(at)),
            Self::Adjust { at, by } => {
                let at = place(at);
                bytes[at] = bytes[at].wrapping_add_signed(by);
            }
        }
    }
}

/// One of the files with a few mutations.
fn mutated(files: &[Vec<u8>], random: &mut Unstructured) -> Result<Vec<u8>> {
    let mut bytes = random.choose(files)?.clone();
    for _ in 0..random.int_in_range(1..=6)? {
        Mutation::arbitrary(random)?.apply(&mut bytes);
    }
    Ok(bytes)
}

/// Opens a file and reads the first elements of every tensor.
pub fn open_and_read(bytes: Vec<u8>) {
    if let Ok(file) = WeightsFile::open(bytes) {
        for tensor in file.tensors() {
            let _ = file.read_f32(tensor, 0..tensor.elements().min(100));
        }
    }
}

/// The most bytes that opening and reading a file of this length may take: its
/// buffers, and what a hostile description unfolds to.
fn justified(length: usize) -> u64 {
    (1 << 20) + 100 * length as u64
}

fn fuzz(files: &[Vec<u8>]) {
    let seconds = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let budget = Duration::from_secs(seconds.unwrap_or(10));
    let target = |random: &mut Unstructured| {
        let bytes = mutated(files, random)?;
        let length = bytes.len();
        let used = allocation_counter::measure(|| open_and_read(bytes)).bytes_max;
        assert!(
            used <= justified(length),
            "{used} bytes of memory for {length} of file"
        );
        Ok(())
    };
    // Large enough for six mutations; most of a file's bytes are not random.
    arbtest(target).budget(budget).size_min(16).size_max(256);
}

#[test]
fn safetensors() {
    fuzz(&[golden("element_types.safetensors")]);
}

#[test]
fn pytorch() {
    fuzz(&["element_types.pth", "views.pth"].map(golden));
}

#[test]
fn pytorch_legacy() {
    fuzz(&["element_types_legacy.pth", "views_legacy.pth"].map(golden));
}

#[test]
fn onnx() {
    let names = [
        "dense_float_data",
        "affine",
        "shapes",
        "two_inputs",
        "mini_squeezenet_eval",
    ];
    fuzz(&names.map(|name| golden_in("onnx", &format!("{name}.onnx"))));
}

#[test]
fn deep_compressed() {
    fuzz(&[
        deep_compression::alexnet_of(3, 0x52),
        deep_compression::alexnet_of(30_000, 0),
    ]);
}
