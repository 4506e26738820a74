//! The mirror of `shaders/linear.wgsl`.

use std::ops::Range;

use fearless_simd::{Simd, dispatch};

use crate::contract::linear::{Constants, Forward, Mirror};
use crate::parallel::{each_chunk, threads};
use crate::product::{Pixel, Product, Run, Start, bias_of, pass_inputs};
use crate::scratch::Scratch;
use crate::simd::Processor;
use crate::weights::Weights;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let c = constants;
        let Forward { x, y, codebook, .. } = arguments;
        let weights = Weights::new(
            c.weight_bits,
            arguments.weight,
            arguments.weight_words,
            codebook,
        );
        let layer = Layer {
            batch: c.batch,
            inputs: c.in_features,
            block: c.output_lanes * c.tile_outputs,
            weights,
            bias: c.has_bias.then(|| &arguments.bias[c.first_output..]),
            activation: c.activation,
        };
        // Block after block, so that the threads have a part each.
        let blocks = c.outputs.div_ceil(layer.block);
        let work = c.batch * c.in_features * c.outputs;
        let share = blocks.div_ceil(threads(work));
        let mut sums = Scratch::new(blocks * layer.block * c.batch);
        let size = layer.block * c.batch;
        each_chunk(&mut sums, share * size, work, |index, sums| {
            let first = index * share;
            dispatch!(self.level, simd => layer.blocks(simd, x, first, sums));
        });
        for (block, sums) in sums.chunks_exact(size).enumerate() {
            let first = block * layer.block;
            let outputs = layer.block.min(c.outputs - first);
            for (sums, y) in sums
                .chunks_exact(layer.block)
                .zip(y.chunks_mut(c.out_features))
            {
                y[c.first_output + first..][..outputs].copy_from_slice(&sums[..outputs]);
            }
        }
    }
}

struct Layer<'a> {
    batch: usize,
    inputs: usize,
    block: usize,
    weights: Weights<'a>,
    /// From the first output on.
    bias: Option<&'a [f32]>,
    activation: usize,
}

impl Layer<'_> {
    /// Computes some blocks of outputs, `[blocks][batch][block]`.
    #[inline(always)]
    fn blocks<S: Simd>(&self, simd: S, x: &[f32], first: usize, sums: &mut [f32]) {
        let inputs = pass_inputs(self.block);
        let passes = (0..self.inputs).step_by(inputs);
        let passes = passes.map(|first| first..self.inputs.min(first + inputs));
        let mut scratch = self.weights.scratch(inputs * self.block);
        let blocks = sums.chunks_exact_mut(self.batch * self.block);
        if self.batch == 1 {
            // Weights are used once: in the order that they stand in.
            for (block, sums) in blocks.enumerate() {
                for pass in passes.clone() {
                    self.pass(
                        simd,
                        &x[pass.start..],
                        first + block,
                        pass,
                        &mut scratch,
                        sums,
                    );
                }
            }
            return;
        }
        // The inputs of a pass serve all blocks.
        let mut copy = Scratch::new(self.batch * inputs);
        for pass in passes {
            let rows = x.chunks_exact(self.inputs);
            for (copy, row) in copy.chunks_exact_mut(pass.len()).zip(rows) {
                copy.copy_from_slice(&row[pass.clone()]);
            }
            let blocks = sums.chunks_exact_mut(self.batch * self.block);
            for (block, sums) in blocks.enumerate() {
                self.pass(simd, &copy, first + block, pass.clone(), &mut scratch, sums);
            }
        }
    }

    /// Adds the products of some inputs, `[batch][inputs]`, to the sums of a block.
    #[inline(always)]
    fn pass<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        block: usize,
        inputs: Range<usize>,
        scratch: &mut [f32],
        sums: &mut [f32],
    ) {
        let pixel = |sample: usize| Pixel {
            input: sample * inputs.len(),
            output: sample * self.block,
        };
        let pixels: Vec<Pixel> = (0..self.batch).map(pixel).collect();
        let at = (block * self.inputs + inputs.start) * self.block;
        let range = at..at + inputs.len() * self.block;
        let product = Product {
            x,
            pixels: &pixels,
            runs: &[Run {
                input: 0,
                weight: 0,
            }],
            run: inputs.len(),
            weights: self.weights.floats(simd, range, scratch),
            block: self.block,
            outputs: self.block,
            start: match inputs.start {
                0 => Start::Bias(&bias_of(self.bias, block * self.block)),
                _ => Start::Output,
            },
            activation: match inputs.end == self.inputs {
                true => self.activation,
                false => 0,
            },
        };
        match self.batch {
            1 => product.compute_one(simd, sums),
            _ => product.compute(simd, sums),
        }
    }
}
