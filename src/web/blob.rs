//! A `Blob` as a source of bytes, read slice by slice while the worker waits.

use web_sys::{Blob, FileReaderSync};

use crate::error::{Error, Result};
use crate::weights::Source;

/// A file that the browser holds.
pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
}

impl BlobSource {
    /// Opens a blob; only workers can wait for one.
    ///
    /// # Errors
    /// [`Error::Io`] outside a worker.
    pub fn new(blob: Blob) -> Result<Self> {
        let reader = FileReaderSync::new().map_err(io)?;
        Ok(Self { blob, reader })
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let (start, end) = (offset as f64, (offset + buffer.len() as u64) as f64);
        let slice = self.blob.slice_with_f64_and_f64(start, end).map_err(io)?;
        let bytes = self.reader.read_as_array_buffer(&slice).map_err(io)?;
        let bytes = js_sys::Uint8Array::new(&bytes);
        if bytes.length() as usize != buffer.len() {
            return Err(Error::Io {
                reason: format!("{} bytes of {}", bytes.length(), buffer.len()),
            });
        }
        bytes.copy_to(buffer);
        Ok(())
    }
}

fn io(error: impl Into<wasm_bindgen::JsValue>) -> Error {
    Error::Io {
        reason: format!("{:?}", error.into()),
    }
}
