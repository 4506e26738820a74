//! The mirror of `shaders/conv2d.wgsl`.

use std::ops::Range;

use fearless_simd::{Simd, dispatch};

use crate::activation::activate;
use crate::contract::conv2d::{Constants, Forward, Mirror};
use crate::depthwise::Depthwise;
use crate::padding::{Geometry, geometry};
use crate::parallel::{each_chunk, threads};
use crate::product::{Product, Start, bias_of};
use crate::scratch::Scratch;
use crate::simd::Processor;
use crate::weights::Weights;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let geometry = geometry!(constants);
        let outputs = constants.out_channels / constants.groups;
        let block = constants.output_lanes * constants.tile_outputs;
        let elements = constants.groups * outputs.div_ceil(block) * block * geometry.row();
        let bits = if constants.weight_f16 { 16 } else { 32 };
        let weights = Weights::new(bits, arguments.weight, arguments.weight_f16, &[]);
        let mut scratch = weights.scratch(elements);
        let weights =
            dispatch!(self.level, simd => weights.floats(simd, 0..elements, &mut scratch));
        let depthwise = Depthwise::new(geometry, outputs);
        let convolution = Convolution {
            geometry,
            outputs,
            block,
            weights,
            depthwise: depthwise.map(|layer| (layer.gather(weights, block), layer)),
            bias: constants.has_bias.then_some(arguments.bias),
            activation: constants.activation,
        };
        let pixels = constants.batch * geometry.pixels();
        let work = pixels * constants.out_channels * geometry.row();
        let share = pixels.div_ceil(threads(work));
        let y = &mut arguments.y[..pixels * constants.out_channels];
        each_chunk(y, share * constants.out_channels, work, |index, y| {
            let first = index * share;
            let pixels = first..first + y.len() / constants.out_channels;
            dispatch!(self.level, simd => convolution.pixels(simd, arguments.x, pixels, y));
        });
    }
}

struct Convolution<'a> {
    geometry: Geometry,
    /// Of a group.
    outputs: usize,
    block: usize,
    weights: &'a [f32],
    depthwise: Option<(Scratch, Depthwise)>,
    bias: Option<&'a [f32]>,
    activation: usize,
}

impl Convolution<'_> {
    /// Computes some pixels of the batch, whose first one is the first of `y`.
    #[inline(always)]
    fn pixels<S: Simd>(&self, simd: S, x: &[f32], pixels: Range<usize>, y: &mut [f32]) {
        let geometry = &self.geometry;
        let [height, width] = geometry.input;
        let channels = self.outputs * geometry.groups;
        let mut copy = Scratch::new(geometry.copied(geometry.output[0].min(pixels.len())));
        let mut first = pixels.start;
        while first < pixels.end {
            let sample = first / geometry.pixels();
            let before = sample * geometry.pixels();
            let end = pixels.end.min(before + geometry.pixels());
            let x = &x[sample * height * width * geometry.channels..];
            let y = &mut y[(first - pixels.start) * channels..][..(end - first) * channels];
            let range = first - before..end - before;
            match &self.depthwise {
                Some((weights, layer)) => {
                    for (index, y) in y.iter_mut().enumerate() {
                        *y = self
                            .bias
                            .map_or(0.0, |bias| bias[index % channels * self.block]);
                    }
                    layer.forward(simd, x, weights, range, y);
                    for y in y {
                        *y = activate(self.activation, *y);
                    }
                }
                None => self.sample(simd, x, range, &mut copy, y),
            }
            first = end;
        }
    }

    /// Computes some pixels of a sample.
    #[inline(always)]
    fn sample<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        range: Range<usize>,
        copy: &mut [f32],
        y: &mut [f32],
    ) {
        let geometry = &self.geometry;
        let width = geometry.output[1];
        let rows = range.start / width..range.end.div_ceil(width);
        let pixels = geometry.pixel_range(range, self.outputs * geometry.groups);
        let (runs, run) = geometry.runs();
        let copy = &mut copy[..geometry.copied(rows.len())];
        let blocks = self.outputs.div_ceil(self.block);
        let elements = geometry.row() * self.block;
        for group in 0..geometry.groups {
            let x = geometry.group(x, group, &rows, copy);
            for block in 0..blocks {
                let index = group * blocks + block;
                let first = block * self.block;
                let product = Product {
                    x,
                    pixels: &pixels,
                    runs: &runs,
                    run,
                    weights: &self.weights[index * elements..][..elements],
                    block: self.block,
                    outputs: self.block.min(self.outputs - first),
                    start: Start::Bias(&bias_of(self.bias, index * self.block)),
                    activation: self.activation,
                };
                product.compute(simd, &mut y[group * self.outputs + first..]);
            }
        }
    }
}
