// y[c] = x[c] / (K + ALPHA / COUNT * sum x[c']^2)^BETA, the sum over the SIZE
// channels around c (paper, section 3.3; alpha divided by their COUNT as in Caffe,
// PyTorch and ONNX), or WITHIN_MAP over the SIZE x SIZE pixels around it in its own
// map. An even SIZE reaches one further down than up, as ONNX has it.
//
// With s the base of the power, which training saves in `scale`:
// dx[c] = dy[c] s[c]^-BETA - 2 ALPHA BETA / COUNT x[c] sum dy[c'] y[c'] / s[c'],
// the sum over those whose windows hold c.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // N * H * W * CHANNELS
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
override COUNT: u32 = select(SIZE, SIZE * SIZE, WITHIN_MAP);

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
    if (index < ELEMENTS) {
        y[index] = x[index] * pow(base(index), -BETA);
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward_saving(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let power = base(index);
        scale[index] = power;
        y[index] = x[index] * pow(power, -BETA);
    }
}

fn base(index: u32) -> f32 {
    let reach = vec2((SIZE - 1) / 2, SIZE / 2);
    var sum = 0.0;
    if (WITHIN_MAP) {
        let rows = around(index / (CHANNELS * WIDTH) % HEIGHT, HEIGHT, reach);
        let columns = around(index / CHANNELS % WIDTH, WIDTH, reach);
        for (var row = rows.x; row <= rows.y; row += 1) {
            for (var column = columns.x; column <= columns.y; column += 1) {
                let value = x[pixel(index, row, column)];
                sum += value * value;
            }
        }
    } else {
        let channels = around(index % CHANNELS, CHANNELS, reach);
        let first = index - index % CHANNELS;
        for (var c = channels.x; c <= channels.y; c += 1) {
            sum += x[first + c] * x[first + c];
        }
    }
    return K + ALPHA / f32(COUNT) * sum;
}

// The first and the last position of a window around one of `size` positions.
fn around(position: u32, size: u32, reach: vec2<u32>) -> vec2<u32> {
    return vec2(position - min(position, reach.x), min(position + reach.y, size - 1));
}

// Another pixel of the map that an element is in.
fn pixel(index: u32, row: u32, column: u32) -> u32 {
    let sample = index / (CHANNELS * WIDTH * HEIGHT);
    return ((sample * HEIGHT + row) * WIDTH + column) * CHANNELS + index % CHANNELS;
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let reach = vec2(SIZE / 2, (SIZE - 1) / 2);
        var sum = 0.0;
        if (WITHIN_MAP) {
            let rows = around(index / (CHANNELS * WIDTH) % HEIGHT, HEIGHT, reach);
            let columns = around(index / CHANNELS % WIDTH, WIDTH, reach);
            for (var row = rows.x; row <= rows.y; row += 1) {
                for (var column = columns.x; column <= columns.y; column += 1) {
                    let at = pixel(index, row, column);
                    sum += dy[at] * value[at] / saved[at];
                }
            }
        } else {
            let channels = around(index % CHANNELS, CHANNELS, reach);
            let first = index - index % CHANNELS;
            for (var at = first + channels.x; at <= first + channels.y; at += 1) {
                sum += dy[at] * value[at] / saved[at];
            }
        }
        let gradient = dy[index] * pow(saved[index], -BETA)
            - 2.0 * ALPHA * BETA / f32(COUNT) * x[index] * sum;
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}
