// y[n,i,j,c] = mean x[n, i*stride+ky*dilation-padding, j*stride+kx*dilation-padding, c].
// The divisor counts the taps on the input and, if COUNT_INCLUDE_PAD, those on the
// padding; taps that hang over beyond it (ceil mode) never count.
//
// Backward gathers dy / divisor of the windows that hold an element.
//
// One invocation computes four neighbouring channels of a pixel of y, or of dx.
// Grid: N * OUT_HEIGHT * OUT_WIDTH * QUADS or N * IN_HEIGHT * IN_WIDTH * QUADS
// invocations, in rows of workgroups.

override BATCH: u32; // N
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
override PADDING_BOTTOM: u32;
override PADDING_RIGHT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;
override COUNT_INCLUDE_PAD: bool;

override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;
override QUADS: u32 = (CHANNELS + 3) / 4;
override REACH_HEIGHT: u32 = (KERNEL_HEIGHT - 1) * DILATION_HEIGHT;
override REACH_WIDTH: u32 = (KERNEL_WIDTH - 1) * DILATION_WIDTH;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read> x_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(3) var<storage, read> dy: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(4) var<storage, read> dy_vectors: array<vec4<f32>>; // the same
@group(0) @binding(5) var<storage, read_write> dx: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index >= BATCH * OUT_HEIGHT * OUT_WIDTH * QUADS) {
        return;
    }
    let channel = 4 * (index % QUADS);
    let column = index / QUADS % OUT_WIDTH;
    let row = index / (QUADS * OUT_WIDTH) % OUT_HEIGHT;
    let sample = index / (QUADS * OUT_WIDTH * OUT_HEIGHT);
    var sum = vec4(0.0);
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let in_column = column * STRIDE_WIDTH + kx * DILATION_WIDTH - PADDING_LEFT;
            if (in_row < IN_HEIGHT && in_column < IN_WIDTH) {
                sum += inputs(((sample * IN_HEIGHT + in_row) * IN_WIDTH + in_column) * CHANNELS + channel);
            }
        }
    }
    let mean = sum / divisor(row, column);
    let first = index / QUADS * CHANNELS + channel;
    for (var c = 0u; c < min(4, CHANNELS - channel); c += 1) {
        y[first + c] = mean[c];
    }
}

// Four elements of x, as many of them as exist; the same for dy below.
fn inputs(at: u32) -> vec4<f32> {
    if (CHANNELS % 4 == 0) {
        return x_vectors[at >> 2];
    }
    return vec4(x[at], x[at + 1], x[at + 2], x[at + 3]);
}

fn gradients(at: u32) -> vec4<f32> {
    if (CHANNELS % 4 == 0) {
        return dy_vectors[at >> 2];
    }
    return vec4(dy[at], dy[at + 1], dy[at + 2], dy[at + 3]);
}

// Taps that count in the mean of a window: a rectangle of them.
fn divisor(row: u32, column: u32) -> f32 {
    var rows = 0u;
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        let position = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT;
        rows += counts(position, PADDING_TOP, IN_HEIGHT, PADDING_BOTTOM);
    }
    var columns = 0u;
    for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
        let position = column * STRIDE_WIDTH + kx * DILATION_WIDTH;
        columns += counts(position, PADDING_LEFT, IN_WIDTH, PADDING_RIGHT);
    }
    // A window on padding that does not count has the mean 0.
    return f32(max(rows * columns, 1));
}

// 1 for a position (from the start of the padding) that counts, else 0.
fn counts(position: u32, before: u32, size: u32, after: u32) -> u32 {
    let inside = position >= before && position < before + size;
    return u32(inside || (COUNT_INCLUDE_PAD && position < before + size + after));
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index >= BATCH * IN_HEIGHT * IN_WIDTH * QUADS) {
        return;
    }
    let channel = 4 * (index % QUADS);
    let in_column = index / QUADS % IN_WIDTH;
    let in_row = index / (QUADS * IN_WIDTH) % IN_HEIGHT;
    let sample = index / (QUADS * IN_WIDTH * IN_HEIGHT);
    let down = in_row + PADDING_TOP;
    let right = in_column + PADDING_LEFT;
    var sum = vec4(0.0);
    // Only the windows that reach the element; with dilation it may fall
    // between two taps.
    for (var row = first_window(down, REACH_HEIGHT, STRIDE_HEIGHT);
        row <= min(down / STRIDE_HEIGHT, OUT_HEIGHT - 1); row += 1) {
        if (DILATION_HEIGHT > 1 && (down - row * STRIDE_HEIGHT) % DILATION_HEIGHT != 0) {
            continue;
        }
        for (var column = first_window(right, REACH_WIDTH, STRIDE_WIDTH);
            column <= min(right / STRIDE_WIDTH, OUT_WIDTH - 1); column += 1) {
            if (DILATION_WIDTH > 1 && (right - column * STRIDE_WIDTH) % DILATION_WIDTH != 0) {
                continue;
            }
            let window = ((sample * OUT_HEIGHT + row) * OUT_WIDTH + column) * CHANNELS + channel;
            sum += gradients(window) / divisor(row, column);
        }
    }
    let first = index / QUADS * CHANNELS + channel;
    for (var c = 0u; c < min(4, CHANNELS - channel); c += 1) {
        dx[first + c] = select(0.0, dx[first + c], ACCUMULATE) + sum[c];
    }
}

// The first window, of a reach from its first to its last tap, that holds a
// position counted from the start of the padding.
fn first_window(position: u32, reach: u32, stride: u32) -> u32 {
    return (max(position, reach) - reach + stride - 1) / stride;
}
