//! How a convolution is computed: forward here, backward in [`conv2d_backward`].

use std::ops::Range;

use super::parameter::part_of_bias;
use super::{
    Gradients, Lower, Packing, PlanBuilder, Preset, Site, Storage, Value, concat, conv2d_backward,
};
use crate::error::Result;
use crate::kernels::conv2d::{Constants, Forward};
use crate::kernels::grid;
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

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let weight = site.parameter("weight").expect("a convolution has one");
        let bias = site.parameter("bias");
        if weight.each().len() > 1 {
            for part in parts(self, site, plan)? {
                part.layer.forward(&part.site, plan)?;
                concat::join(site, &part.site.output, part.outputs.start, plan);
            }
            return Ok(());
        }
        let [in_height, in_width, in_channels] = site.input().map();
        let [out_height, out_width, out_channels] = site.output.map();
        let groups = self.groups as u32;
        let preset = plan.target().preset.conv2d;
        let tile = preset.tile_of_block(weight.packing.block);
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
        let bias = bias.unwrap_or(weight).one(plan.target())?;
        let weight = weight.one(plan.target())?;
        let kernel = Forward {
            x: site.input().slice,
            x_vectors: site.input().slice,
            weight,
            weight_f16: weight,
            bias,
            y: site.output.slice,
        };
        let tiles = batch * out_height.div_ceil(tile_rows) * out_width.div_ceil(tile_columns);
        let grid = grid(blocks * tiles.div_ceil(pixel_lanes), 1);
        plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        conv2d_backward::backward(self, site, gradients, plan)
    }
}

/// Some outputs of a convolution whose weight is split: a convolution of its own.
pub(super) struct Part {
    /// With as many outputs.
    pub layer: Conv2d,
    /// With their parameters; all parts write to the same place, one after the other.
    pub site: Site,
    /// Which outputs these are.
    pub outputs: Range<usize>,
}

/// The parts of a convolution, one for each chunk of its weight. A weight that is split
/// has one group.
pub(super) fn parts(layer: &Conv2d, site: &Site, plan: &mut PlanBuilder) -> Result<Vec<Part>> {
    let weight = site.parameter("weight").expect("a convolution has one");
    let bias = site.parameter("bias");
    let (height, width, _) = site.output.shape.as_map().expect("a map");
    let shape = |outputs: &Range<usize>| Shape::map(height, width, outputs.len());
    let most = weight.each().iter().map(|chunk| chunk.outputs.len());
    let largest = shape(&(0..most.max().expect("a chunk")));
    let slice = plan.value("part of a convolution", &largest)?;
    let mut parts = Vec::new();
    for chunk in weight.each() {
        let outputs = chunk.outputs.clone();
        let mut parameters = vec![weight.part(&outputs, chunk.slice)];
        if let Some(bias) = bias {
            let whole = bias.one(plan.target())?;
            let slice = part_of_bias(weight, &outputs, whole, plan.target())?;
            parameters.push(bias.part(&outputs, slice));
        }
        parts.push(Part {
            layer: Conv2d {
                out_channels: outputs.len(),
                ..layer.clone()
            },
            site: Site {
                output: Value {
                    shape: shape(&outputs),
                    slice,
                },
                parameters,
                ..site.clone()
            },
            outputs,
        });
    }
    Ok(parts)
}
