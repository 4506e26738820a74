//! Where the bytes of a file come from: a slice, a file on disk, or on the page
//! a dropped file that is read piece by piece.

use std::future;
use std::ops::Range;
use std::pin::Pin;

use crate::error::{Error, Result};

/// A future of one thread: the page has no other.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Bytes that can be read from any place, so that a large file never has to
/// stand in memory.
pub trait Source {
    /// Number of bytes.
    fn len(&self) -> u64;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// [`Error::Io`] when they cannot be read, as when they end before that.
    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()>;

    /// Brings the bytes of `range` near, where waiting for them beforehand spares
    /// memory. Only a hint: [`Source::read`] gives them either way.
    ///
    /// # Errors
    /// [`Error::Io`], as for reading.
    fn prefetch(&self, _range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        Box::pin(future::ready(Ok(())))
    }

    /// The file that was given along with this one, by the name or path that this
    /// one calls it by; `None` when there is none.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be opened.
    fn beside(&self, _name: &str) -> Result<Option<Box<dyn Source>>> {
        Ok(None)
    }

    /// Whether there is no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let piece = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..start.checked_add(buffer.len())?));
        buffer.copy_from_slice(piece.ok_or_else(|| Error::Io {
            reason: format!("there are no {} bytes at {offset}", buffer.len()),
        })?);
        Ok(())
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        self.as_slice().read(offset, buffer)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        (**self).read(offset, buffer)
    }

    fn prefetch(&self, range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        (**self).prefetch(range)
    }

    fn beside(&self, name: &str) -> Result<Option<Box<dyn Source>>> {
        (**self).beside(name)
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        (**self).read(offset, buffer)
    }

    fn prefetch(&self, range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        (**self).prefetch(range)
    }

    fn beside(&self, name: &str) -> Result<Option<Box<dyn Source>>> {
        (**self).beside(name)
    }
}

/// A file on disk.
#[cfg(not(target_arch = "wasm32"))]
pub struct FileSource {
    file: std::fs::File,
    length: u64,
    path: std::path::PathBuf,
}

#[cfg(not(target_arch = "wasm32"))]
impl FileSource {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`], naming the path.
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Self> {
        let path = path.as_ref();
        let open = || {
            let file = std::fs::File::open(path)?;
            let length = file.metadata()?.len();
            let path = path.to_owned();
            Ok(Self { file, length, path })
        };
        open().map_err(|error: std::io::Error| {
            let reason = format!("{}: {error}", path.display());
            Error::Io { reason }.into()
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.read_exact(buffer))
            .map_err(|error| {
                Error::Io {
                    reason: error.to_string(),
                }
                .into()
            })
    }

    /// The file of that relative path, below the folder of this one.
    fn beside(&self, name: &str) -> Result<Option<Box<dyn Source>>> {
        use std::path::{Component, Path};
        let name = Path::new(name);
        let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        let path = self.path.with_file_name("").join(name);
        if !name.components().all(inside) || !path.is_file() {
            return Ok(None);
        }
        Ok(Some(Box::new(Self::open(path)?)))
    }
}
