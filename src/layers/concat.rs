//! Concatenation along channels: how a fire module joins its two expansions.

use super::{Operation, Refusal, elementwise};
use crate::gpu::kernels::concat::{Constants, Forward};
use crate::plan::{PlanBuilder, Site};
use crate::shape::Shape;

/// Puts the channels of its inputs behind each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concat;

impl Operation for Concat {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let refusal = || Refusal::Input("inputs that differ only in their channels".to_owned());
        let first = inputs.first().ok_or_else(refusal)?;
        let (channels, outer) = first.0.split_last().ok_or_else(refusal)?;
        let mut total = *channels;
        for input in &inputs[1..] {
            match input.0.split_last() {
                Some((channels, other)) if other == outer => total += channels,
                _ => return Err(refusal()),
            }
        }
        Ok(Shape([outer, &[total]].concat()))
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let [_, _, out_channels] = site.output.map();
        let mut first_channel = 0;
        for input in &site.inputs {
            let [height, width, channels] = input.map();
            let constants = Constants {
                positions: site.batch as u32 * height * width,
                in_channels: channels,
                out_channels,
                first_channel,
            };
            let kernel = Forward {
                x: input.slice,
                y: site.output.slice,
            };
            let grid = elementwise(constants.positions * channels);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
            first_channel += channels;
        }
    }
}
