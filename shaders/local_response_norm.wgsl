// y[c] = x[c] / (K + ALPHA / COUNT * sum x[c']^2)^BETA, the sum over the SIZE
// channels around c (paper, section 3.3; alpha divided by their COUNT as in Caffe,
// PyTorch and ONNX), or WITHIN_MAP over the SIZE x SIZE pixels around it in its own
// map. An even SIZE reaches one further up than down, as in ONNX; in PyTorch it is
// the other way round.
//
// With s the base of the power, which training saves in `scale`:
// dx[c] = dy[c] s[c]^-BETA - 2 ALPHA BETA / COUNT x[c] sum dy[c'] y[c'] / s[c'],
// the sum over those whose windows hold c.
//
// One invocation computes four neighbouring channels of a pixel.
// Grid: PIXELS * QUADS invocations, in rows of workgroups.

override PIXELS: u32; // N * H * W
override HEIGHT: u32;
override WIDTH: u32;
override CHANNELS: u32;
override WITHIN_MAP: bool;
override SIZE: u32;
override ALPHA: f32;
override BETA: f32;
override K: f32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;
override QUADS: u32 = (CHANNELS + 3) / 4;
override COUNT: u32 = select(SIZE, SIZE * SIZE, WITHIN_MAP);
// How far the window of an element reaches; the windows that hold it stand as far
// the other way round.
override DOWN: u32 = (SIZE - 1) / 2;
override UP: u32 = SIZE / 2;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, H, W, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, H, W, CHANNELS]
@group(0) @binding(2) var<storage, read_write> scale: array<f32>; // [N, H, W, CHANNELS]
@group(0) @binding(3) var<storage, read> saved: array<f32>; // [N, H, W, CHANNELS], scale again, only read
@group(0) @binding(4) var<storage, read> value: array<f32>; // [N, H, W, CHANNELS], y again, only read
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [N, H, W, CHANNELS]
@group(0) @binding(6) var<storage, read_write> dx: array<f32>; // [N, H, W, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < PIXELS * QUADS) {
        let first = element(index);
        let result = inputs(first) * pow(base(index), vec4(-BETA));
        for (var c = 0u; c < channels(index); c += 1) {
            y[first + c] = result[c];
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward_saving(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < PIXELS * QUADS) {
        let first = element(index);
        let power = base(index);
        let result = inputs(first) * pow(power, vec4(-BETA));
        for (var c = 0u; c < channels(index); c += 1) {
            scale[first + c] = power[c];
            y[first + c] = result[c];
        }
    }
}

// The first of the four elements that an invocation computes.
fn element(index: u32) -> u32 {
    return index / QUADS * CHANNELS + 4 * (index % QUADS);
}

// How many of the four exist.
fn channels(index: u32) -> u32 {
    return min(4, CHANNELS - 4 * (index % QUADS));
}

// Four elements of x, as many of them as exist.
fn inputs(at: u32) -> vec4<f32> {
    return vec4(x[at], x[at + 1], x[at + 2], x[at + 3]);
}

// The bases of the power of four elements.
fn base(index: u32) -> vec4<f32> {
    var sum = vec4(0.0);
    if (WITHIN_MAP) {
        let rows = around(index / (QUADS * WIDTH) % HEIGHT, HEIGHT, DOWN, UP);
        let columns = around(index / QUADS % WIDTH, WIDTH, DOWN, UP);
        for (var row = rows.x; row <= rows.y; row += 1) {
            for (var column = columns.x; column <= columns.y; column += 1) {
                let values = inputs(neighbour(index, row, column));
                sum += values * values;
            }
        }
    } else {
        // What the four see lowest, then one channel further up each time.
        let pixel = index / QUADS * CHANNELS;
        let lowest = 4 * (index % QUADS) - DOWN;
        var seen = vec4(
            square(pixel, lowest),
            square(pixel, lowest + 1),
            square(pixel, lowest + 2),
            square(pixel, lowest + 3),
        );
        sum = seen;
        for (var step = 1u; step < SIZE; step += 1) {
            seen = vec4(seen.yzw, square(pixel, lowest + 3 + step));
            sum += seen;
        }
    }
    return K + ALPHA / f32(COUNT) * sum;
}

// Zero for a channel that does not exist; one before the first wraps to a large number.
fn square(pixel: u32, channel: u32) -> f32 {
    let value = x[pixel + channel];
    return select(0.0, value * value, channel < CHANNELS);
}

// The first and the last position of a window around one of `size` positions.
fn around(position: u32, size: u32, down: u32, up: u32) -> vec2<u32> {
    return vec2(position - min(position, down), min(position + up, size - 1));
}

// The first of the same four channels at another pixel of the sample.
fn neighbour(index: u32, row: u32, column: u32) -> u32 {
    let sample = index / (QUADS * WIDTH * HEIGHT);
    return ((sample * HEIGHT + row) * WIDTH + column) * CHANNELS + 4 * (index % QUADS);
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < PIXELS * QUADS) {
        var sum = vec4(0.0);
        if (WITHIN_MAP) {
            let rows = around(index / (QUADS * WIDTH) % HEIGHT, HEIGHT, UP, DOWN);
            let columns = around(index / QUADS % WIDTH, WIDTH, UP, DOWN);
            for (var row = rows.x; row <= rows.y; row += 1) {
                for (var column = columns.x; column <= columns.y; column += 1) {
                    let at = neighbour(index, row, column);
                    sum += vec4(share(at), share(at + 1), share(at + 2), share(at + 3));
                }
            }
        } else {
            let pixel = index / QUADS * CHANNELS;
            let lowest = 4 * (index % QUADS) - UP;
            var seen = vec4(
                channel_share(pixel, lowest),
                channel_share(pixel, lowest + 1),
                channel_share(pixel, lowest + 2),
                channel_share(pixel, lowest + 3),
            );
            sum = seen;
            for (var step = 1u; step < SIZE; step += 1) {
                seen = vec4(seen.yzw, channel_share(pixel, lowest + 3 + step));
                sum += seen;
            }
        }
        let first = element(index);
        for (var c = 0u; c < channels(index); c += 1) {
            let at = first + c;
            let gradient = dy[at] * pow(saved[at], -BETA)
                - 2.0 * ALPHA * BETA / f32(COUNT) * x[at] * sum[c];
            dx[at] = select(0.0, dx[at], ACCUMULATE) + gradient;
        }
    }
}

// What an element adds to the sum of those in its window.
fn share(at: u32) -> f32 {
    return dy[at] * value[at] / saved[at];
}

fn channel_share(pixel: u32, channel: u32) -> f32 {
    return select(0.0, share(pixel + channel), channel < CHANNELS);
}
