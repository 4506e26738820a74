// y = a * b. Backward: dx = dy * the other input, for each.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> a: array<f32>; // [ELEMENTS]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [ELEMENTS]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ELEMENTS]
@group(0) @binding(3) var<storage, read> factor: array<f32>; // [ELEMENTS], the other input
@group(0) @binding(4) var<storage, read> dy: array<f32>; // [ELEMENTS]
@group(0) @binding(5) var<storage, read_write> dx: array<f32>; // [ELEMENTS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        y[index] = a[index] * b[index];
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        dx[index] = select(0.0, dx[index], ACCUMULATE) + dy[index] * factor[index];
    }
}
