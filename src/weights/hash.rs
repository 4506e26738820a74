//! Hashes of a whole file, read piece by piece: published weights are checked
//! before use, since damaged ones give wrong answers silently.

use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Source;
use crate::error::{Error, Result};

/// A published hash, in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value")]
pub enum Hash {
    /// SHA-256 of the bytes.
    #[serde(rename = "sha-256")]
    Sha256(&'static str),
    /// The id that git gives the file: SHA-1 of `blob SIZE\0` and the bytes.
    #[serde(rename = "git blob")]
    GitBlob(&'static str),
}

/// What the publisher says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedHash {
    /// Its name, for messages.
    pub file: &'static str,
    /// Its hash.
    pub hash: Hash,
}

/// Bytes between two reports of progress.
const PIECE: u64 = 1 << 20;

/// The SHA-256 of a file, in lower-case hexadecimal, after comparing it with
/// what the publisher says of it, if it is meant to be a published one.
/// `progress` is told the bytes done so far and says whether to go on.
///
/// # Errors
/// [`Error::Integrity`] when the hash is another, [`Error::Stopped`] when
/// `progress` returns `false`, and what reading gives.
pub async fn verify(
    source: &dyn Source,
    published: Option<ExpectedHash>,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<String> {
    let mut sha256 = Sha256::new();
    let mut git_blob = match published.map(|published| published.hash) {
        Some(Hash::GitBlob(_)) => Some(git_blob(source.len())),
        _ => None,
    };
    let mut buffer = vec![0; source.len().min(PIECE) as usize];
    let mut done = 0;
    while done < source.len() {
        let end = source.len().min(done + PIECE);
        let piece = &mut buffer[..(end - done) as usize];
        source.prefetch(done..end).await?;
        source.read(done, piece)?;
        sha256.update(&piece);
        if let Some(git_blob) = &mut git_blob {
            git_blob.update(&piece);
        }
        done = end;
        if !progress(done) {
            return Err(Error::Stopped.into());
        }
    }
    let sha256 = hexadecimal(sha256);
    if let Some(published) = published {
        let (what, expected, found) = match published.hash {
            Hash::Sha256(expected) => ("sha-256", expected, sha256.clone()),
            Hash::GitBlob(expected) => (
                "git blob",
                expected,
                git_blob.map_or_else(String::new, hexadecimal),
            ),
        };
        if expected != found {
            return Err(Error::Integrity {
                name: published.file.to_owned(),
                what,
                expected: expected.to_owned(),
                found,
            }
            .into());
        }
    }
    Ok(sha256)
}

/// The id that git gives to a file: SHA-1 of `blob LENGTH`, a zero byte and the bytes.
fn git_blob(length: u64) -> Sha1 {
    Sha1::new_with_prefix(format!("blob {length}\0"))
}

fn hexadecimal(digest: impl Digest) -> String {
    let bytes = digest.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
