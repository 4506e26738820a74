//! Where the parameters of layers stand.

use std::ops::Range;

use super::{Packing, Storage, Target};
use crate::error::{Error, Result};
use crate::kernels::{OFFSET_ALIGNMENT, Slice};
use crate::network::NodeId;
use crate::shape::Shape;

/// A part of a parameter that fits one binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The outputs (first dimension of the file's shape) that it holds.
    pub outputs: Range<usize>,
    /// Where it stands.
    pub slice: Slice,
}

/// Where and how a parameter stands on the GPU.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedParameter {
    /// Name in full, such as `features.0.weight`.
    pub name: String,
    /// The node that it belongs to.
    pub node: NodeId,
    /// `weight` or `bias`.
    pub role: &'static str,
    /// Shape in files.
    pub shape: Shape,
    /// Order of the elements on the GPU.
    pub packing: Packing,
    /// Number format on the GPU.
    pub storage: Storage,
    /// The whole parameter, in order. Private, so that a kernel either takes the only
    /// chunk there is or all of them.
    pub(super) chunks: Vec<Chunk>,
    /// The 16 values of [`Storage::Codes4`].
    pub codebook: Option<Slice>,
}

impl PlannedParameter {
    /// All chunks, in order.
    pub fn each(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The only chunk.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when there are more, for a kernel that takes one.
    pub fn one(&self, target: Target) -> Result<Slice> {
        match &self.chunks[..] {
            [chunk] => Ok(chunk.slice),
            _ => Err(Error::TooLarge {
                what: self.name.clone(),
                bytes: self.packing.bytes(self.storage),
                most: target.max_binding_bytes,
            }
            .into()),
        }
    }

    /// This parameter with other tensors of its layout in place of its own, such as its
    /// gradient.
    pub fn standing_at(&self, slices: &[Slice]) -> Self {
        let chunks = self.chunks.iter().zip(slices);
        let chunks = chunks.map(|(chunk, slice)| Chunk {
            slice: *slice,
            ..chunk.clone()
        });
        Self {
            chunks: chunks.collect(),
            ..self.clone()
        }
    }

    /// The parameter of a layer that computes some of the outputs, from the first of a
    /// block on; `slice` holds them.
    pub(super) fn part(&self, outputs: &Range<usize>, slice: Slice) -> Self {
        let count = outputs.len();
        let mut shape = self.shape.clone();
        shape.0[0] = count;
        Self {
            shape,
            packing: Packing {
                outputs: count,
                ..self.packing
            },
            chunks: vec![Chunk {
                outputs: 0..count,
                slice,
            }],
            ..self.clone()
        }
    }
}

/// Where some outputs of a bias of one group, or of its gradient, stand in `bias`.
///
/// # Errors
/// [`Error::TooLarge`] when no binding can begin there: the outputs of a binding must be
/// more than those between two offsets that one can have.
pub(super) fn part_of_bias(
    weight: &PlannedParameter,
    outputs: &Range<usize>,
    bias: Slice,
    target: Target,
) -> Result<Slice> {
    let offset = 4 * outputs.start as u64;
    if !offset.is_multiple_of(OFFSET_ALIGNMENT) {
        weight.one(target)?;
    }
    let block = weight.packing.block;
    Ok(Slice {
        offset: bias.offset + offset,
        bytes: 4 * outputs.len().next_multiple_of(block) as u64,
        ..bias
    })
}
