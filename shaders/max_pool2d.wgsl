// y[n,i,j,c] = max x[n, i*stride+ky*dilation-padding, j*stride+kx*dilation-padding, c],
// padding never winning.
//
// Training saves the tap that won, ky * KERNEL_WIDTH + kx, the first of equals;
// backward gathers the dy of the windows that an element won.
//
// One invocation computes one element of y, or of dx.
// Grid: ELEMENTS invocations, in rows of workgroups.

override BATCH: u32; // N
override ELEMENTS: u32; // N * OUT_HEIGHT * OUT_WIDTH * CHANNELS
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_HEIGHT: u32;
override STRIDE_WIDTH: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;

override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;
override REACH_HEIGHT: u32 = (KERNEL_HEIGHT - 1) * DILATION_HEIGHT;
override REACH_WIDTH: u32 = (KERNEL_WIDTH - 1) * DILATION_WIDTH;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(2) var<storage, read_write> argmax: array<u32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(3) var<storage, read> winner: array<u32>; // argmax again, only read
@group(0) @binding(4) var<storage, read> dy: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(5) var<storage, read_write> dx: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        y[index] = largest(index).value;
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward_saving(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let best = largest(index);
        y[index] = best.value;
        argmax[index] = best.tap;
    }
}

struct Largest {
    value: f32,
    tap: u32,
}

// The largest value under the window of an element of y.
fn largest(index: u32) -> Largest {
    let channel = index % CHANNELS;
    let column = index / CHANNELS % OUT_WIDTH;
    let row = index / (CHANNELS * OUT_WIDTH) % OUT_HEIGHT;
    let sample = index / (CHANNELS * OUT_WIDTH * OUT_HEIGHT);
    var best = Largest(-3.4028234e38, 0u);
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let in_column = column * STRIDE_WIDTH + kx * DILATION_WIDTH - PADDING_LEFT;
            if (in_row < IN_HEIGHT && in_column < IN_WIDTH) {
                let value = x[((sample * IN_HEIGHT + in_row) * IN_WIDTH + in_column) * CHANNELS + channel];
                if (value > best.value) {
                    best = Largest(value, ky * KERNEL_WIDTH + kx);
                }
            }
        }
    }
    return best;
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index >= BATCH * IN_HEIGHT * IN_WIDTH * CHANNELS) {
        return;
    }
    let channel = index % CHANNELS;
    let in_column = index / CHANNELS % IN_WIDTH;
    let in_row = index / (CHANNELS * IN_WIDTH) % IN_HEIGHT;
    let sample = index / (CHANNELS * IN_WIDTH * IN_HEIGHT);
    let down = in_row + PADDING_TOP;
    let right = in_column + PADDING_LEFT;
    var sum = 0.0;
    // Only the windows that reach the element; with dilation it may fall
    // between two taps.
    for (var row = first_window(down, REACH_HEIGHT, STRIDE_HEIGHT);
        row <= min(down / STRIDE_HEIGHT, OUT_HEIGHT - 1); row += 1) {
        if ((down - row * STRIDE_HEIGHT) % DILATION_HEIGHT != 0) {
            continue;
        }
        for (var column = first_window(right, REACH_WIDTH, STRIDE_WIDTH);
            column <= min(right / STRIDE_WIDTH, OUT_WIDTH - 1); column += 1) {
            if ((right - column * STRIDE_WIDTH) % DILATION_WIDTH != 0) {
                continue;
            }
            let ky = (down - row * STRIDE_HEIGHT) / DILATION_HEIGHT;
            let kx = (right - column * STRIDE_WIDTH) / DILATION_WIDTH;
            let window = ((sample * OUT_HEIGHT + row) * OUT_WIDTH + column) * CHANNELS + channel;
            if (winner[window] == ky * KERNEL_WIDTH + kx) {
                sum += dy[window];
            }
        }
    }
    dx[index] = select(0.0, dx[index], ACCUMULATE) + sum;
}

// The first window, of a reach from its first to its last tap, that holds a
// position counted from the start of the padding.
fn first_window(position: u32, reach: u32, stride: u32) -> u32 {
    return (max(position, reach) - reach + stride - 1) / stride;
}
