//! Hashes of a whole file, read piece by piece: published weights are checked
//! before use, since damaged ones give wrong answers silently.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Source;
use crate::error::{Error, Result};

/// Bytes between two reports of progress.
const PIECE: u64 = 1 << 20;

/// Which hash a publisher gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256 of the bytes.
    Sha256,
    /// The id that git gives to a file: SHA-1 of `blob LENGTH`, a zero byte and
    /// the bytes.
    GitBlob,
}

impl Hash {
    /// Name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::GitBlob => "git blob",
        }
    }

    /// The hash of `source` in lower-case hexadecimal. `progress` is told the
    /// bytes done so far and says whether to go on.
    ///
    /// # Errors
    /// [`Error::Stopped`] when `progress` returns `false`, and what reading gives.
    pub fn of(self, source: &dyn Source, progress: &mut dyn FnMut(u64) -> bool) -> Result<String> {
        match self {
            Self::Sha256 => digest(Sha256::new(), source, progress),
            Self::GitBlob => {
                let header = format!("blob {}\0", source.len());
                digest(Sha1::new_with_prefix(header), source, progress)
            }
        }
    }

    /// Compares the length of `source` and its hash with the published ones;
    /// `name` is the file's, for the message.
    ///
    /// # Errors
    /// [`Error::Integrity`] when one differs, and as [`Hash::of`].
    pub fn verify(
        self,
        name: &str,
        source: &dyn Source,
        length: u64,
        expected: &str,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> Result<()> {
        let compare = |what, expected: String, found: String| match expected == found {
            true => Ok(()),
            false => Err(Error::Integrity {
                name: name.to_owned(),
                what,
                expected,
                found,
            }),
        };
        compare("length", length.to_string(), source.len().to_string())?;
        let found = self.of(source, progress)?;
        compare(self.name(), expected.to_ascii_lowercase(), found)
    }
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
