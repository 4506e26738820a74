//! One value of one layer, and the sum that made it, computed again from what
//! the layer read and from the weights of the file.

use super::receptive_field::receptive_field;
use super::{Inspection, map, rows};
use crate::engine::Device;
use crate::error::{Error, Result};
use crate::layers::{Area, AvgPool2d, Layer, LocalResponseNorm, Read, Values};
use crate::network::{Network, NodeId};
use crate::weights::WeightsFile;

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value that the device computed.
    pub value: f32,
    /// Pixels of the input that it depends on.
    pub field: Option<Area>,
    /// Which of the inputs `x` stands in; 0 for a sum of all.
    pub input: usize,
    /// The places of that input that were read, padding included.
    pub window: Area,
    /// Distance between two of its rows, and two of its columns.
    pub dilation: [usize; 2],
    /// First of the channels that were read.
    pub first_channel: usize,
    /// How many of them.
    pub channels: usize,
    /// What was read, `[rows, columns, channels]`: 0 in the padding, not a
    /// number where a max pool hangs over. Of an `Add`, the value of each input.
    pub x: Vec<f32>,
    /// The weights of `x`, in the same order; none for layers without.
    pub weight: Vec<f32>,
    /// The bias; 0 for layers without.
    pub bias: f32,
    /// Of a convolution or linear layer: bias + x * weight; of a max pool the
    /// largest; of a normalisation the sum of the squares; of a softmax the sum
    /// of exp(x - largest); else the sum of `x`.
    pub sum: f64,
    /// Index in `x` of what a max pool took.
    pub winner: Option<usize>,
    /// What an average pool divides by.
    pub divisor: Option<usize>,
    /// Size, alpha, beta and k of a local response normalisation.
    pub norm: Option<[f32; 4]>,
}

impl Inspection {
    /// The value of a node at `(y, x, unit)` and what made it; `file` holds the
    /// weights.
    ///
    /// # Errors
    /// [`Error::Input`] when there is no such place, what the file and the device
    /// give.
    pub async fn cell(
        &self,
        device: &Device,
        file: &WeightsFile,
        node: NodeId,
        (y, x, unit): (usize, usize, usize),
    ) -> Result<Cell> {
        let network = self.network();
        let (id, node) = (node, &network[node]);
        let (height, width, units) = map(network, id);
        if y >= height || x >= width || unit >= units {
            return Err(Error::Input {
                layer: node.name.clone(),
                expected: format!("a place in {}", node.shape),
                found: format!("{y}, {x}, {unit}"),
            }
            .into());
        }
        let values = self.values(device, id).await?;
        let (input, read) = reads(network, id, (y, x, unit));
        let mut cell = Cell {
            value: values[(y * width + x) * units + unit],
            field: receptive_field(network, id, (y, x, unit)),
            input,
            window: read.area,
            dilation: read.dilation,
            first_channel: read.channels.start,
            channels: read.channels.len(),
            x: Vec::new(),
            weight: Vec::new(),
            bias: 0.0,
            sum: 0.0,
            winner: None,
            divisor: None,
            norm: None,
        };
        if let Layer::Add(_) | Layer::Multiply(_) = node.layer {
            for input in &node.inputs {
                cell.x
                    .push(self.values(device, *input).await?[(y * width + x) * units + unit]);
            }
        } else if let Some(input) = node.inputs.get(input) {
            let beyond = match node.layer {
                Layer::MaxPool2d(_) => f32::NAN,
                _ => 0.0,
            };
            cell.x = gather(
                &self.values(device, *input).await?,
                map(network, *input),
                &read,
                beyond,
            );
        }
        for (name, parameter) in network.parameters(id) {
            let mut rows = rows(file, &name, unit..unit + 1).await?;
            if self.changes.edits(network, id) {
                self.changes.edit(unit, units, 1, &mut rows);
            }
            match parameter.role {
                "weight" => cell.weight = channels_last(&rows, read.channels.len()),
                _ => cell.bias = rows[0],
            }
        }
        cell.explain(
            &node.layer,
            &read,
            network.input_shapes(id).first().and_then(|s| s.as_map()),
        );
        Ok(cell)
    }
}

impl Cell {
    fn explain(&mut self, layer: &Layer, read: &Read, input: Option<(usize, usize, usize)>) {
        let numbers = || self.x.iter().map(|x| f64::from(*x));
        self.sum = match layer {
            Layer::Conv2d(_) | Layer::Linear(_) => {
                let products = numbers().zip(&self.weight).map(|(x, w)| x * f64::from(*w));
                f64::from(self.bias) + products.sum::<f64>()
            }
            Layer::MaxPool2d(_) => numbers().fold(f64::NEG_INFINITY, f64::max),
            Layer::LocalResponseNorm(_) => numbers().map(|x| x * x).sum(),
            Layer::Softmax(_) => {
                let most = numbers().fold(f64::NEG_INFINITY, f64::max);
                numbers().map(|x| (x - most).exp()).sum()
            }
            Layer::Multiply(_) => numbers().product(),
            Layer::AvgPool2d(_)
            | Layer::Rearrange(_)
            | Layer::Activation(_)
            | Layer::Dropout(_)
            | Layer::Flatten(_)
            | Layer::Concat(_)
            | Layer::Add(_)
            | Layer::Input => numbers().sum(),
        };
        match layer {
            Layer::MaxPool2d(_) => {
                let sum = self.sum;
                self.winner = self.x.iter().position(|x| f64::from(*x) == sum);
            }
            Layer::AvgPool2d(layer) => {
                self.divisor =
                    input.map(|(height, width, _)| divisor(layer, read.area, height, width));
            }
            Layer::LocalResponseNorm(LocalResponseNorm {
                size,
                alpha,
                beta,
                k,
                ..
            }) => {
                self.norm = Some([*size as f32, *alpha, *beta, *k]);
            }
            Layer::Conv2d(_)
            | Layer::Linear(_)
            | Layer::Activation(_)
            | Layer::Dropout(_)
            | Layer::Flatten(_)
            | Layer::Concat(_)
            | Layer::Add(_)
            | Layer::Multiply(_)
            | Layer::Rearrange(_)
            | Layer::Softmax(_)
            | Layer::Input => {}
        }
    }
}

/// The input that a value reads first, and what it reads of it.
fn reads(network: &Network, node: NodeId, (y, x, unit): (usize, usize, usize)) -> (usize, Read) {
    let values = Values {
        area: Area::place(y, x),
        channel: Some(unit),
    };
    let layer = &network[node].layer;
    let shapes = network.input_shapes(node);
    let mut read =
        (0..shapes.len()).filter_map(|index| Some((index, layer.reads(&shapes, index, values)?)));
    read.next().unwrap_or_else(|| {
        let itself = Read {
            area: values.area,
            dilation: [1; 2],
            channels: unit..unit + 1,
        };
        (0, itself)
    })
}

/// What was read of a map, `beyond` where there is none.
fn gather(
    values: &[f32],
    (height, width, channels): (usize, usize, usize),
    read: &Read,
    beyond: f32,
) -> Vec<f32> {
    let mut x = Vec::new();
    for row in (read.area.top..read.area.bottom).step_by(read.dilation[0]) {
        for column in (read.area.left..read.area.right).step_by(read.dilation[1]) {
            // A place before the map wraps to a large number.
            let (row, column) = (row as usize, column as usize);
            if row < height && column < width {
                let first = (row * width + column) * channels + read.channels.start;
                x.extend_from_slice(&values[first..first + read.channels.len()]);
            } else {
                x.resize(x.len() + read.channels.len(), beyond);
            }
        }
    }
    x
}

/// A row of a weight, `[channels, positions]` in files, as `[positions, channels]`.
fn channels_last(row: &[f32], channels: usize) -> Vec<f32> {
    let positions = row.len() / channels;
    (0..row.len())
        .map(|index| row[index % channels * positions + index / channels])
        .collect()
}

/// Taps of an average pool that count: those on the input and, if padding counts,
/// on the padding; `area` may hang over beyond that.
fn divisor(layer: &AvgPool2d, area: Area, height: usize, width: usize) -> usize {
    let window = layer.window_over(height, width);
    let taps = |first: i32, end: i32, axis: usize, size: usize| {
        let (before, after) = match layer.count_include_pad {
            true => (window.padding[axis] as i32, window.padding[axis + 2] as i32),
            false => (0, 0),
        };
        let counts = |at: &i32| *at >= -before && *at < size as i32 + after;
        (first..end)
            .step_by(window.dilation[axis])
            .filter(counts)
            .count()
    };
    let rows = taps(area.top, area.bottom, 0, height);
    (rows * taps(area.left, area.right, 1, width)).max(1)
}
