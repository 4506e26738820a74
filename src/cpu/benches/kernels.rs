//! What the fast mirrors reach: `cargo bench -p alexnet-live-cpu`, on one thread with
//! `RAYON_NUM_THREADS=1`.

use std::time::Instant;

use cpu::Processor;
use cpu::contract::{
    bias, conv2d, conv2d_backward_input, conv2d_backward_weight, linear, linear_backward,
};

/// Prints the rate of the best of some runs.
fn time(name: &str, multiply_adds: usize, mut run: impl FnMut()) {
    let mut best = f64::MAX;
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < 0.3 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = 2e-9 * multiply_adds as f64 / best;
    println!("{name:<40} {:9.3} ms {rate:7.1} GFLOP/s", best * 1e3);
}

/// A convolution of square maps.
#[derive(Clone, Copy)]
struct Conv {
    batch: usize,
    side: usize,
    channels: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    groups: usize,
}

impl Conv {
    fn new(batch: usize, side: usize, channels: usize, outputs: usize, kernel: usize) -> Self {
        Self {
            batch,
            side,
            channels,
            outputs,
            kernel,
            stride: 1,
            padding: kernel / 2,
            groups: 1,
        }
    }

    /// Outputs that stand side by side: two vectors, or one where a group has no more.
    fn block(&self, processor: &Processor) -> usize {
        match self.outputs / self.groups > processor.lanes() {
            true => 2 * processor.lanes(),
            false => processor.lanes(),
        }
    }

    fn forward(&self, processor: &Processor, name: &str) {
        let out = (self.side + 2 * self.padding - self.kernel) / self.stride + 1;
        let block = self.block(processor);
        let constants = conv2d::Constants {
            batch: self.batch,
            in_height: self.side,
            in_width: self.side,
            in_channels: self.channels,
            out_height: out,
            out_width: out,
            out_channels: self.outputs,
            groups: self.groups,
            kernel_height: self.kernel,
            kernel_width: self.kernel,
            stride_height: self.stride,
            stride_width: self.stride,
            padding_top: self.padding,
            padding_left: self.padding,
            dilation_height: 1,
            dilation_width: 1,
            has_bias: true,
            weight_f16: false,
            activation: 1,
            tile_rows: 1,
            tile_columns: 4,
            tile_outputs: 4,
            output_lanes: block / 4,
            pixel_lanes: 1,
            steps: 1,
        };
        let row = self.channels / self.groups * self.kernel * self.kernel;
        let group = self.outputs / self.groups;
        let elements = self.groups * group.next_multiple_of(block) * row;
        let x = vec![0.5; self.batch * self.side * self.side * self.channels];
        let weight = vec![0.25; elements];
        let bias = vec![0.0; self.outputs.next_multiple_of(block) * self.groups];
        let mut y = vec![0.0; self.batch * out * out * self.outputs];
        time(name, self.batch * out * out * self.outputs * row, || {
            let arguments = conv2d::Forward {
                x: &x,
                x_vectors: &x,
                weight: &weight,
                weight_f16: &[],
                bias: &bias,
                y: &mut y,
            };
            conv2d::Mirror::forward(processor, &constants, arguments);
        });
    }
}

/// A step of training through a convolution of stride 1, all but the update.
fn train(processor: &Processor, name: &str, conv: Conv) {
    let Conv {
        batch,
        side,
        channels,
        outputs,
        kernel,
        ..
    } = conv;
    let block = conv.block(processor);
    let row = channels * kernel * kernel;
    let x = vec![0.5; batch * side * side * channels];
    let dy = vec![0.5; batch * side * side * outputs];
    let splits = 8;
    let mut parts = vec![0.0; splits * outputs.next_multiple_of(block) * row];
    let constants = conv2d_backward_weight::Constants {
        batch,
        in_height: side,
        in_width: side,
        in_channels: channels,
        out_height: side,
        out_width: side,
        out_channels: outputs,
        groups: 1,
        block,
        kernel_height: kernel,
        kernel_width: kernel,
        stride_height: 1,
        stride_width: 1,
        padding_top: kernel / 2,
        padding_left: kernel / 2,
        dilation_height: 1,
        dilation_width: 1,
        tile_outputs: 4,
        tile_channels: 4,
        tile_columns: 4,
        splits,
    };
    let work = batch * side * side * outputs * row;
    time(&format!("{name}, weights"), work, || {
        let arguments = conv2d_backward_weight::BackwardWeight {
            x: &x,
            x_vectors: &x,
            dy: &dy,
            dy_vectors: &dy,
            parts: &mut parts,
        };
        conv2d_backward_weight::Mirror::backward_weight(processor, &constants, arguments);
    });
    let mut dbias = vec![0.0; outputs.next_multiple_of(block)];
    let constants = bias::Constants {
        positions: batch * side * side,
        channels: outputs,
        groups: 1,
        block,
    };
    time(
        &format!("{name}, bias"),
        batch * side * side * outputs,
        || {
            let arguments = bias::BackwardBias {
                dy: &dy,
                dy_vectors: &dy,
                dbias: &mut dbias,
            };
            bias::Mirror::backward_bias(processor, &constants, arguments);
        },
    );
    let swapped = Conv {
        channels: outputs,
        outputs: channels,
        ..conv
    };
    swapped.forward(processor, &format!("{name}, inputs"));
}

/// The gradient of the input of AlexNet's first convolution, of stride 4.
fn strided(processor: &Processor) {
    let constants = conv2d_backward_input::Constants {
        batch: 1,
        in_height: 224,
        in_width: 224,
        in_channels: 3,
        out_height: 55,
        out_width: 55,
        out_channels: 64,
        groups: 1,
        block: 2 * processor.lanes(),
        transposed_block: 4,
        kernel_height: 11,
        kernel_width: 11,
        stride_height: 4,
        stride_width: 4,
        padding_top: 2,
        padding_left: 2,
        dilation_height: 1,
        dilation_width: 1,
        weight_f16: false,
        accumulate: false,
    };
    let (weight, dy) = (vec![0.5; 64 * 363], vec![0.5; 55 * 55 * 64]);
    let mut dx = vec![0.0; 224 * 224 * 3];
    time("AlexNet conv1, inputs", 55 * 55 * 64 * 363, || {
        let arguments = conv2d_backward_input::BackwardInput {
            weight: &weight,
            weight_halves: &[],
            dy: &dy,
            dx: &mut dx,
        };
        conv2d_backward_input::Mirror::backward_input(processor, &constants, arguments);
    });
}

fn linear_backward(processor: &Processor, name: &str, batch: usize, inputs: usize, outputs: usize) {
    let block = 2 * processor.lanes();
    let constants = linear_backward::Constants {
        batch,
        in_features: inputs,
        out_features: outputs,
        first_output: 0,
        outputs,
        block,
        weight_bits: 32,
        accumulate: false,
    };
    let (x, dy) = (vec![0.5; batch * inputs], vec![0.5; batch * outputs]);
    let weight = vec![0.5; outputs.next_multiple_of(block) * inputs];
    let (mut dx, mut dweight) = (x.clone(), weight.clone());
    time(&format!("{name}, inputs"), batch * inputs * outputs, || {
        let arguments = linear_backward::BackwardInput {
            weight: &weight,
            dy: &dy,
            dx: &mut dx,
            weight_words: &[],
            codebook: &[],
        };
        linear_backward::Mirror::backward_input(processor, &constants, arguments);
    });
    time(
        &format!("{name}, weights"),
        batch * inputs * outputs,
        || {
            let arguments = linear_backward::BackwardWeight {
                x: &x,
                dy: &dy,
                dweight: &mut dweight,
            };
            linear_backward::Mirror::backward_weight(processor, &constants, arguments);
        },
    );
}

fn linear(
    processor: &Processor,
    name: &str,
    batch: usize,
    inputs: usize,
    outputs: usize,
    bits: usize,
) {
    let block = 2 * processor.lanes();
    let constants = linear::Constants {
        batch,
        in_features: inputs,
        out_features: outputs,
        first_output: 0,
        outputs,
        has_bias: true,
        weight_bits: bits,
        activation: 1,
        tile_samples: 1,
        tile_outputs: 4,
        output_lanes: block / 4,
        slices: 1,
    };
    let x = vec![0.5; batch * inputs];
    let words = vec![0x3400_3400_u32; outputs.next_multiple_of(block) * inputs * bits / 32];
    let bias = vec![0.0; outputs];
    let mut y = vec![0.0; batch * outputs];
    time(name, batch * inputs * outputs, || {
        let arguments = linear::Forward {
            x: &x,
            x_vectors: &x,
            weight: bytemuck::cast_slice(&words),
            weight_words: &words,
            bias: &bias,
            codebook: &[0.5; 16],
            y: &mut y,
        };
        linear::Mirror::forward(processor, &constants, arguments);
    });
}

fn main() {
    let asked = std::env::args()
        .nth(1)
        .filter(|argument| argument != "--bench");
    for processor in Processor::all() {
        if asked.as_ref().is_some_and(|name| name != processor.name()) {
            continue;
        }
        println!("{}, {} lanes", processor.name(), processor.lanes());
        let conv = |name: &str, conv: Conv| conv.forward(&processor, name);
        conv(
            "AlexNet conv1",
            Conv {
                stride: 4,
                padding: 2,
                ..Conv::new(1, 224, 3, 64, 11)
            },
        );
        conv("AlexNet conv2", Conv::new(1, 27, 64, 192, 5));
        conv("AlexNet conv3", Conv::new(1, 13, 192, 384, 3));
        conv("AlexNet conv4", Conv::new(1, 13, 384, 256, 3));
        conv("AlexNet conv5", Conv::new(1, 13, 256, 256, 3));
        conv(
            "paper's conv2, 2 groups",
            Conv {
                groups: 2,
                ..Conv::new(1, 27, 96, 256, 5)
            },
        );
        conv("SqueezeNet squeeze 128 -> 16", Conv::new(1, 54, 128, 16, 1));
        conv("SqueezeNet expand 16 -> 64", Conv::new(1, 54, 16, 64, 1));
        conv(
            "SqueezeNet expand 16 -> 64, 3x3",
            Conv::new(1, 54, 16, 64, 3),
        );
        conv("SqueezeNet conv10", Conv::new(1, 13, 512, 1000, 1));
        conv(
            "depthwise 96, 3x3",
            Conv {
                groups: 96,
                ..Conv::new(1, 56, 96, 96, 3)
            },
        );
        for bits in [32, 16, 4] {
            linear(
                &processor,
                &format!("AlexNet fc6, {bits} bits"),
                1,
                9216,
                4096,
                bits,
            );
        }
        linear(&processor, "AlexNet fc7", 1, 4096, 4096, 32);
        linear(&processor, "AlexNet fc8", 1, 4096, 1000, 32);
        linear(&processor, "AlexNet fc7, batch 8", 8, 4096, 4096, 32);
        linear(&processor, "AlexNet fc7, batch 16", 16, 4096, 4096, 32);
        conv("80 seconds conv1", Conv::new(16, 32, 3, 32, 5));
        conv("80 seconds conv2", Conv::new(16, 16, 32, 32, 5));
        conv("80 seconds conv3", Conv::new(16, 8, 32, 64, 5));
        linear(&processor, "80 seconds fc10", 16, 1024, 10, 32);
        train(&processor, "80 seconds conv1", Conv::new(16, 32, 3, 32, 5));
        train(&processor, "80 seconds conv2", Conv::new(16, 16, 32, 32, 5));
        train(&processor, "80 seconds conv3", Conv::new(16, 8, 32, 64, 5));
        linear_backward(&processor, "80 seconds fc10", 16, 1024, 10);
        linear_backward(&processor, "AlexNet fc7", 1, 4096, 4096);
        linear_backward(&processor, "AlexNet fc7, batch 16", 16, 4096, 4096);
        strided(&processor);
    }
}
