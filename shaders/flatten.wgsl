// y[n, c * POSITIONS + p] = x[n, p, c]: channels first, as the files order the
// inputs of the linear layer behind it. Backward copies the other way.
//
// One invocation copies one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // N * POSITIONS * CHANNELS
override POSITIONS: u32; // H * W
override CHANNELS: u32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, POSITIONS, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, CHANNELS, POSITIONS]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [N, CHANNELS, POSITIONS]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [N, POSITIONS, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let sample = index / (POSITIONS * CHANNELS);
        let channel = index / POSITIONS % CHANNELS;
        let position = index % POSITIONS;
        y[index] = x[(sample * POSITIONS + position) * CHANNELS + channel];
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let sample = index / (POSITIONS * CHANNELS);
        let position = index / CHANNELS % POSITIONS;
        let channel = index % CHANNELS;
        let gradient = dy[(sample * CHANNELS + channel) * POSITIONS + position];
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}
