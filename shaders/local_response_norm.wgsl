// y[c] = x[c] / (K + ALPHA / SIZE * sum x[c']^2)^BETA, the sum over the SIZE
// channels around c (paper, section 3.3; alpha divided by the size as in Caffe,
// PyTorch and ONNX). An even SIZE reaches one channel further down, as ONNX has it.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // N * H * W * CHANNELS
override CHANNELS: u32;
override SIZE: u32;
override ALPHA: f32;
override BETA: f32;
override K: f32;

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, H, W, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, H, W, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let channel = index % CHANNELS;
        let first = channel - min(channel, (SIZE - 1) / 2);
        let last = min(channel + SIZE / 2, CHANNELS - 1);
        let row = index - channel;
        var sum = 0.0;
        for (var c = first; c <= last; c += 1) {
            sum += x[row + c] * x[row + c];
        }
        y[index] = x[index] * pow(K + ALPHA / f32(SIZE) * sum, -BETA);
    }
}
