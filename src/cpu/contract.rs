//! What the shaders ask of their mirrors, written by the build script: constants and
//! bindings with their types, and a trait for each shader.

use crate::memory::{Buffer, Dispatch, Step};
use crate::simd::Processor;

include!(concat!(env!("OUT_DIR"), "/contract.rs"));

/// The struct at the start of a buffer.
fn shared_mut<T: bytemuck::Pod>(words: &mut [u32]) -> &mut T {
    bytemuck::from_bytes_mut(&mut bytemuck::cast_slice_mut(words)[..size_of::<T>()])
}

/// The struct at the start of a buffer.
fn shared<T: bytemuck::Pod>(words: &[u32]) -> &T {
    bytemuck::from_bytes(&bytemuck::cast_slice(words)[..size_of::<T>()])
}
