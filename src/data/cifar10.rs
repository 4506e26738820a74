//! The binary layouts of CIFAR-10 and CIFAR-100: records of a label or two (the coarser
//! one first) and 1,024 red, green and blue bytes each.

use super::Samples;
use crate::error::{Error, Result};

/// Names of CIFAR-10's classes, as `batches.meta.txt` orders them.
pub const CIFAR10_CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];

const PLANE: usize = 32 * 32;

/// The pictures of a file such as `data_batch_1.bin`, channels last.
///
/// # Errors
/// [`Error::Truncated`] when it does not end with a whole record,
/// [`Error::Malformed`] when a label is no class.
pub fn read_cifar10(bytes: &[u8]) -> Result<Samples> {
    read("CIFAR-10", bytes, 1, CIFAR10_CLASSES.len())
}

/// The pictures of CIFAR-100's `train.bin` or `test.bin`, with their finer labels.
///
/// # Errors
/// As [`read_cifar10`].
pub fn read_cifar100(bytes: &[u8]) -> Result<Samples> {
    read("CIFAR-100", bytes, 2, 100)
}

fn read(format: &'static str, bytes: &[u8], labels: usize, classes: usize) -> Result<Samples> {
    let length = labels + 3 * PLANE;
    if bytes.is_empty() || !bytes.len().is_multiple_of(length) {
        return Err(Error::Truncated {
            format,
            expected: (bytes.len().div_ceil(length).max(1) * length) as u64,
            found: bytes.len() as u64,
        }
        .into());
    }
    let mut samples = Samples::default();
    for (index, record) in bytes.chunks_exact(length).enumerate() {
        let label = record[labels - 1];
        if usize::from(label) >= classes {
            let last = classes - 1;
            let reason = format_args!("record {index} has label {label}; labels end at {last}");
            return Err(Error::malformed(format, &reason));
        }
        samples.labels.push(u32::from(label));
        push_planes(&mut samples.pixels, &record[labels..]);
    }
    Ok(samples)
}

/// Adds a picture whose colours stand one plane behind the other, channels last.
pub(super) fn push_planes(pixels: &mut Vec<u8>, planes: &[u8]) {
    for position in 0..PLANE {
        pixels.extend([0, 1, 2].map(|channel| planes[channel * PLANE + position]));
    }
}
