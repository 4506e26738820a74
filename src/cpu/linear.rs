//! The mirror of `shaders/linear.wgsl`.

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
            activation: c.activation,
        };
        // Block after block, so that the threads have a part each.
        let blocks = c.outputs.div_ceil(layer.block);
        let work = c.batch * c.in_features * c.outputs;
        let share = blocks.div_ceil(threads(work));
        let mut sums = Scratch::new(blocks * layer.block * c.batch);
        let size = layer.block * c.batch;
        each_chunk(&mut sums, share * size, work, |index, sums| {
            for (block, sums) in (index * share..).zip(sums.chunks_exact_mut(size)) {
                let bias = c.has_bias.then_some(arguments.bias);
                let bias = bias_of(bias, c.first_output + block * layer.block);
                dispatch!(self.level, simd => layer.block(simd, x, block, &bias, sums));
            }
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
    activation: usize,
}

impl Layer<'_> {
    /// Computes a block of outputs of all samples, `[batch][block]`.
    #[inline(always)]
    fn block<S: Simd>(&self, simd: S, x: &[f32], block: usize, bias: &[f32], sums: &mut [f32]) {
        let pixel = |sample: usize| Pixel {
            input: sample * self.inputs,
            output: sample * self.block,
        };
        let pixels: Vec<Pixel> = (0..self.batch).map(pixel).collect();
        let most = pass_inputs(self.block);
        let mut scratch = self.weights.scratch(most * self.block);
        for first in (0..self.inputs).step_by(most) {
            let run = most.min(self.inputs - first);
            let at = (block * self.inputs + first) * self.block;
            let weights = self
                .weights
                .floats(simd, at..at + run * self.block, &mut scratch);
            let product = Product {
                x: &x[first..],
                pixels: &pixels,
                runs: &[Run {
                    input: 0,
                    weight: 0,
                }],
                run,
                weights,
                block: self.block,
                outputs: self.block,
                start: match first {
                    0 => Start::Bias(bias),
                    _ => Start::Output,
                },
                activation: match first + run == self.inputs {
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
}
