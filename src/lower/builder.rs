//! What layers plan with: the site where a layer stands, and the builder that
//! collects buffers and dispatches.

use super::{Chunk, Packing, PlannedParameter, Preset, Storage, lowered};
use crate::error::{Error, Result};
use crate::kernels::{BufferId, Dispatch, OFFSET_ALIGNMENT, Slice};
use crate::layers::Activation;
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

/// A tensor `[batch, ...shape]` on the GPU.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Shape without the batch.
    pub shape: Shape,
    /// Where it stands.
    pub slice: Slice,
}

impl Value {
    /// `(height, width, channels)`, a vector being a 1 x 1 map.
    pub fn map(&self) -> [u32; 3] {
        let (height, width, channels) =
            self.shape
                .as_map_or_vector()
                .unwrap_or((1, 1, self.shape.elements()));
        [height as u32, width as u32, channels as u32]
    }
}

/// Where a layer stands in a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// The node.
    pub node: NodeId,
    /// Samples computed at once.
    pub batch: usize,
    /// What the plan is for.
    pub mode: Mode,
    /// The activation fused into this layer.
    pub activation: Option<Activation>,
    /// What it reads.
    pub inputs: Vec<Value>,
    /// What it writes.
    pub output: Value,
    /// Its parameters.
    pub parameters: Vec<PlannedParameter>,
    /// What forward saves for backward, in training only
    /// ([`Lower::saved_bytes`](super::Lower::saved_bytes)).
    pub saved: Option<Slice>,
}

impl Site {
    /// The one input of a layer that takes one.
    pub fn input(&self) -> &Value {
        &self.inputs[0]
    }

    /// The parameter of a role, if the layer has it.
    pub fn parameter(&self, role: &str) -> Option<&PlannedParameter> {
        self.parameters.iter().find(|p| p.role == role)
    }

    /// Elements of the output, batch included.
    pub fn output_elements(&self) -> u32 {
        (self.batch * self.output.shape.elements()) as u32
    }
}

/// Collects the buffers and dispatches of a plan.
#[derive(Debug)]
pub struct PlanBuilder {
    pub(crate) batch: usize,
    target: Target,
    pub(crate) buffers: Vec<BufferSpec>,
    pub(crate) steps: Vec<Step>,
    pub(crate) run: Option<Slice>,
    pub(crate) parameters: Vec<PlannedParameter>,
    /// Parameters that stand on the GPU already.
    given: Vec<PlannedParameter>,
}

impl PlanBuilder {
    pub(crate) fn new(batch: usize, target: Target) -> Self {
        Self {
            batch,
            target,
            buffers: Vec::new(),
            steps: Vec::new(),
            run: None,
            parameters: Vec::new(),
            given: Vec::new(),
        }
    }

    /// Goes on from a plan of these buffers: they come first, so that its slices are
    /// good here too, and these of its parameters are taken as they stand.
    pub(crate) fn joining(self, buffers: &[BufferSpec], given: Vec<PlannedParameter>) -> Self {
        Self {
            buffers: buffers.to_vec(),
            given,
            ..self
        }
    }

    /// What the plan must know of the device.
    pub fn target(&self) -> Target {
        self.target
    }

    /// The uniform of [`RunSettings`](crate::plan::RunSettings).
    ///
    /// # Panics
    /// When the plan is not for training.
    pub fn run_settings(&self) -> Slice {
        self.run.expect("a plan for training has settings")
    }

    /// A buffer of at least this many bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when it exceeds the largest binding.
    pub fn buffer(&mut self, label: &str, bytes: u64) -> Result<Slice> {
        // Whole vec4s, so that kernels may bind it as an array of them.
        let bytes = bytes.checked_next_multiple_of(16).unwrap_or(u64::MAX);
        let bytes = bytes.max(16);
        // Kernels count numbers in 32 bits.
        let most = self.target.max_binding_bytes.min(4 * u64::from(u32::MAX));
        if bytes > most {
            let what = label.to_owned();
            return Err(Error::TooLarge { what, bytes, most }.into());
        }
        self.buffers.push(BufferSpec {
            label: label.to_owned(),
            bytes,
        });
        Ok(Slice {
            buffer: BufferId(self.buffers.len() - 1),
            offset: 0,
            bytes,
        })
    }

    /// Adds a run of a kernel on behalf of a node.
    pub fn dispatch(&mut self, node: NodeId, dispatch: Dispatch) {
        self.steps.push(Step { node, dispatch });
    }

    pub(crate) fn value(&mut self, label: &str, shape: &Shape) -> Result<Slice> {
        let numbers = shape.count().saturating_mul(self.batch as u64);
        self.buffer(label, numbers.saturating_mul(4))
    }

    /// Plans the parameters of a node.
    pub(crate) fn parameters(
        &mut self,
        network: &Network,
        id: NodeId,
        storage: &dyn Fn(&str) -> Storage,
    ) -> Result<Vec<PlannedParameter>> {
        let node = &network[id];
        let Some(operation) = lowered(&node.layer) else {
            return Ok(Vec::new());
        };
        let weights = operation.packing(&network.input_shapes(id), self.target.preset);
        let mut planned = Vec::new();
        for (name, parameter) in network.parameters(id) {
            if let Some(given) = self.given.iter().find(|given| given.name == name) {
                planned.push(PlannedParameter {
                    node: id,
                    ..given.clone()
                });
                continue;
            }
            let weights = weights.expect("a layer with parameters has a packing");
            let (packing, storage) = match parameter.role {
                "weight" => (weights, storage(&name)),
                _ => (weights.bias(), Storage::F32),
            };
            let chunks = self.chunks(&name, packing, storage)?;
            let codebook = match storage {
                Storage::Codes4 => Some(self.buffer(&format!("{name} codebook"), 64)?),
                _ => None,
            };
            planned.push(PlannedParameter {
                name,
                node: id,
                role: parameter.role,
                shape: parameter.shape,
                packing,
                storage,
                chunks,
                codebook,
            });
        }
        Ok(planned)
    }

    /// Splits a parameter where it exceeds the largest binding, at whole blocks.
    fn chunks(&mut self, name: &str, packing: Packing, storage: Storage) -> Result<Vec<Chunk>> {
        let outputs = packing.groups * packing.outputs;
        let most = self.target.max_binding_bytes;
        let whole = packing.bytes(storage);
        if packing.groups > 1 || whole <= most || packing.block_bytes(storage) > most {
            let slice = self.buffer(name, whole)?;
            return Ok(vec![Chunk {
                outputs: 0..outputs,
                slice,
            }]);
        }
        let block_bytes = packing.block_bytes(storage);
        let rows = (most / block_bytes) as usize * packing.block;
        // Where a chunk begins its part of a bias can be bound, too.
        let aligned = OFFSET_ALIGNMENT as usize / 4;
        let rows = match rows / aligned {
            0 => rows,
            whole => whole * aligned,
        };
        let mut chunks = Vec::new();
        for outputs in packing.runs(0..outputs, rows) {
            let blocks = outputs.len().div_ceil(packing.block) as u64;
            let slice = self.buffer(name, blocks * block_bytes)?;
            chunks.push(Chunk { outputs, slice });
        }
        Ok(chunks)
    }
}
