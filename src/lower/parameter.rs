//! Where the parameters of layers stand.

use std::ops::Range;

use super::{Packing, Storage};
use crate::kernels::Slice;
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
    /// The whole parameter, in order.
    pub chunks: Vec<Chunk>,
    /// The 16 values of [`Storage::Codes4`].
    pub codebook: Option<Slice>,
}
