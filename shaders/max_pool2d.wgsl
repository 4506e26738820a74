// y[n,i,j,c] = max x[n, i*stride+ky*dilation-padding, j*stride+kx*dilation-padding, c],
// padding never winning; a window on padding alone gives the lowest number. NaN wins
// against all numbers.
//
// Training saves the tap that won, ky * KERNEL_WIDTH + kx, the first of equals;
// backward gathers the dy of the windows that an element won.
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
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;

override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;
override QUADS: u32 = (CHANNELS + 3) / 4;
override REACH_HEIGHT: u32 = (KERNEL_HEIGHT - 1) * DILATION_HEIGHT;
override REACH_WIDTH: u32 = (KERNEL_WIDTH - 1) * DILATION_WIDTH;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read> x_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(3) var<storage, read_write> argmax: array<u32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(4) var<storage, read> winner: array<u32>; // argmax again, only read
@group(0) @binding(5) var<storage, read> winner_vectors: array<vec4<u32>>; // the same
@group(0) @binding(6) var<storage, read> dy: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]
@group(0) @binding(7) var<storage, read> dy_vectors: array<vec4<f32>>; // the same
@group(0) @binding(8) var<storage, read_write> dx: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < BATCH * OUT_HEIGHT * OUT_WIDTH * QUADS) {
        let best = largest(index);
        let first = index / QUADS * CHANNELS + 4 * (index % QUADS);
        for (var c = 0u; c < channels(index); c += 1) {
            y[first + c] = best.value[c];
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward_saving(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < BATCH * OUT_HEIGHT * OUT_WIDTH * QUADS) {
        let best = largest(index);
        let first = index / QUADS * CHANNELS + 4 * (index % QUADS);
        for (var c = 0u; c < channels(index); c += 1) {
            y[first + c] = best.value[c];
            argmax[first + c] = best.tap[c];
        }
    }
}

// How many of the four channels exist.
fn channels(index: u32) -> u32 {
    return min(4, CHANNELS - 4 * (index % QUADS));
}

struct Largest {
    value: vec4<f32>,
    tap: vec4<u32>,
}

// The largest values under the window of four elements of y.
fn largest(index: u32) -> Largest {
    let channel = 4 * (index % QUADS);
    let column = index / QUADS % OUT_WIDTH;
    let row = index / (QUADS * OUT_WIDTH) % OUT_HEIGHT;
    let sample = index / (QUADS * OUT_WIDTH * OUT_HEIGHT);
    var best = Largest(vec4(-3.4028234e38), vec4(0u));
    var first = true;
    // The largest bits but the sign: those of NaN are larger than those of any number.
    var bits = vec4(0u);
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let in_column = column * STRIDE_WIDTH + kx * DILATION_WIDTH - PADDING_LEFT;
            if (in_row < IN_HEIGHT && in_column < IN_WIDTH) {
                let at = ((sample * IN_HEIGHT + in_row) * IN_WIDTH + in_column) * CHANNELS + channel;
                let value = inputs(at);
                let wins = (value > best.value) | vec4(first);
                best.value = select(best.value, value, wins);
                best.tap = select(best.tap, vec4(ky * KERNEL_WIDTH + kx), wins);
                bits = max(bits, bitcast<vec4<u32>>(value) & vec4(0x7fffffffu));
                first = false;
            }
        }
    }
    best.value = select(best.value, bitcast<vec4<f32>>(bits), bits > vec4(0x7f800000u));
    return best;
}

// Four elements of x, as many of them as exist; the same for the others below.
fn inputs(at: u32) -> vec4<f32> {
    if (CHANNELS % 4 == 0) {
        return x_vectors[at >> 2];
    }
    return vec4(x[at], x[at + 1], x[at + 2], x[at + 3]);
}

fn winners(at: u32) -> vec4<u32> {
    if (CHANNELS % 4 == 0) {
        return winner_vectors[at >> 2];
    }
    return vec4(winner[at], winner[at + 1], winner[at + 2], winner[at + 3]);
}

fn gradients(at: u32) -> vec4<f32> {
    if (CHANNELS % 4 == 0) {
        return dy_vectors[at >> 2];
    }
    return vec4(dy[at], dy[at + 1], dy[at + 2], dy[at + 3]);
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
            let ky = (down - row * STRIDE_HEIGHT) / DILATION_HEIGHT;
            let kx = (right - column * STRIDE_WIDTH) / DILATION_WIDTH;
            let window = ((sample * OUT_HEIGHT + row) * OUT_WIDTH + column) * CHANNELS + channel;
            let won = winners(window) == vec4(ky * KERNEL_WIDTH + kx);
            sum += select(vec4(0.0), gradients(window), won);
        }
    }
    let first = index / QUADS * CHANNELS + channel;
    for (var c = 0u; c < channels(index); c += 1) {
        dx[first + c] = select(0.0, dx[first + c], ACCUMULATE) + sum[c];
    }
}

// The first window, of a reach from its first to its last tap, that holds a
// position counted from the start of the padding.
fn first_window(position: u32, reach: u32, stride: u32) -> u32 {
    return (max(position, reach) - reach + stride - 1) / stride;
}
