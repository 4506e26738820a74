//! The idx files of MNIST and Fashion-MNIST: a big-endian header, then bytes.

use crate::error::{Error, Result};

const FORMAT: &str = "idx";

/// Whether this is an idx file of bytes.
pub fn is_idx(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 8, 1 | 3, ..])
}

/// Pictures of an idx file of three dimensions: `(pixels, height, width)`.
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Truncated`].
pub fn read_idx_images(bytes: &[u8]) -> Result<(Vec<u8>, usize, usize)> {
    let (sizes, values) = read(bytes, 3)?;
    Ok((values.to_vec(), sizes[1], sizes[2]))
}

/// Labels of an idx file of one dimension.
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Truncated`].
pub fn read_idx_labels(bytes: &[u8]) -> Result<Vec<u32>> {
    let (_, values) = read(bytes, 1)?;
    Ok(values.iter().copied().map(u32::from).collect())
}

fn read(bytes: &[u8], dimensions: usize) -> Result<(Vec<usize>, &[u8])> {
    let truncated = |expected: u64| {
        Box::new(Error::Truncated {
            format: FORMAT,
            expected,
            found: bytes.len() as u64,
        })
    };
    let header = 4 + 4 * dimensions;
    let Some((start, values)) = bytes.split_at_checked(header) else {
        return Err(truncated(header as u64));
    };
    // Two zeros, 8 for unsigned bytes, the number of dimensions.
    if start[..4] != [0, 0, 8, dimensions as u8] {
        let reason = format_args!(
            "it starts with {:?}, not with 0, 0, 8, {dimensions}: bytes of {dimensions} dimensions",
            &start[..4]
        );
        return Err(Error::malformed(FORMAT, &reason));
    }
    let sizes: Vec<usize> = start[4..]
        .chunks_exact(4)
        .map(|size| u32::from_be_bytes(size.try_into().expect("four bytes")) as usize)
        .collect();
    let count = sizes
        .iter()
        .try_fold(1_u64, |count, size| count.checked_mul(*size as u64));
    match count {
        Some(count) if count == values.len() as u64 => Ok((sizes, values)),
        Some(count) => Err(truncated((header as u64).saturating_add(count))),
        None => Err(truncated(u64::MAX)),
    }
}
