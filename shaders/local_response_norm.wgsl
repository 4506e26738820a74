// y[c] = x[c] / (K + ALPHA / SIZE * sum x[c']^2)^BETA, the sum over the SIZE
// channels around c (paper, section 3.3; alpha divided by the size as in Caffe,
// PyTorch and ONNX). An even SIZE reaches one channel further down, as ONNX has it.
//
// With s the base of the power, which training saves in `scale`:
// dx[c] = dy[c] s[c]^-BETA - 2 ALPHA BETA / SIZE x[c] sum dy[c'] y[c'] / s[c'],
// the sum over the channels whose windows hold c.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // N * H * W * CHANNELS
override CHANNELS: u32;
override SIZE: u32;
override ALPHA: f32;
override BETA: f32;
override K: f32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

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
    let channel = index % CHANNELS;
    let first = channel - min(channel, (SIZE - 1) / 2);
    let last = min(channel + SIZE / 2, CHANNELS - 1);
    let row = index - channel;
    var sum = 0.0;
    for (var c = first; c <= last; c += 1) {
        sum += x[row + c] * x[row + c];
    }
    return K + ALPHA / f32(SIZE) * sum;
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let channel = index % CHANNELS;
        let first = channel - min(channel, SIZE / 2);
        let last = min(channel + (SIZE - 1) / 2, CHANNELS - 1);
        let row = index - channel;
        var sum = 0.0;
        for (var c = first; c <= last; c += 1) {
            sum += dy[row + c] * value[row + c] / saved[row + c];
        }
        let gradient = dy[index] * pow(saved[index], -BETA)
            - 2.0 * ALPHA * BETA / f32(SIZE) * x[index] * sum;
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}
