//! The use case "is this device right": every layer's output on the device against
//! the f64 [reference](mod@reference), from the device's own inputs of that layer,
//! so that one layer's difference does not spread to the next.

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;
use web_time::Instant;

use crate::engine::Device;
use crate::error::{Error, Result};
use crate::inference::{Inference, PIECE, Progress, Stage};
use crate::layers::{Activation, Layer, Operation};
use crate::network::NodeId;
use crate::plan::PlannedParameter;
use crate::reference::{self, Filter, Maps, activate, element};
use crate::weights::WeightsFile;

/// What a difference may be, in parts of the largest number that the layer
/// computes. Sums in f32 differ by some millionths, whatever their order;
/// arithmetic in half precision would differ by thousandths.
const TOLERANCE: f64 = 1e-4;

/// How long the reference computes before others have a turn.
const TURN: Duration = Duration::from_millis(50);

/// A layer of the device against the reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerCheck {
    /// Name of the node.
    pub name: String,
    /// Kind of layer.
    pub kind: &'static str,
    /// The activation that its kernel computes as well.
    pub activation: Option<&'static str>,
    /// Largest difference of all elements; of one that is no number, the largest
    /// number of all, since JSON knows no infinity.
    pub largest_difference: f64,
    /// What it may be.
    pub tolerance: f64,
}

/// Checks the layers that compute something, in order, on the inputs written
/// last, with the weights of the file that they came from.
///
/// # Errors
/// [`Error::Stopped`], what reading the file gives, and what the device gives.
pub async fn verify(
    device: &Device,
    inference: &Inference,
    file: &WeightsFile,
    progress: &mut Progress<'_>,
) -> Result<Vec<LayerCheck>> {
    write_noise_where_nothing_is(device, inference).await?;
    inference.run(device).await?;
    let network = inference.network();
    let mut pace = Pace {
        device,
        progress,
        done: 0,
        total: network.nodes().map(|(id, _)| work(inference, id)).sum(),
        turn: Instant::now(),
    };
    let mut checks = Vec::new();
    for (id, node) in network.nodes() {
        // A fused activation and a layer that passes its input on have no
        // kernel of their own.
        if !node.inputs.is_empty() && !share_a_value(inference, id, node.inputs[0]) {
            checks.push(check(device, inference, file, id, &mut pace).await?);
        }
    }
    Ok(checks)
}

/// Zeros, as before the first picture, would hide most errors.
async fn write_noise_where_nothing_is(device: &Device, inference: &Inference) -> Result<()> {
    for input in inference.network().inputs() {
        let mut x = inference.read(device, input).await?;
        if x.iter().all(|x| *x == 0.0) {
            // Multiples of the golden ratio, which spread evenly.
            let noise = |index: usize| (index as f64 * 0.618_033_988_7).fract() * 2.0 - 1.0;
            x = (0..x.len()).map(|index| noise(index) as f32).collect();
            inference.write(device, input, &x)?;
        }
    }
    Ok(())
}

fn share_a_value(inference: &Inference, a: NodeId, b: NodeId) -> bool {
    inference.plan().value(a) == inference.plan().value(b)
}

/// Steps of the reference for a layer, about.
fn work(inference: &Inference, id: NodeId) -> u64 {
    let network = inference.network();
    let sample = network.multiply_adds(id) + network[id].shape.elements() as u64;
    inference.plan().batch as u64 * sample
}

async fn check(
    device: &Device,
    inference: &Inference,
    file: &WeightsFile,
    id: NodeId,
    pace: &mut Pace<'_, '_>,
) -> Result<LayerCheck> {
    let (network, plan) = (inference.network(), inference.plan());
    let node = &network[id];
    let mut read_inputs = Vec::new();
    for input in &node.inputs {
        read_inputs.push(widened(inference.read(device, *input).await?));
    }
    let inputs: Vec<Maps> = (node.inputs.iter().zip(&read_inputs))
        .map(|(input, values)| Maps {
            size: reference::size(plan.batch, &network[*input].shape),
            values,
        })
        .collect();
    let y = inference.read(device, id).await?;
    let activation = fused_activation(inference, id);

    let parameter = |role| {
        let mut own = plan.parameters.iter().filter(|p| p.node == id);
        own.find(|parameter: &&PlannedParameter| parameter.role == role)
    };
    let [_, height, width, channels] = reference::size(plan.batch, &node.shape);
    let bias = match parameter("bias") {
        Some(bias) => read(file, bias, 0..channels).await?,
        None => vec![0.0; channels],
    };
    let weight = parameter("weight");
    let row = weight.map_or(0, |weight| weight.packing.row());
    let step = (PIECE / row.max(1)).max(1);

    let (mut largest, mut scale) = (0.0_f64, 0.0_f64);
    for first in (0..channels).step_by(step) {
        let piece = first..channels.min(first + step);
        let rows = match weight {
            Some(weight) => read(file, weight, piece.start * row..piece.end * row).await?,
            None => Vec::new(),
        };
        for c in piece {
            let filter = Filter {
                weight: &rows[(c - first) * row..][..row],
                bias: bias[c],
            };
            for (pixel, y) in y.chunks_exact(channels).enumerate() {
                let (n, place) = (pixel / (height * width), pixel % (height * width));
                let at = [n, place / width, place % width, c];
                let sum = element(&node.layer, &inputs, filter, at);
                let expected = activation.map_or(sum, |activation| activate(activation, sum));
                let difference = (expected - f64::from(y[c])).abs();
                largest = largest.max(match difference.is_finite() {
                    true => difference,
                    false => f64::MAX,
                });
                scale = scale.max(sum.abs());
            }
            pace.advance(work(inference, id) / channels as u64).await?;
        }
    }
    // Of a sum that an activation bounds, what is lost counts behind the activation.
    if activation.map_or(node.layer.squashes(), |activation| activation.squashes()) {
        scale = 1.0;
    }
    Ok(LayerCheck {
        name: node.name.clone(),
        kind: node.layer.kind(),
        activation: activation.map(Activation::name),
        largest_difference: largest,
        tolerance: TOLERANCE * scale,
    })
}

/// The activation that the kernel of a layer computes as well.
fn fused_activation(inference: &Inference, id: NodeId) -> Option<Activation> {
    inference.network().nodes().find_map(|(next, node)| {
        let fused = node.inputs == [id] && share_a_value(inference, id, next);
        match node.layer {
            Layer::Activation(activation) if fused => Some(activation),
            _ => None,
        }
    })
}

async fn read(
    file: &WeightsFile,
    parameter: &PlannedParameter,
    range: Range<usize>,
) -> Result<Vec<f64>> {
    let tensor = file.find(&parameter.name)?;
    file.prefetch(tensor, range.clone()).await?;
    Ok(widened(file.read_f32(tensor, range)?))
}

fn widened(values: Vec<f32>) -> Vec<f64> {
    values.into_iter().map(f64::from).collect()
}

/// Progress, and turns for others: what the page wants stops nothing else.
struct Pace<'a, 'p> {
    device: &'a Device,
    progress: &'a mut Progress<'p>,
    done: u64,
    total: u64,
    turn: Instant,
}

impl Pace<'_, '_> {
    async fn advance(&mut self, work: u64) -> Result<()> {
        self.done += work;
        if self.turn.elapsed() >= TURN {
            if !(self.progress)(Stage::Verify, self.done, self.total) {
                return Err(Error::Stopped.into());
            }
            self.device.finish().await?;
            self.turn = Instant::now();
        }
        Ok(())
    }
}
