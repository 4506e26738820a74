//! Mirror of `shaders/rearrange.wgsl`: `y[n, i] = x[n, OFFSET + sum i_k * STRIDE_k]`,
//! the digits of `i` to the bases SIZE_k.

use crate::contract::rearrange::{BackwardInput, Constants, Forward, Mirror};
use crate::simd::Processor;

/// The place in x of each element of y, in order, within a sample.
fn for_each_source(constants: &Constants, mut visit: impl FnMut(usize, usize)) {
    let sizes = [
        constants.size_0,
        constants.size_1,
        constants.size_2,
        constants.size_3,
        constants.size_4,
        constants.size_5,
    ];
    let strides = [
        constants.stride_0,
        constants.stride_1,
        constants.stride_2,
        constants.stride_3,
        constants.stride_4,
        constants.stride_5,
    ];
    let mut digits = [0; 6];
    let mut source = constants.offset;
    for index in 0..constants.elements / constants.samples {
        visit(index, source);
        for axis in (0..6).rev() {
            digits[axis] += 1;
            source += strides[axis];
            if digits[axis] < sizes[axis] {
                break;
            }
            source -= digits[axis] * strides[axis];
            digits[axis] = 0;
        }
    }
}

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, Forward { x, y }: Forward<'_>) {
        let inputs = x.chunks_exact(constants.input_elements / constants.samples);
        let outputs = y.chunks_exact_mut(constants.elements / constants.samples);
        for (y, x) in outputs.zip(inputs).take(constants.samples) {
            for_each_source(constants, |index, source| y[index] = x[source]);
        }
    }

    fn backward_input(&self, constants: &Constants, arguments: BackwardInput<'_>) {
        let BackwardInput { dy, dx } = arguments;
        let inputs = dx.chunks_exact_mut(constants.input_elements / constants.samples);
        let outputs = dy.chunks_exact(constants.elements / constants.samples);
        for (dx, dy) in inputs.zip(outputs).take(constants.samples) {
            if !constants.accumulate {
                dx.fill(0.0);
            }
            for_each_source(constants, |index, source| dx[source] += dy[index]);
        }
    }
}
