//! Convolution: `y[n,i,j,o] = bias[o] + sum x[n, i*s+ky*d-p, j*s+kx*d-p, c] * weight[o,c,ky,kx]`.

use serde::Deserialize;

use super::window::window_builder;
use super::{Operation, Parameter, Refusal, Window, conv2d_backward, single_map};
use crate::error::Result;
use crate::kernels::conv2d::{Constants, Forward};
use crate::layers::Activation;
use crate::plan::{Gradients, Packing, PlanBuilder, Preset, Site, Storage};
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

    /// Steps that the kernel unrolls: as many taps of a row as can share their
    /// inputs, since those of a tap, moved by a pixel, are those of the next.
    fn steps(&self, group_inputs: usize) -> u32 {
        let width = self.window.kernel[1] as u32;
        match (self.window.stride[1], self.window.dilation[1]) {
            (1, 1) if group_inputs.is_multiple_of(4) || group_inputs < 4 => {
                let divides = |steps: &u32| width.is_multiple_of(*steps);
                (2..=5).rev().find(divides).unwrap_or(1)
            }
            _ => 1,
        }
    }

    fn weights(&self, in_channels: usize) -> usize {
        let [height, width] = self.window.kernel;
        self.out_channels * in_channels / self.groups * height * width
    }
}

window_builder!(Conv2d);

impl Operation for Conv2d {
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
        let positions = output.elements() / self.out_channels;
        (self.weights(in_channels) * positions) as u64
    }

    fn packing(&self, inputs: &[&Shape], preset: Preset) -> Option<Packing> {
        let in_channels = *inputs[0].0.last().expect("a map");
        let outputs = self.out_channels / self.groups;
        Some(Packing {
            groups: self.groups,
            outputs,
            inputs: in_channels / self.groups,
            positions: self.window.kernel.iter().product(),
            block: preset.conv2d.output_tile(outputs).block(),
        })
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let [in_height, in_width, in_channels] = site.input().map();
        let [out_height, out_width, out_channels] = site.output.map();
        let weight = site.parameter("weight").expect("a convolution has one");
        let bias = site.parameter("bias");
        let groups = self.groups as u32;
        let preset = plan.target().preset.conv2d;
        let tile = preset.output_tile(weight.packing.outputs);
        let blocks = groups * weight.packing.blocks() as u32;
        let batch = site.batch as u32;
        let [tile_rows, tile_columns] =
            preset.tile([out_height, out_width], batch * blocks * tile.lanes);
        let pixel_lanes = preset.lanes / tile.lanes;
        let constants = Constants {
            batch,
            in_height,
            in_width,
            in_channels,
            out_height,
            out_width,
            out_channels,
            groups,
            kernel_height: self.window.kernel[0] as u32,
            kernel_width: self.window.kernel[1] as u32,
            stride_height: self.window.stride[0] as u32,
            stride_width: self.window.stride[1] as u32,
            padding_top: self.window.padding[0] as u32,
            padding_left: self.window.padding[1] as u32,
            dilation_height: self.window.dilation[0] as u32,
            dilation_width: self.window.dilation[1] as u32,
            has_bias: bias.is_some(),
            weight_f16: weight.storage == Storage::F16,
            activation: site.activation.map_or(0, Activation::code),
            tile_columns,
            tile_rows,
            tile_outputs: tile.outputs,
            output_lanes: tile.lanes,
            pixel_lanes,
            steps: self.steps(weight.packing.inputs),
        };
        let kernel = Forward {
            x: site.input().slice,
            x_vectors: site.input().slice,
            weight: weight.chunks[0].slice,
            weight_f16: weight.chunks[0].slice,
            bias: bias.unwrap_or(weight).chunks[0].slice,
            y: site.output.slice,
        };
        let tiles = batch * out_height.div_ceil(tile_rows) * out_width.div_ceil(tile_columns);
        let grid = PlanBuilder::grid(blocks * tiles.div_ceil(pixel_lanes), 1);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        conv2d_backward::backward(self, site, gradients, plan)
    }
}
