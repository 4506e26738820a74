//! The update of the parameters: gradient norms, clipping, the optimiser.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{PlanBuilder, UpdateSettings};
use crate::error::Result;
use crate::kernels::{Clip, Slice};
use crate::kernels::{gradient_norm, optimizer};
use crate::network::NodeId;

/// Bytes of a gradient that one workgroup squares and sums.
const NORM_BYTES: u64 = 256 << 10;

/// How gradients become steps; the formulas stand in `shaders/optimizer.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimizer {
    /// Stochastic gradient descent with momentum, in the paper's form; plain
    /// with a momentum of 0.
    Sgd,
    /// The same with Nesterov's look ahead.
    Nesterov,
    /// Kingma and Ba's adaptive moments.
    Adam,
}

/// Factors of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ParameterFactors {
    /// On the learning rate; 2 for biases in the original code.
    pub rate: f32,
    /// On the weight decay; 0 for biases in the original code.
    pub decay: f32,
}

impl Default for ParameterFactors {
    fn default() -> Self {
        Self {
            rate: 1.0,
            decay: 1.0,
        }
    }
}

impl UpdateSettings {
    /// The settings with Adam's correction of the learning rate at a step
    /// (from 1 on): `rate * sqrt(1 - beta2^step) / (1 - beta1^step)`.
    pub fn adam(self, step: u32) -> Self {
        let remaining = |beta: f32| 1.0 - f64::from(beta).powi(step as i32);
        let correction = remaining(self.beta2).sqrt() / remaining(self.momentum);
        Self {
            rate: (f64::from(self.rate) * correction) as f32,
            ..self
        }
    }
}

pub(super) struct PlannedUpdate {
    pub settings: Slice,
    pub squares: Slice,
    pub clip: Slice,
    pub parts_of: Vec<Range<usize>>,
    pub state: Vec<Vec<Vec<Slice>>>,
    pub kept: Vec<Vec<Slice>>,
}

/// What an update reads of the loss.
pub(super) struct LossOf {
    /// The uniform of [`RunSettings`](super::RunSettings).
    pub run: Slice,
    /// Losses, by slot.
    pub ring: Slice,
    /// A larger loss is worse than any guess: its weights are not worth keeping.
    pub good: f32,
}

/// Plans the update of all parameters of the builder from their gradients.
pub(super) fn plan_update(
    optimizer: Optimizer,
    factors: impl Fn(&str) -> ParameterFactors,
    gradients: &[Vec<Slice>],
    loss: LossOf,
    builder: &mut PlanBuilder,
) -> Result<PlannedUpdate> {
    let settings = builder.buffer("update settings", size_of::<UpdateSettings>() as u64)?;
    let workgroups = |gradient: &Slice| (gradient.bytes / NORM_BYTES).clamp(1, 64) as u32;
    let parts: u32 = gradients.iter().flatten().map(workgroups).sum();
    let squares = builder.buffer("squared gradients", u64::from(parts) * 4)?;
    let clip = builder.buffer("clip", size_of::<Clip>() as u64)?;
    let parameters = builder.parameters.clone();
    let node = parameters.last().map_or(NodeId(0), |last| last.node);

    let mut constants = gradient_norm::Constants {
        elements: 0,
        workgroups: 0,
        first_part: 0,
        parts,
        good_loss: loss.good,
    };
    let mut parts_of = Vec::new();
    for (parameter, chunks) in parameters.iter().zip(gradients) {
        let first = constants.first_part as usize;
        for gradient in chunks {
            constants.elements = (gradient.bytes / 4) as u32;
            constants.workgroups = workgroups(gradient);
            let kernel = gradient_norm::SumOfSquares {
                gradient: *gradient,
                squares,
            };
            let grid = [constants.workgroups, 1, 1];
            builder.dispatch(parameter.node, kernel.dispatch(&constants, grid));
            constants.first_part += constants.workgroups;
        }
        parts_of.push(first..constants.first_part as usize);
    }
    let scale = gradient_norm::Scale {
        summands: squares,
        update: settings,
        clip,
        run: loss.run,
        ring: loss.ring,
    };
    builder.dispatch(node, scale.dispatch(&constants, [1; 3]));

    let (mut state, mut kept) = (Vec::new(), Vec::new());
    for (parameter, chunks) in parameters.iter().zip(gradients) {
        let mut kept_chunks = Vec::new();
        let ParameterFactors { rate, decay } = factors(&parameter.name);
        let mut velocities = Vec::new();
        let mut second_moments = Vec::new();
        for (chunk, gradient) in parameter.each().iter().zip(chunks) {
            let elements = (gradient.bytes / 4) as u32;
            let constants = optimizer::Constants {
                elements,
                rate_factor: rate,
                decay_factor: decay,
            };
            let label = format!("{} velocity", parameter.name);
            let velocity = builder.buffer(&label, gradient.bytes)?;
            velocities.push(velocity);
            let label = format!("{} kept", parameter.name);
            let kept = builder.buffer(&label, gradient.bytes)?;
            kept_chunks.push(kept);
            let (update, dweight, weight) = (settings, *gradient, chunk.slice);
            let dispatch = match optimizer {
                Optimizer::Sgd => optimizer::Sgd {
                    update,
                    clip,
                    dweight,
                    weight,
                    velocity,
                    kept,
                }
                .over(&constants, elements),
                Optimizer::Nesterov => optimizer::Nesterov {
                    update,
                    clip,
                    dweight,
                    weight,
                    velocity,
                    kept,
                }
                .over(&constants, elements),
                Optimizer::Adam => {
                    let label = format!("{} second moment", parameter.name);
                    let square = builder.buffer(&label, gradient.bytes)?;
                    second_moments.push(square);
                    optimizer::Adam {
                        update,
                        clip,
                        dweight,
                        weight,
                        velocity,
                        square,
                        kept,
                    }
                    .over(&constants, elements)
                }
            };
            builder.dispatch(parameter.node, dispatch);
        }
        let mut own = vec![velocities];
        if optimizer == Optimizer::Adam {
            own.push(second_moments);
        }
        state.push(own);
        kept.push(kept_chunks);
    }
    Ok(PlannedUpdate {
        settings,
        squares,
        clip,
        parts_of,
        state,
        kept,
    })
}
