//! How a fully connected layer is computed, chunk by chunk of its weight.

use super::{Gradients, Lower, Packing, PlanBuilder, Preset, Site};
use crate::error::Result;
use crate::kernels::grid;
use crate::kernels::linear::{Constants, Forward};
use crate::kernels::{bias, linear_backward};
use crate::layers::{Activation, Linear};
use crate::shape::Shape;

impl Lower for Linear {
    fn packing(&self, inputs: &[&Shape], preset: Preset) -> Option<Packing> {
        Some(Packing {
            groups: 1,
            outputs: self.out_features,
            inputs: inputs[0].elements(),
            positions: 1,
            block: preset.linear.output_tile(self.out_features).block(),
        })
    }

    fn fuses_activation(&self) -> bool {
        true
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let weight = site.parameter("weight").expect("a linear layer has one");
        let bias = site.parameter("bias");
        let preset = plan.target().preset.linear;
        let tile = preset.output_tile(self.out_features);
        let tile_samples = preset.samples(site.batch);
        let bias = bias.map(|bias| bias.one(plan.target())).transpose()?;
        for chunk in weight.each() {
            let constants = Constants {
                batch: site.batch as u32,
                in_features: site.input().shape.elements() as u32,
                out_features: self.out_features as u32,
                first_output: chunk.outputs.start as u32,
                outputs: chunk.outputs.len() as u32,
                has_bias: bias.is_some(),
                weight_bits: weight.storage.bits() as u32,
                activation: site.activation.map_or(0, Activation::code),
                tile_samples,
                tile_outputs: tile.outputs,
                output_lanes: tile.lanes,
                slices: preset.slices,
            };
            let kernel = Forward {
                x: site.input().slice,
                x_vectors: site.input().slice,
                weight: chunk.slice,
                weight_words: chunk.slice,
                bias: bias.unwrap_or(chunk.slice),
                codebook: weight.codebook.unwrap_or(chunk.slice),
                y: site.output.slice,
            };
            let blocks = chunk.outputs.len().div_ceil(weight.packing.block) as u32;
            let tiles = constants.batch.div_ceil(tile_samples);
            let grid = grid(blocks * tiles, 1);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        let weight = site.parameter("weight").expect("a linear layer has one");
        let (x, dy) = (site.input().slice, gradients.output);
        for (index, chunk) in weight.each().iter().enumerate() {
            let mut constants = linear_backward::Constants {
                batch: site.batch as u32,
                in_features: site.input().shape.elements() as u32,
                out_features: self.out_features as u32,
                first_output: chunk.outputs.start as u32,
                outputs: chunk.outputs.len() as u32,
                block: weight.packing.block as u32,
                weight_bits: weight.storage.bits() as u32,
                accumulate: false,
            };
            let quads = constants.outputs.next_multiple_of(constants.block) / 4;
            if let Some(dweight) = gradients.parameters.first() {
                let dweight = dweight[index];
                let kernel = linear_backward::BackwardWeight { x, dy, dweight };
                let invocations = quads * constants.in_features.div_ceil(8);
                plan.dispatch(site.node, kernel.over(&constants, invocations));
            }
            if let Some(dx) = gradients.inputs[0] {
                // Later chunks of the weights add to what the first one wrote.
                constants.accumulate = dx.accumulate || index > 0;
                let kernel = linear_backward::BackwardInput {
                    weight: chunk.slice,
                    weight_words: chunk.slice,
                    codebook: weight.codebook.unwrap_or(chunk.slice),
                    dy,
                    dx: dx.slice,
                };
                let lanes = constants.in_features.div_ceil(4) * constants.batch.div_ceil(8);
                plan.dispatch(site.node, kernel.over(&constants, lanes));
            }
        }
        if let Some(dbias) = gradients.parameters.get(1) {
            let constants = bias::Constants {
                positions: site.batch as u32,
                channels: self.out_features as u32,
                groups: 1,
                block: weight.packing.block as u32,
            };
            let dbias = dbias[0];
            let kernel = bias::BackwardBias {
                dy,
                dy_vectors: dy,
                dbias,
            };
            let grid = grid((dbias.bytes / 16) as u32, 1);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
