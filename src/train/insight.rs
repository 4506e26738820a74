//! Looking inside a run: how much of each layer saturates or is dead, how large
//! gradients and weights are. Samples are read, not everything, so that training
//! is not held up.

use serde::Serialize;

use super::Trainer;
use crate::engine::Device;
use crate::error::Result;
use crate::kernels::Slice;
use crate::layers::{Activation, Layer};
use crate::network::{Network, NodeId};
use crate::plan::{Packing, PlannedParameter};

/// Samples of a batch whose activations are read.
const SAMPLES: usize = 16;
/// Numbers of a weight that are read at most, in whole blocks.
const NUMBERS: usize = 1 << 20;
/// Bars of a histogram.
const BARS: usize = 41;

/// What was seen of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Insight {
    /// The layers with weights, in order.
    pub layers: Vec<LayerInsight>,
    /// The kernels of the first convolution.
    pub filters: Option<Filters>,
}

/// What was seen of a layer and of the activation behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerInsight {
    /// Name of the node.
    pub name: String,
    /// Share of the activations at which the slope of tanh or sigmoid is less
    /// than a tenth of its largest.
    pub saturated: Option<f64>,
    /// Share of the ReLU units (maps of a convolution) that are 0 everywhere.
    pub dead: Option<f64>,
    /// Euclidean norm of the weight's last gradient, before clipping.
    pub gradient_norm: f64,
    /// Euclidean norm of the weight; of a large one, judged by a part of it.
    pub weight_norm: f64,
    /// How the weight's numbers are spread.
    pub histogram: Histogram,
}

/// How often numbers fall into bars of one width.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Left end of the first bar.
    pub low: f32,
    /// Right end of the last bar.
    pub high: f32,
    /// Numbers in each bar.
    pub counts: Vec<u32>,
}

/// Kernels as pictures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filters {
    /// Width of one.
    pub width: usize,
    /// Height of one.
    pub height: usize,
    /// How many there are.
    pub count: usize,
    /// One after the other, four bytes a pixel, all on one scale.
    #[serde(skip)]
    pub rgba: Vec<u8>,
}

impl Trainer {
    /// Looks at the batch trained with last and at the present weights.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn insight(&mut self, device: &Device) -> Result<Insight> {
        let squares: Vec<f32> = self.executable.read(device, self.plan.squares).await?;
        let mut layers = Vec::new();
        let mut filters = None;
        for (index, parameter) in self.plan.plan.parameters.iter().enumerate() {
            if parameter.role != "weight" {
                continue;
            }
            let values = self.sample(device, parameter).await?;
            let parts = &squares[self.plan.squares_of[index].clone()];
            let share = values.len() as f64 / parameter.shape.elements() as f64;
            let node = &self.network[parameter.node];
            let (saturated, dead) = self.activations(device, parameter.node).await?;
            layers.push(LayerInsight {
                name: node.name.clone(),
                saturated,
                dead,
                gradient_norm: parts
                    .iter()
                    .map(|part| f64::from(*part))
                    .sum::<f64>()
                    .sqrt(),
                weight_norm: (sum_of_squares(&values) / share).sqrt(),
                histogram: Histogram::of(&values),
            });
            if filters.is_none() && matches!(node.layer, Layer::Conv2d(_)) {
                filters = Filters::of(&values, &parameter.shape.0);
            }
        }
        Ok(Insight { layers, filters })
    }

    /// The first blocks of a weight, in file order.
    async fn sample(&self, device: &Device, parameter: &PlannedParameter) -> Result<Vec<f32>> {
        let packing = parameter.packing;
        if packing.elements() <= NUMBERS {
            let slices = self.weight_slices(parameter);
            return self.read_packed(device, parameter, &slices).await;
        }
        let blocks = (NUMBERS / packing.block_elements()).clamp(1, packing.blocks());
        let part = Packing {
            groups: 1,
            outputs: (blocks * packing.block).min(packing.outputs),
            ..packing
        };
        let slice = Slice {
            bytes: (part.elements() * 4) as u64,
            ..parameter.each()[0].slice
        };
        let packed: Vec<f32> = self.executable.read(device, slice).await?;
        Ok(part.unpack(&packed))
    }

    /// Shares of saturated and of dead units of the activation behind a node.
    async fn activations(
        &self,
        device: &Device,
        node: NodeId,
    ) -> Result<(Option<f64>, Option<f64>)> {
        let Some((id, activation)) = activation_behind(&self.network, node) else {
            return Ok((None, None));
        };
        let shape = &self.network[id].shape;
        let samples = SAMPLES.min(self.plan.plan.batch);
        let slice = Slice {
            bytes: (samples * shape.elements() * 4) as u64,
            ..self.plan.plan.value(id)
        };
        let values: Vec<f32> = self.executable.read(device, slice).await?;
        let count = values.len() as f64;
        let share = |saturated: &dyn Fn(f32) -> bool| {
            values.iter().filter(|y| saturated(**y)).count() as f64 / count
        };
        Ok(match activation {
            Activation::Tanh => (Some(share(&|y| 1.0 - y * y < 0.1)), None),
            Activation::Sigmoid => (Some(share(&|y| y * (1.0 - y) < 0.025)), None),
            Activation::Relu => {
                let units = *shape.0.last().expect("a shape has a dimension");
                let mut alive = vec![false; units];
                for position in values.chunks_exact(units) {
                    for (alive, value) in alive.iter_mut().zip(position) {
                        *alive |= *value > 0.0;
                    }
                }
                let dead = alive.iter().filter(|alive| !**alive).count();
                (None, Some(dead as f64 / units as f64))
            }
            _ => (None, None),
        })
    }
}

/// The activation that a layer feeds, straight or through layers
/// without parameters.
fn activation_behind(network: &Network, from: NodeId) -> Option<(NodeId, Activation)> {
    let mut at = from;
    loop {
        let (id, node) = network
            .nodes()
            .find(|(_, node)| node.inputs.contains(&at))?;
        match node.layer {
            Layer::Activation(activation) => return Some((id, activation)),
            _ if network.parameters(id).is_empty() => at = id,
            _ => return None,
        }
    }
}

fn sum_of_squares(values: &[f32]) -> f64 {
    values.iter().map(|v| f64::from(*v) * f64::from(*v)).sum()
}

impl Histogram {
    /// Of these numbers, around 0.
    pub fn of(values: &[f32]) -> Self {
        let largest = values.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let high = if largest > 0.0 { largest } else { 1.0 };
        let mut counts = vec![0; BARS];
        for value in values {
            let bar = (value / high + 1.0) / 2.0 * BARS as f32;
            counts[(bar as usize).min(BARS - 1)] += 1;
        }
        Self {
            low: -high,
            high,
            counts,
        }
    }
}

impl Filters {
    /// From weights `[out, 1 or 3, height, width]`; 0 becomes a middle grey.
    fn of(values: &[f32], shape: &[usize]) -> Option<Self> {
        let [_, channels @ (1 | 3), height, width] = *shape else {
            return None;
        };
        let positions = height * width;
        let largest = values
            .iter()
            .fold(f32::MIN_POSITIVE, |most, v| most.max(v.abs()));
        let byte = |value: f32| ((value / largest + 1.0) * 127.5).round() as u8;
        let mut rgba = Vec::with_capacity(values.len() / channels * 4);
        for kernel in values.chunks_exact(channels * positions) {
            for position in 0..positions {
                let channel = |c: usize| byte(kernel[c * positions + position]);
                rgba.extend([
                    channel(0),
                    channel(channels / 2),
                    channel(channels - 1),
                    255,
                ]);
            }
        }
        Some(Self {
            width,
            height,
            count: values.len() / (channels * positions),
            rgba,
        })
    }
}
