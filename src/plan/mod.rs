//! From a network to buffers and dispatches: plain data that can be tested
//! without a GPU, timed entry by entry and shown on the page.

mod backward;
mod builder;
mod forward;
mod inspection;
mod packing;
mod preset;
mod training;
mod update;

pub use backward::{Gradient, Gradients};
pub use builder::{PlanBuilder, Site, Value};
pub use inspection::{BackwardPlan, InspectionPlan};
pub use packing::{Packing, Storage};
pub use preset::{Conv2dPreset, LinearPreset, OutputTile, Preset};
pub use training::{RunSettings, TrainingPlan};
pub use update::{Optimizer, ParameterFactors, UpdateSettings};

use forward::Forward;

use std::ops::Range;

use crate::error::Result;
use crate::kernels::{BufferId, Dispatch, Slice};
use crate::network::{Network, NodeId};
use crate::shape::Shape;

/// What the network is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only answers: dropout is the identity.
    Inference,
    /// Every value stays, and what backward needs: nothing is fused.
    Inspection,
    /// Forward, backward and an update of the parameters.
    Training,
}

/// What a plan must know of the device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Block sizes of the kernels.
    pub preset: Preset,
    /// Largest storage binding in bytes; a larger weight is split into chunks.
    pub max_binding_bytes: u64,
}

/// A buffer to allocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BufferSpec {
    /// What stands in it.
    pub label: String,
    /// Its size, a multiple of 16.
    pub bytes: u64,
}

/// A dispatch and the node that it computes.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The node of the network.
    pub node: NodeId,
    /// What runs.
    pub dispatch: Dispatch,
}

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

/// Buffers and dispatches of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Samples computed at once.
    pub batch: usize,
    /// What to allocate.
    pub buffers: Vec<BufferSpec>,
    /// What to run, in order.
    pub steps: Vec<Step>,
    /// All parameters, in the order of the nodes.
    pub parameters: Vec<PlannedParameter>,
    values: Vec<Option<Slice>>,
}

impl Plan {
    /// A plan that computes the answers of `batch` samples.
    ///
    /// `storage` says how the weight of a node (named in full) is kept; biases
    /// are always [`Storage::F32`].
    ///
    /// # Errors
    /// [`Error::TooLarge`](crate::error::Error::TooLarge) when a part that
    /// cannot be split exceeds the largest binding.
    pub fn inference(
        network: &Network,
        batch: usize,
        target: Target,
        storage: impl Fn(&str) -> Storage,
    ) -> Result<Self> {
        let mut builder = PlanBuilder::new(batch, target);
        let forward = Forward::plan(network, Mode::Inference, &mut builder, &storage)?;
        Ok(builder.finish(forward.values))
    }

    /// Where the output of a node stands, `[batch, ...shape]`. A layer whose
    /// activation is fused shares the activation's value.
    pub fn value(&self, node: NodeId) -> Slice {
        self.values[node.0].expect("every node has a value")
    }

    /// Labels and sizes, as [`Executable::new`](crate::engine::Executable::new) takes them.
    pub fn allocations(&self) -> Vec<(String, u64)> {
        self.buffers
            .iter()
            .map(|buffer| (buffer.label.clone(), buffer.bytes))
            .collect()
    }

    /// The dispatches, in order.
    pub fn dispatches(&self) -> Vec<Dispatch> {
        self.steps
            .iter()
            .map(|step| step.dispatch.clone())
            .collect()
    }

    /// Bytes of all buffers.
    pub fn bytes(&self) -> u64 {
        self.buffers.iter().map(|buffer| buffer.bytes).sum()
    }

    /// The size of a buffer.
    pub fn buffer_bytes(&self, buffer: BufferId) -> u64 {
        self.buffers[buffer.0].bytes
    }
}
