//! How a convolution is computed: forward here, backward in [`conv2d_backward`].

use super::{Gradients, Lower, Packing, PlanBuilder, Preset, Site, Storage, conv2d_backward};
use crate::error::Result;
use crate::kernels::conv2d::{Constants, Forward};
use crate::layers::{Activation, Conv2d};
use crate::shape::Shape;

impl Conv2d {
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
}

impl Lower for Conv2d {
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

    fn fuses_activation(&self) -> bool {
        true
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
