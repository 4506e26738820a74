//! CIFAR-10's binary layout: records of 3,073 bytes, a label and 1,024 red,
//! green and blue bytes each.

use super::Samples;
use crate::error::{Error, Result};

/// Names of the classes, as `batches.meta.txt` orders them.
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
const RECORD: usize = 1 + 3 * PLANE;

/// The pictures of a file such as `data_batch_1.bin`, channels last.
///
/// # Errors
/// [`Error::Truncated`] when it does not end with a whole record,
/// [`Error::Malformed`] when a label is no class.
pub fn read_cifar10(bytes: &[u8]) -> Result<Samples> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(Error::Truncated {
            format: "CIFAR-10",
            expected: (bytes.len().div_ceil(RECORD).max(1) * RECORD) as u64,
            found: bytes.len() as u64,
        }
        .into());
    }
    let mut samples = Samples::default();
    for (index, record) in bytes.chunks_exact(RECORD).enumerate() {
        let label = record[0];
        if usize::from(label) >= CIFAR10_CLASSES.len() {
            let reason = format_args!("record {index} has label {label}; labels end at 9");
            return Err(Error::malformed("CIFAR-10", &reason));
        }
        samples.labels.push(u32::from(label));
        for position in 0..PLANE {
            for channel in 0..3 {
                samples.pixels.push(record[1 + channel * PLANE + position]);
            }
        }
    }
    Ok(samples)
}
