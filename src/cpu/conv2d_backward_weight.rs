//! The mirror of `shaders/conv2d_backward_weight.wgsl`.

use std::ops::Range;

use fearless_simd::{Simd, dispatch};

use crate::contract::conv2d_backward_weight::{BackwardWeight, Constants, Mirror, Reduce};
use crate::depthwise::Depthwise;
use crate::gradient::{Gradient, gather};
use crate::padding::{Geometry, geometry};
use crate::parallel::{each_chunk, threads};
use crate::scratch::Scratch;
use crate::simd::Processor;

impl Mirror for Processor {
    fn backward_weight(&self, constants: &Constants, arguments: BackwardWeight<'_>) {
        let BackwardWeight { x, dy, parts, .. } = arguments;
        let geometry = geometry!(constants);
        let outputs = constants.out_channels / constants.groups;
        let layer = Layer {
            geometry,
            depthwise: Depthwise::new(geometry, outputs),
            outputs,
            block: constants.block,
        };
        let splits = constants.splits;
        let blocks = constants.groups * layer.blocks();
        let elements = geometry.row() * layer.block;
        let samples = constants.batch.div_ceil(splits);
        let work = constants.batch * geometry.pixels() * constants.out_channels * geometry.row();
        // A thread takes a part of the batch, or a block where there are few parts.
        let share = match splits >= threads(work) || layer.depthwise.is_some() {
            true => blocks,
            false => 1,
        };
        let parts = &mut parts[..splits * blocks * elements];
        each_chunk(parts, share * elements, work, |index, dweight| {
            let first = index * share % blocks;
            let split = index * share / blocks;
            let end = constants.batch.min((split + 1) * samples);
            let samples = end.min(split * samples)..end;
            let blocks = first..first + share;
            dweight.fill(0.0);
            match &layer.depthwise {
                Some(depthwise) => dispatch!(self.level, simd => {
                    let sum = depthwise.backward_weight(simd, x, dy, samples);
                    depthwise.scatter(&sum, layer.block, dweight);
                }),
                None => dispatch!(self.level, simd => {
                    layer.add(simd, x, dy, samples, blocks, dweight);
                }),
            }
        });
    }

    fn reduce(&self, constants: &Constants, arguments: Reduce<'_>) {
        let outputs = constants.out_channels / constants.groups;
        let elements = constants.groups
            * outputs.next_multiple_of(constants.block)
            * geometry!(constants).row();
        let parts = arguments
            .summands
            .chunks_exact(elements)
            .take(constants.splits);
        let dweight = &mut arguments.dweight[..elements];
        dweight.fill(0.0);
        for part in parts {
            for (sum, part) in dweight.iter_mut().zip(part) {
                *sum += part;
            }
        }
    }
}

struct Layer {
    geometry: Geometry,
    depthwise: Option<Depthwise>,
    /// Of a group.
    outputs: usize,
    block: usize,
}

impl Layer {
    fn blocks(&self) -> usize {
        self.outputs.div_ceil(self.block)
    }

    /// Adds what some samples give to some blocks of weights.
    #[inline(always)]
    fn add<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        dy: &[f32],
        samples: Range<usize>,
        blocks: Range<usize>,
        dweight: &mut [f32],
    ) {
        let geometry = &self.geometry;
        let [height, width] = geometry.input;
        let channels = self.outputs * geometry.groups;
        let rows = 0..geometry.output[0];
        let pixels = geometry.pixel_range(0..geometry.pixels(), channels);
        let (runs, run) = geometry.runs();
        let elements = geometry.row() * self.block;
        let mut copy = Scratch::new(geometry.copied(rows.len()));
        let mut gradients = Scratch::new(pixels.len() * self.block);
        for sample in samples {
            let x = &x[sample * height * width * geometry.channels..];
            let dy = &dy[sample * pixels.len() * channels..][..pixels.len() * channels];
            for group in blocks.start / self.blocks()..blocks.end.div_ceil(self.blocks()) {
                let x = geometry.group(x, group, &rows, &mut copy);
                let of_group = group * self.blocks()..(group + 1) * self.blocks();
                for index in of_group.start.max(blocks.start)..of_group.end.min(blocks.end) {
                    let first = (index - of_group.start) * self.block;
                    let outputs = self.block.min(self.outputs - first);
                    let dy = &dy[group * self.outputs + first..];
                    gather(dy, channels, outputs, self.block, &mut gradients);
                    let gradient = Gradient {
                        x,
                        pixels: &pixels,
                        dy: &gradients,
                        block: self.block,
                    };
                    let dweight = &mut dweight[(index - blocks.start) * elements..][..elements];
                    for first in &runs {
                        let dweight = &mut dweight[first.weight * self.block..];
                        gradient.add_to(simd, first.input, &mut dweight[..run * self.block]);
                    }
                }
            }
        }
    }
}
