//! Convolution: `y[n,i,j,o] = bias[o] + sum x[n, i*s+ky*d-p, j*s+kx*d-p, c] * weight[o,c,ky,kx]`.

use serde::Deserialize;

use super::window::window_builder;
use super::{Operation, Parameter, Read, Refusal, Values, Window, single_map};
use crate::error::Result;
use crate::shape::Shape;

/// A two-dimensional convolution (cross-correlation, as everywhere in the
/// field) over channels-last maps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Conv2d {
    /// Number of kernels, so of output channels.
    pub out_channels: usize,
    /// Kernel size, stride, padding and dilation.
    pub window: Window,
    /// Number of independent towers: output channels of a group see only the
    /// input channels of that group. 2 in the paper's conv2, conv4 and conv5.
    pub groups: usize,
    /// Whether a bias is added.
    pub bias: bool,
}

impl Conv2d {
    /// `out_channels` square kernels, stride 1, no padding, one group, with bias.
    pub fn new(out_channels: usize, kernel: usize) -> Self {
        Self {
            out_channels,
            window: Window::square(kernel),
            groups: 1,
            bias: true,
        }
    }

    /// Splits the channels into towers.
    pub fn groups(mut self, groups: usize) -> Self {
        self.groups = groups;
        self
    }
}

window_builder!(Conv2d);

impl Operation for Conv2d {
    fn kind(&self) -> &'static str {
        "conv2d"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let (height, width, channels) = single_map(inputs)?;
        let groups = self.groups;
        if groups == 0 || self.out_channels == 0 || !self.out_channels.is_multiple_of(groups) {
            return Err(Refusal::Layer(format!(
                "{} output channels cannot be split into {groups} groups",
                self.out_channels
            )));
        }
        if channels % groups != 0 {
            return Err(Refusal::Input(format!(
                "a number of channels that {groups} groups divide"
            )));
        }
        let [height, width] = self.window.output_size([height, width])?;
        Ok(Shape::map(height, width, self.out_channels))
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<Parameter> {
        let in_channels = *inputs[0].0.last().expect("a map");
        let [height, width] = self.window.kernel;
        let weight = [self.out_channels, in_channels / self.groups, height, width];
        let bias = self.bias.then(|| Parameter::bias(self.out_channels));
        [Parameter::weight(weight)]
            .into_iter()
            .chain(bias)
            .collect()
    }

    fn multiply_adds(&self, inputs: &[&Shape], output: &Shape) -> u64 {
        let in_channels = *inputs[0].0.last().expect("a map");
        let [height, width] = self.window.kernel;
        let row = Shape::from([in_channels / self.groups, height, width]);
        row.count().saturating_mul(output.count())
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        let mut read = values.all_channels(inputs[index]).under(&self.window);
        if let Some(channel) = values.channel {
            let group = channel / (self.out_channels / self.groups);
            let channels = read.channels.len() / self.groups;
            read.channels = group * channels..(group + 1) * channels;
        }
        Some(read)
    }

    fn sliding_window(&self, _: &[&Shape]) -> Option<Window> {
        Some(self.window.clone())
    }
}
