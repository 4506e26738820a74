use super::conv2d::{CASES, Case, PLAIN};
use super::{Packing, assert_close, blocks, halves, random};
use crate::contract::{
    bias, conv2d, conv2d_backward_input as input, conv2d_backward_weight as weight,
};
use crate::simd::Processor;
use bias::Mirror as _;
use conv2d::Mirror as _;
use input::Mirror as _;
use weight::Mirror as _;

/// The constants that the shaders of a convolution share.
macro_rules! constants {
    ($case:expr, $kind:path { $($rest:tt)* }) => {{
        let c = $case.constants(16);
        $kind {
            batch: c.batch,
            in_height: c.in_height,
            in_width: c.in_width,
            in_channels: c.in_channels,
            out_height: c.out_height,
            out_width: c.out_width,
            out_channels: c.out_channels,
            groups: c.groups,
            kernel_height: c.kernel_height,
            kernel_width: c.kernel_width,
            stride_height: c.stride_height,
            stride_width: c.stride_width,
            padding_top: c.padding_top,
            padding_left: c.padding_left,
            dilation_height: c.dilation_height,
            dilation_width: c.dilation_width,
            $($rest)*
        }
    }};
}

fn input_gradient(
    case: &Case,
    processor: &Processor,
    block: usize,
    f16: bool,
    before: Option<&[f32]>,
) -> Vec<f32> {
    let weights = case.packing(block).pack(&case.weights());
    let words = match f16 {
        true => halves(&weights).0,
        false => weights.iter().map(|w| w.to_bits()).collect(),
    };
    let constants = constants!(
        case,
        input::Constants {
            block,
            transposed_block: 4,
            weight_f16: f16,
            accumulate: before.is_some(),
        }
    );
    let mut dx = before.map_or(vec![f32::NAN; case.x().len()], <[f32]>::to_vec);
    let arguments = input::BackwardInput {
        weight: bytemuck::cast_slice(&words),
        weight_halves: &words,
        dy: &case.dy(),
        dx: &mut dx,
    };
    processor.backward_input(&constants, arguments);
    dx
}

fn weight_gradient(case: &Case, processor: &Processor, block: usize, splits: usize) -> Vec<f32> {
    let packing = case.packing(block);
    let constants = constants!(
        case,
        weight::Constants {
            block,
            tile_outputs: 4,
            tile_channels: 4,
            tile_columns: 4,
            splits,
        }
    );
    let (x, dy) = (case.x(), case.dy());
    let mut parts = vec![f32::NAN; splits * packing.elements()];
    let arguments = weight::BackwardWeight {
        x: &x,
        x_vectors: &x,
        dy: &dy,
        dy_vectors: &dy,
        parts: &mut parts,
    };
    processor.backward_weight(&constants, arguments);
    let mut dweight = vec![f32::NAN; packing.elements()];
    let arguments = weight::Reduce {
        summands: &parts,
        dweight: &mut dweight,
    };
    processor.reduce(&constants, arguments);
    dweight
}

#[test]
fn backward_input_equals_plain_loops() {
    for case in CASES {
        let dy = case.dy();
        let before = random(7, case.x().len());
        for processor in Processor::all() {
            for (index, block) in blocks(&processor).into_iter().enumerate() {
                let (f16, accumulate) = (index == 0, index == 1);
                let weights = match f16 {
                    true => halves(&case.weights()).1,
                    false => case.weights(),
                };
                let mut dx = match accumulate {
                    true => before.iter().map(|v| f64::from(*v)).collect(),
                    false => vec![0.0; before.len()],
                };
                case.each(|x, w, y| dx[x] += f64::from(dy[y]) * f64::from(weights[w]));
                let computed =
                    input_gradient(case, &processor, block, f16, accumulate.then_some(&before));
                assert_close(
                    &computed,
                    &dx,
                    &format!("{case:?}, {}, block {block}", processor.name()),
                );
            }
        }
    }
}

#[test]
fn transposed_weights_give_the_input_gradient_of_a_stride_of_1() {
    for case in CASES.iter().filter(|case| case.stride == [1, 1]) {
        let dy = case.dy();
        let mut dx = vec![0.0; case.x().len()];
        let weights = case.weights();
        case.each(|x, w, y| dx[x] += f64::from(dy[y]) * f64::from(weights[w]));
        let margin = [0, 1].map(|axis| (case.kernel[axis] - 1) * case.dilation[axis]);
        if margin[0] < case.padding[0] || margin[1] < case.padding[1] {
            continue;
        }
        for processor in Processor::all() {
            for block in blocks(&processor) {
                let packed = case.packing(block).pack(&weights);
                let swapped = Packing {
                    outputs: case.channels / case.groups,
                    inputs: case.outputs / case.groups,
                    ..case.packing(block)
                };
                let mut transposed = vec![f32::NAN; swapped.elements()];
                let constants = constants!(
                    case,
                    input::Constants {
                        block,
                        transposed_block: block,
                        weight_f16: false,
                        accumulate: false,
                    }
                );
                let arguments = input::Transpose {
                    weight: &packed,
                    weight_halves: &[],
                    transposed: &mut transposed,
                };
                processor.transpose(&constants, arguments);
                let forward = case.constants(block);
                let constants = conv2d::Constants {
                    in_height: forward.out_height,
                    in_width: forward.out_width,
                    in_channels: forward.out_channels,
                    out_height: forward.in_height,
                    out_width: forward.in_width,
                    out_channels: forward.in_channels,
                    padding_top: margin[0] - case.padding[0],
                    padding_left: margin[1] - case.padding[1],
                    has_bias: false,
                    ..forward
                };
                let mut computed = vec![f32::NAN; dx.len()];
                let arguments = conv2d::Forward {
                    x: &dy,
                    x_vectors: &dy,
                    weight: &transposed,
                    weight_f16: &[],
                    bias: &[],
                    y: &mut computed,
                };
                processor.forward(&constants, arguments);
                assert_close(
                    &computed,
                    &dx,
                    &format!("{case:?}, {}, block {block}", processor.name()),
                );
            }
        }
    }
}

#[test]
fn backward_weight_equals_plain_loops() {
    for case in CASES {
        let (x, dy) = (case.x(), case.dy());
        let mut dweight = vec![0.0; case.weights().len()];
        case.each(|i, w, o| dweight[w] += f64::from(x[i]) * f64::from(dy[o]));
        for processor in Processor::all() {
            for block in blocks(&processor) {
                for splits in 1..=case.batch {
                    let packing = case.packing(block);
                    let what = format!(
                        "{case:?}, {}, block {block}, {splits} splits",
                        processor.name()
                    );
                    let computed = weight_gradient(case, &processor, block, splits);
                    assert_close(&packing.unpack(&computed), &dweight, &what);
                    let total: f32 = computed.iter().map(|v| v.abs()).sum();
                    let own: f32 = packing.unpack(&computed).iter().map(|v| v.abs()).sum();
                    assert!(
                        (total - own).abs() <= 1e-3 * own,
                        "{what}: the padding is not zero"
                    );
                }
            }
        }
    }
}

#[test]
fn backward_bias_equals_plain_loops() {
    for (positions, channels, groups) in [(1, 1, 1), (7, 35, 1), (1001, 66, 2), (300, 12, 6)] {
        let dy = random(4, positions * channels);
        let mut dbias = vec![0.0; channels];
        for (index, dy) in dy.iter().enumerate() {
            dbias[index % channels] += f64::from(*dy);
        }
        for processor in Processor::all() {
            for block in blocks(&processor) {
                let packing = Packing {
                    groups,
                    outputs: channels / groups,
                    inputs: 1,
                    positions: 1,
                    block,
                };
                let constants = bias::Constants {
                    positions,
                    channels,
                    groups,
                    block,
                };
                let mut computed = vec![f32::NAN; packing.elements()];
                let arguments = bias::BackwardBias {
                    dy: &dy,
                    dy_vectors: &dy,
                    dbias: &mut computed,
                };
                processor.backward_bias(&constants, arguments);
                assert_close(
                    &packing.unpack(&computed),
                    &dbias,
                    &format!("{constants:?}"),
                );
                assert!(computed.iter().all(|value| value.is_finite()));
            }
        }
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let case = Case {
        batch: 5,
        input: [23, 19],
        channels: 24,
        outputs: 48,
        groups: 2,
        stride: [2, 2],
        ..PLAIN
    };
    let processor = Processor::detect();
    let block = processor.lanes();
    let compute = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let mut all = case.forward(&processor, block, 1, false);
            all.extend(input_gradient(&case, &processor, block, false, None));
            for splits in [1, 3] {
                all.extend(weight_gradient(&case, &processor, block, splits));
            }
            all.iter()
                .map(|value| value.to_bits())
                .collect::<Vec<u32>>()
        })
    };
    let one = compute(1);
    for threads in 2..7 {
        assert!(
            compute(threads) == one,
            "{threads} threads compute something else"
        );
    }
}
