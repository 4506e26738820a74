//! The mirror of `shaders/linear_backward.wgsl`.

use std::ops::Range;

use fearless_simd::{Simd, dispatch, prelude::*};

use crate::contract::linear_backward::{BackwardInput, BackwardWeight, Constants, Mirror};
use crate::gradient::{Gradient, gather};
use crate::parallel::{each_chunk, threads};
use crate::product::{Pixel, Product, Run, Start};
use crate::scratch::Scratch;
use crate::simd::Processor;
use crate::vectors::BLOCK;
use crate::weights::Weights;

impl Mirror for Processor {
    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput {
            weight,
            weight_words,
            codebook,
            dy,
            dx,
        } = arguments;
        let c = constants;
        let weights = Weights::new(c.weight_bits, weight, weight_words, codebook);
        // Some neighbouring inputs after the others, so that the threads have a part each.
        let width = 2 * self.lanes();
        let panels = c.in_features.div_ceil(width);
        let work = c.batch * c.in_features * c.outputs;
        let share = panels.div_ceil(threads(work));
        let size = c.batch * width;
        let mut sums = Scratch::new(panels * size);
        each_chunk(&mut sums, share * size, work, |index, sums| {
            let first = index * share * width;
            match c.batch < FEW {
                true => dispatch!(self.level, simd => {
                    few_input_gradients(simd, c, &weights, dy, first, width, sums);
                }),
                false => dispatch!(self.level, simd => {
                    input_gradients(simd, c, &weights, dy, first, width, sums);
                }),
            }
        });
        for (panel, sums) in sums.chunks_exact(size).enumerate() {
            let first = panel * width;
            let count = width.min(c.in_features - first);
            for (sums, dx) in sums
                .chunks_exact(width)
                .zip(dx.chunks_exact_mut(c.in_features))
            {
                let dx = &mut dx[first..][..count];
                match c.accumulate {
                    true => dx.iter_mut().zip(sums).for_each(|(dx, sum)| *dx += sum),
                    false => dx.copy_from_slice(&sums[..count]),
                }
            }
        }
    }

    fn backward_weight(&self, constants: &Constants, arguments: BackwardWeight<'_>) {
        let BackwardWeight { x, dy, dweight } = arguments;
        let c = constants;
        let elements = c.in_features * c.block;
        let blocks = c.outputs.div_ceil(c.block);
        let work = c.batch * c.in_features * c.outputs;
        let share = blocks.div_ceil(threads(work));
        let dweight = &mut dweight[..blocks * elements];
        each_chunk(dweight, share * elements, work, |index, dweight| {
            let blocks = index * share..index * share + dweight.len() / elements;
            dispatch!(self.level, simd => weight_gradients(simd, c, x, dy, blocks, dweight));
        });
    }
}

/// Samples for which transposing the weights would take longer than it saves.
const FEW: usize = 4;

/// Gradients of the inputs from `first` on, `[panels][batch][width]`, for few samples: the
/// weights are used in the order that they stand in.
#[inline(always)]
fn few_input_gradients<S: Simd>(
    simd: S,
    c: &Constants,
    weights: &Weights,
    dy: &[f32],
    mut first: usize,
    width: usize,
    sums: &mut [f32],
) {
    /// Inputs at a time, so that their sums stay in the first cache.
    const INPUTS: usize = 128;
    let mut scratch = weights.scratch(INPUTS * c.block);
    let mut gradients = Scratch::new(c.block);
    // A vector for each input, whose numbers are added at the end.
    let mut vectors = Scratch::new(INPUTS * S::f32s::LEN);
    for sums in sums.chunks_mut(INPUTS / width * width * c.batch) {
        let inputs = (sums.len() / c.batch).min(c.in_features - first);
        for sample in 0..c.batch {
            vectors.fill(0.0);
            for block in 0..c.outputs.div_ceil(c.block) {
                let at = (block * c.in_features + first) * c.block;
                let weights = weights.floats(simd, at..at + inputs * c.block, &mut scratch);
                let dy = &dy[sample * c.out_features + c.first_output..][block * c.block..];
                let outputs = c.block.min(c.outputs - block * c.block);
                gather(dy, c.out_features, outputs, c.block, &mut gradients);
                simd.vectorize(
                    #[inline(always)]
                    || {
                        let vectors = vectors.chunks_exact_mut(S::f32s::LEN);
                        for (vector, weights) in vectors.zip(weights.chunks_exact(c.block)) {
                            let mut sum = S::f32s::from_slice(simd, vector);
                            let weights = weights.chunks_exact(S::f32s::LEN);
                            for (weights, dy) in weights.zip(gradients.chunks_exact(S::f32s::LEN)) {
                                let weights = S::f32s::from_slice(simd, weights);
                                sum = S::f32s::from_slice(simd, dy).mul_add(weights, sum);
                            }
                            sum.store_slice(vector);
                        }
                    },
                );
            }
            let vectors = vectors.chunks_exact(S::f32s::LEN).take(inputs);
            for (input, vector) in vectors.enumerate() {
                let (panel, lane) = (input / width, input % width);
                sums[(panel * c.batch + sample) * width + lane] = vector.iter().sum();
            }
        }
        first += inputs;
    }
}

/// Gradients of the inputs from `first` on, `[panels][batch][width]`.
#[inline(always)]
fn input_gradients<S: Simd>(
    simd: S,
    c: &Constants,
    weights: &Weights,
    dy: &[f32],
    mut first: usize,
    width: usize,
    sums: &mut [f32],
) {
    let pixel = |sample: usize| Pixel {
        input: sample * c.out_features + c.first_output,
        output: sample * width,
    };
    let pixels: Vec<Pixel> = (0..c.batch).map(pixel).collect();
    let mut scratch = weights.scratch(width * c.block);
    let mut transposed = Scratch::new(c.outputs * width);
    for sums in sums.chunks_exact_mut(c.batch * width) {
        let count = width.min(c.in_features - first);
        if count < width {
            transposed.fill(0.0);
        }
        for (block, transposed) in transposed.chunks_mut(c.block * width).enumerate() {
            let at = (block * c.in_features + first) * c.block;
            let weights = weights.floats(simd, at..at + count * c.block, &mut scratch);
            for (input, weights) in weights.chunks_exact(c.block).enumerate() {
                for (row, weight) in transposed.chunks_exact_mut(width).zip(weights) {
                    row[input] = *weight;
                }
            }
        }
        let product = Product {
            x: dy,
            pixels: &pixels,
            runs: &[Run {
                input: 0,
                weight: 0,
            }],
            run: c.outputs,
            weights: &transposed,
            block: width,
            outputs: width,
            start: Start::Bias(&[0.0; BLOCK]),
            activation: 0,
        };
        product.compute(simd, sums);
        first += width;
    }
}

/// Numbers of some inputs of all samples that stay in the first cache.
const PANEL: usize = 6144;

/// Gradients of some blocks of weights.
#[inline(always)]
fn weight_gradients<S: Simd>(
    simd: S,
    c: &Constants,
    x: &[f32],
    dy: &[f32],
    blocks: Range<usize>,
    dweight: &mut [f32],
) {
    let width = (PANEL / c.batch).max(24).min(c.in_features);
    let mut inputs = Scratch::new(c.batch * width);
    let mut gradients = Scratch::new(c.batch * c.block);
    for (block, dweight) in blocks.zip(dweight.chunks_exact_mut(c.in_features * c.block)) {
        let first = block * c.block;
        let outputs = c.block.min(c.outputs - first);
        let dy = &dy[c.first_output + first..];
        gather(dy, c.out_features, outputs, c.block, &mut gradients);
        dweight.fill(0.0);
        for (panel, dweight) in dweight.chunks_mut(width * c.block).enumerate() {
            let count = dweight.len() / c.block;
            let x = &x[panel * width..];
            gather(x, c.in_features, count, width, &mut inputs);
            let pixel = |sample: usize| Pixel {
                input: sample * width,
                output: 0,
            };
            let pixels: Vec<Pixel> = (0..c.batch).map(pixel).collect();
            let gradient = Gradient {
                x: &inputs,
                pixels: &pixels,
                dy: &gradients,
                block: c.block,
            };
            gradient.add_to(simd, 0, dweight);
        }
    }
}
