//! A step of training: forward, loss, backward, update, in one list of
//! dispatches; its first part alone evaluates.

use std::ops::Range;

use super::backward::{Wanted, plan_backward};
use super::forward::Forward;
use super::update::{LossOf, Optimizer, ParameterFactors, plan_update};
use super::{Mode, Plan, PlanBuilder, RunSettings, Storage, Target};
use crate::error::Result;
use crate::kernels::softmax_cross_entropy as loss;
use crate::kernels::{Slice, grid};
use crate::network::{Network, NodeId};

/// Entries of the ring that losses are gathered into.
const RING: usize = 64;

/// A [`Plan`] that trains.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPlan {
    /// Buffers, steps and parameters.
    pub plan: Plan,
    /// The steps of forward and loss: an evaluation.
    pub evaluation: Range<usize>,
    /// The steps behind backward: what the gradients change.
    pub update_steps: Range<usize>,
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
    /// A [`Clip`](crate::kernels::Clip).
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
    /// [`Error::TooLarge`](crate::error::Error::TooLarge) when a buffer
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
        let grid = grid(batch as u32, 1);
        builder.dispatch(last, compute.dispatch(&constants, grid));
        builder.dispatch(last, gather.dispatch(&constants, [1; 3]));
        let evaluation = 0..builder.steps.len();

        let wanted = Wanted {
            parameters: parameter_gradients(&mut builder)?,
            values: trainable(network, &forward),
            guided: false,
        };
        let (last, gradients) = (forward.roots[last.0], wanted.parameters.clone());
        let value_gradients =
            plan_backward(network, &forward, (last, dlogits), wanted, &mut builder)?;
        let of_loss = LossOf {
            run,
            ring,
            // Ten times that of guessing.
            good: 10.0 * (classes.max(2) as f32).ln(),
        };
        let first_of_update = builder.steps.len();
        let update = plan_update(optimizer, factors, &gradients, of_loss, &mut builder)?;
        let update_steps = first_of_update..builder.steps.len();
        Ok(TrainingPlan {
            plan: Plan::of(builder, forward.values),
            evaluation,
            update_steps,
            run,
            update: update.settings,
            labels,
            ring,
            squares: update.squares,
            clip: update.clip,
            squares_of: update.parts_of,
            gradients,
            state: update.state,
            kept: update.kept,
            value_gradients,
        })
    }
}

/// A buffer for the gradient of each chunk of each parameter.
fn parameter_gradients(builder: &mut PlanBuilder) -> Result<Vec<Vec<Slice>>> {
    let mut gradients = Vec::new();
    for parameter in builder.parameters.clone() {
        let label = format!("{} gradient", parameter.name);
        let chunks = parameter.each().iter();
        let slices = chunks.map(|chunk| builder.buffer(&label, chunk.slice.bytes));
        gradients.push(slices.collect::<Result<Vec<_>>>()?);
    }
    Ok(gradients)
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
