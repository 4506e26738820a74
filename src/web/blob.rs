//! A `Blob` as a source of bytes, read slice by slice.

use std::cell::RefCell;
use std::ops::Range;

use js_sys::{ArrayBuffer, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FileReaderSync, ReadableStreamByobReader, ReadableStreamReadResult};

use crate::error::{Error, Result};
use crate::weights::{LocalFuture, Source};

/// A file that the browser holds.
pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
    near: RefCell<Option<Piece>>,
    stream: RefCell<Option<Stream>>,
}

/// Bytes of the file in the memory of JavaScript.
struct Piece {
    start: u64,
    bytes: Uint8Array,
}

/// The rest of the file, from `position` on.
struct Stream {
    position: u64,
    reader: ReadableStreamByobReader,
}

impl BlobSource {
    /// Opens a blob; only workers can wait for one.
    ///
    /// # Errors
    /// [`Error::Io`] outside a worker.
    pub fn new(blob: Blob) -> Result<Self> {
        let reader = FileReaderSync::new().map_err(io)?;
        Ok(Self {
            blob,
            reader,
            near: RefCell::default(),
            stream: RefCell::default(),
        })
    }

    fn slice(&self, range: Range<u64>) -> Result<Blob> {
        let (start, end) = (range.start as f64, range.end as f64);
        self.blob.slice_with_f64_and_f64(start, end).map_err(io)
    }

    /// The stream that stands at `position`: the last one if it does, since each
    /// has a pipe of its own that lies about until the browser frees it.
    fn stream_at(&self, position: u64) -> Result<Option<Stream>> {
        if let Some(last) = self.stream.take() {
            if last.position == position {
                return Ok(Some(last));
            }
            let _ = last.reader.cancel();
        }
        let stream = self.slice(position..self.len())?.stream();
        let reader = ReadableStreamByobReader::new(&stream).ok(); // Safari before 26 lacks them
        Ok(reader.map(|reader| Stream { position, reader }))
    }

    /// The bytes, if they were fetched before.
    fn near(&self, range: &Range<u64>) -> Option<Uint8Array> {
        let near = self.near.borrow();
        let Piece { start, bytes } = near.as_ref()?;
        let from = range.start.checked_sub(*start)?;
        let to = range.end - start;
        (to <= u64::from(bytes.length())).then(|| bytes.subarray(from as u32, to as u32))
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let range = offset..offset + buffer.len() as u64;
        let bytes = match self.near(&range) {
            Some(bytes) => bytes,
            None => {
                let bytes = self.reader.read_as_array_buffer(&self.slice(range)?);
                Uint8Array::new(&bytes.map_err(io)?.into())
            }
        };
        if bytes.length() as usize != buffer.len() {
            return Err(short(bytes.length(), buffer.len() as u64));
        }
        bytes.copy_to(buffer);
        Ok(())
    }

    /// Reads into one buffer again and again: what [`FileReaderSync`] gives is
    /// always new, and lies about until the browser frees it.
    fn prefetch(&self, range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        Box::pin(async move {
            let length = range.end - range.start;
            let Some(Stream { reader, .. }) = self.stream_at(range.start)? else {
                return Ok(());
            };
            let last = self.near.take().map(|piece| piece.bytes.buffer());
            let mut buffer = last
                .filter(|buffer| u64::from(buffer.byte_length()) >= length)
                .unwrap_or_else(|| ArrayBuffer::new(length as u32));
            let mut done = 0;
            while u64::from(done) < length {
                let rest = length as u32 - done;
                let rest = Uint8Array::new_with_byte_offset_and_length(&buffer, done, rest);
                let read = JsFuture::from(reader.read_with_array_buffer_view(&rest)).await;
                let read: ReadableStreamReadResult = read.map_err(io)?.unchecked_into();
                // The buffer goes to the stream and comes back as another object.
                let read: Uint8Array = read.get_value().unchecked_into();
                if read.length() == 0 {
                    return Err(short(done, length));
                }
                done += read.length();
                buffer = read.buffer();
            }
            let bytes = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, done);
            let start = range.start;
            self.near.replace(Some(Piece { start, bytes }));
            let position = range.end;
            self.stream.replace(Some(Stream { position, reader }));
            Ok(())
        })
    }
}

fn short(found: u32, expected: u64) -> Box<Error> {
    let reason = format!("{found} bytes of {expected}");
    Box::new(Error::Io { reason })
}

/// Browsers throw objects that tell their name and message as text.
fn io(error: JsValue) -> Box<Error> {
    let reason = error.unchecked_into::<Object>().to_string().into();
    Box::new(Error::Io { reason })
}
