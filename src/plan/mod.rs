//! From a network to buffers and dispatches: plain data that can be tested
//! without a GPU, timed entry by entry and shown on the page.

mod backward;
mod forward;
mod inspection;
mod training;
mod update;

/// What changes from one run to the next: seed and number of the step (the dropout masks),
/// samples that count, the slot of the ring, whether it trains.
pub use crate::kernels::Run as RunSettings;
/// What changes from one update to the next. The rate of Adam is corrected for the step:
/// [`UpdateSettings::adam`]. A largest norm of 0 clips nothing.
pub use crate::kernels::Update as UpdateSettings;
pub use crate::lower::{
    BufferSpec, Chunk, Conv2dPreset, Gradient, Gradients, LinearPreset, Mode, OutputTile, Packing,
    PlanBuilder, PlannedParameter, Preset, Site, Step, Storage, Target, Value,
};
pub use inspection::{BackwardPlan, InspectionPlan};
pub use training::TrainingPlan;
pub use update::{Optimizer, ParameterFactors};

use forward::Forward;

use crate::error::Result;
use crate::kernels::{BufferId, Dispatch, Slice};
use crate::network::{Network, NodeId};

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
        Ok(Self::of(builder, forward.values))
    }

    /// What a builder collected; where the output of each node stands.
    fn of(builder: PlanBuilder, values: Vec<Option<Slice>>) -> Self {
        Self {
            batch: builder.batch,
            buffers: builder.buffers,
            steps: builder.steps,
            parameters: builder.parameters,
            values,
        }
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
