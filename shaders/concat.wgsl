// y[p, FIRST_CHANNEL + c] = x[p, c]: one input of a concatenation.
// Backward copies the same range of dy back to dx.
//
// One invocation copies one element.
// Grid: POSITIONS * IN_CHANNELS invocations, in rows of workgroups.

override POSITIONS: u32; // N * H * W
override IN_CHANNELS: u32;
override OUT_CHANNELS: u32;
override FIRST_CHANNEL: u32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [POSITIONS, IN_CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [POSITIONS, OUT_CHANNELS]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [POSITIONS, OUT_CHANNELS]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [POSITIONS, IN_CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < POSITIONS * IN_CHANNELS) {
        let position = index / IN_CHANNELS;
        let channel = index % IN_CHANNELS;
        y[position * OUT_CHANNELS + FIRST_CHANNEL + channel] = x[index];
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < POSITIONS * IN_CHANNELS) {
        let position = index / IN_CHANNELS;
        let channel = index % IN_CHANNELS;
        let gradient = dy[position * OUT_CHANNELS + FIRST_CHANNEL + channel];
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}
