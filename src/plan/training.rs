//! A step of training: forward, loss, backward, update, in one list of
//! dispatches; its first part alone evaluates.
//!
//! Gradients need no clearing: walking backward, the plan knows which consumer
//! of a value comes first. That one overwrites the value's gradient, later ones
//! add to it, which saves a write and a read of every gradient.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::forward::Forward;
use super::update::{LossOf, Optimizer, ParameterFactors, plan_update};
use super::{Mode, Plan, PlanBuilder, Storage, Target};
use crate::error::Result;
use crate::gpu::Slice;
use crate::gpu::kernels::softmax_cross_entropy as loss;
use crate::network::{Network, NodeId};

/// Entries of the ring that losses are gathered into.
const RING: usize = 64;

/// What changes from one run to the next: the uniform of the loss and of
/// dropout, `Run` in their shaders.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub struct RunSettings {
    /// Seed of the dropout masks.
    pub seed: u32,
    /// Number of the step: other masks at each.
    pub step: u32,
    /// Samples of the batch that count, from the first on; at least 1.
    pub samples: u32,
    /// Entry of the ring that takes loss and errors.
    pub slot: u32,
    /// 1 while training, 0 while evaluating (dropout is the identity).
    pub training: u32,
    /// Uniforms are whole vec4s.
    pub padding: [u32; 3],
}

/// The gradient of one input of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gradient {
    /// Where it stands, as the value itself.
    pub slice: Slice,
    /// Whether another consumer has written it already, so that it is added to.
    pub accumulate: bool,
}

/// Where backward of a layer finds and leaves gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// `dy`, of its output.
    pub output: Slice,
    /// `dx`, of each input; `None` where nobody needs it.
    pub inputs: Vec<Option<Gradient>>,
    /// Of each parameter, in its layout, chunk by chunk.
    pub parameters: Vec<Vec<Slice>>,
}

/// A [`Plan`] that trains.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPlan {
    /// Buffers, steps and parameters.
    pub plan: Plan,
    /// The steps of forward and loss: an evaluation.
    pub evaluation: Range<usize>,
    /// The uniform of [`RunSettings`].
    pub run: Slice,
    /// The uniform of [`UpdateSettings`](super::UpdateSettings).
    pub update: Slice,
    /// Labels, one u32 a sample; those that do not count must be classes too.
    pub labels: Slice,
    /// Loss (mean of the batch) and number of errors, a pair of f32 for each
    /// [`RunSettings::slot`].
    pub ring: Slice,
    /// Sums of squared gradients, before clipping.
    pub squares: Slice,
    /// The entries of `squares` that belong to each of [`Plan::parameters`].
    pub squares_of: Vec<Range<usize>>,
    /// Three f32: the factor that clipped the gradients; 1 once a gradient was
    /// not finite and updates stopped, 0 before; whether the loss was good.
    pub clip: Slice,
    /// Gradients of the parameters, as [`Plan::parameters`], chunk by chunk.
    pub gradients: Vec<Vec<Slice>>,
    /// What the optimiser remembers of each parameter: a list of tensors in the
    /// parameter's layout, chunk by chunk.
    pub state: Vec<Vec<Vec<Slice>>>,
    /// The weights before the last step whose loss was good, as
    /// [`Plan::parameters`], chunk by chunk.
    pub kept: Vec<Vec<Slice>>,
    /// Gradients of the values of the nodes, for looking inside.
    pub value_gradients: Vec<Option<Slice>>,
}

impl TrainingPlan {
    /// Number of entries of the ring.
    pub fn ring_entries(&self) -> usize {
        RING
    }
}

impl Plan {
    /// A plan that trains `network`, which ends in logits, with the softmax
    /// cross-entropy of `batch` labels. Parameters are kept as f32.
    ///
    /// `factors` gives the learning-rate and decay factors of a parameter, by
    /// its name in full.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::error::Error::OutOfMemory) when a buffer
    /// exceeds the largest binding.
    pub fn training(
        network: &Network,
        batch: usize,
        target: Target,
        optimizer: Optimizer,
        factors: impl Fn(&str) -> ParameterFactors,
    ) -> Result<TrainingPlan> {
        let mut builder = PlanBuilder::new(batch, target);
        let run = builder.buffer("run settings", size_of::<RunSettings>() as u64)?;
        builder.run = Some(run);
        let forward = Forward::plan(network, Mode::Training, &mut builder, &|_| Storage::F32)?;
        let last = network.outputs()[0];
        let logits = forward.values[last.0].expect("every node has a value");

        let classes = network[last].shape.elements();
        let labels = builder.buffer("labels", batch as u64 * 4)?;
        let ring = builder.buffer("losses", RING as u64 * 8)?;
        let dlogits = builder.value("loss gradient", &network[last].shape)?;
        let losses = builder.buffer("losses of the batch", batch as u64 * 8)?;
        let constants = loss::Constants {
            batch: batch as u32,
            classes: classes as u32,
        };
        let compute = loss::Forward {
            x: logits,
            label: labels,
            run,
            dx: dlogits,
            loss: losses,
        };
        let gather = loss::Gather { run, losses, ring };
        let grid = PlanBuilder::grid(batch as u32, 1);
        builder.dispatch(last, compute.dispatch(&constants, grid));
        builder.dispatch(last, gather.dispatch(&constants, [1; 3]));
        let evaluation = 0..builder.steps.len();

        let backward = plan_backward(network, &forward, dlogits, &mut builder)?;
        let of_loss = LossOf {
            run,
            ring,
            // Ten times that of guessing.
            good: 10.0 * (classes.max(2) as f32).ln(),
        };
        let gradients = &backward.parameters;
        let update = plan_update(optimizer, factors, gradients, of_loss, &mut builder)?;
        Ok(TrainingPlan {
            plan: builder.finish(forward.values),
            evaluation,
            run,
            update: update.settings,
            labels,
            ring,
            squares: update.squares,
            clip: update.clip,
            squares_of: update.parts_of,
            gradients: backward.parameters,
            state: update.state,
            kept: update.kept,
            value_gradients: backward.values,
        })
    }
}

struct Backward {
    parameters: Vec<Vec<Slice>>,
    values: Vec<Option<Slice>>,
}

/// Plans backward from the gradient of the logits, in reverse order.
fn plan_backward(
    network: &Network,
    forward: &Forward,
    dlogits: Slice,
    builder: &mut PlanBuilder,
) -> Result<Backward> {
    let mut parameters = Vec::new();
    for index in 0..builder.parameters.len() {
        let label = format!("{} gradient", builder.parameters[index].name);
        let chunks = builder.parameters[index].chunks.clone();
        let slices = chunks
            .iter()
            .map(|chunk| builder.buffer(&label, chunk.slice.bytes));
        parameters.push(slices.collect::<Result<Vec<_>>>()?);
    }
    let trainable = trainable(network, forward);
    let mut values: Vec<Option<Slice>> = vec![None; network.nodes().len()];
    values[forward.roots[network.outputs()[0].0].0] = Some(dlogits);
    let mut last = parameters.len();
    for (id, node) in network.nodes().rev() {
        let Some(site) = &forward.sites[id.0] else {
            continue;
        };
        let first = last - site.parameters.len();
        let own = parameters[first..last].to_vec();
        last = first;
        // A node that the loss does not depend on.
        let Some(output) = values[id.0] else {
            continue;
        };
        let mut inputs = Vec::new();
        for input in &node.inputs {
            let root = forward.roots[input.0];
            inputs.push(match (trainable[root.0], values[root.0]) {
                (false, _) => None,
                (true, Some(slice)) => Some(Gradient {
                    slice,
                    accumulate: true,
                }),
                (true, None) => {
                    let label = format!("{} gradient", network[root].name);
                    let slice = builder.value(&label, &network[root].shape)?;
                    values[root.0] = Some(slice);
                    Some(Gradient {
                        slice,
                        accumulate: false,
                    })
                }
            });
        }
        let gradients = Gradients {
            output,
            inputs,
            parameters: own,
        };
        let operation = node.layer.operation().expect("a site has an operation");
        operation.backward(site, &gradients, builder)?;
    }
    Ok(Backward { parameters, values })
}

/// Whether the value of a node depends on a parameter, so that its gradient is needed.
fn trainable(network: &Network, forward: &Forward) -> Vec<bool> {
    let mut trainable = vec![false; network.nodes().len()];
    for (id, node) in network.nodes() {
        let inherited = node.inputs.iter().any(|input: &NodeId| trainable[input.0]);
        let own = forward.sites[id.0]
            .as_ref()
            .is_some_and(|site| !site.parameters.is_empty());
        trainable[id.0] = inherited || own;
    }
    trainable
}
