//! Hashes of a whole file, read piece by piece: published weights are checked
//! before use, since damaged ones give wrong answers silently.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Source;
use crate::error::{Error, Result};
use crate::models::{Hash, WeightSource};

/// Bytes between two reports of progress.
const PIECE: u64 = 1 << 20;

/// Compares a file with what its publisher says of it. `progress` is told the
/// bytes done so far and says whether to go on.
///
/// # Errors
/// [`Error::Integrity`] when the hash is another, [`Error::Stopped`] when
/// `progress` returns `false`, and what reading gives.
pub fn verify(
    published: &WeightSource,
    source: &dyn Source,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<()> {
    let (what, expected, found) = match published.hash {
        Hash::Sha256(expected) => ("sha-256", expected, sha256(source, progress)?),
        Hash::GitBlob(expected) => ("git blob", expected, git_blob(source, progress)?),
    };
    match expected == found {
        true => Ok(()),
        false => Err(Error::Integrity {
            name: published.file.to_owned(),
            what,
            expected: expected.to_owned(),
            found,
        }),
    }
}

/// SHA-256 of the bytes, in lower-case hexadecimal. For `progress` and errors
/// see [`verify`].
///
/// # Errors
/// [`Error::Stopped`], and what reading gives.
pub fn sha256(source: &dyn Source, progress: &mut dyn FnMut(u64) -> bool) -> Result<String> {
    digest(Sha256::new(), source, progress)
}

/// The id that git gives to a file: SHA-1 of `blob LENGTH`, a zero byte and the
/// bytes, in lower-case hexadecimal. For `progress` see [`verify`].
///
/// # Errors
/// [`Error::Stopped`], and what reading gives.
pub fn git_blob(source: &dyn Source, progress: &mut dyn FnMut(u64) -> bool) -> Result<String> {
    let header = format!("blob {}\0", source.len());
    digest(Sha1::new_with_prefix(header), source, progress)
}

fn digest(
    mut hasher: impl Digest,
    source: &dyn Source,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<String> {
    let mut buffer = vec![0; source.len().min(PIECE) as usize];
    let mut done = 0;
    while done < source.len() {
        let length = (source.len() - done).min(PIECE);
        let piece = &mut buffer[..length as usize];
        source.read(done, piece)?;
        hasher.update(piece);
        done += length;
        if !progress(done) {
            return Err(Error::Stopped);
        }
    }
    let digest = hasher.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
