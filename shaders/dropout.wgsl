// y = x * mask / (1 - PROBABILITY); backward: dx = dy * mask / (1 - PROBABILITY).
// The mask is not stored: it is a hash of seed, step, node and element. While
// evaluating, y = x and dx = dy.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32;
override SAMPLE: u32; // elements of a sample
override PROBABILITY: f32;
override NODE: u32; // so that two layers of a network differ
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

// What changes from one run to the next; `kernels::Run` in Rust.
struct Run {
    seed: u32,
    step: u32,
    samples: u32,
    slot: u32,
    training: u32,
    first_sample: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [ELEMENTS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ELEMENTS]
@group(0) @binding(2) var<uniform> run: Run;
@group(0) @binding(3) var<storage, read> dy: array<f32>; // [ELEMENTS]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [ELEMENTS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        y[index] = x[index] * factor(index);
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        dx[index] = select(0.0, dx[index], ACCUMULATE) + dy[index] * factor(index);
    }
}

// The mask of an element, by its number in the whole batch.
fn factor(element: u32) -> f32 {
    let index = run.first_sample * SAMPLE + element;
    // Hashed before they meet, so that no mask is another one shifted.
    let bits = hash(hash(index) ^ hash(run.step + hash(run.seed + hash(NODE))));
    // The upper 24 bits are exact as a number from 0 to 1.
    let drawn = f32(bits >> 8) / 16777216.0;
    let scaled = select(0.0, 1.0 / (1.0 - PROBABILITY), drawn >= PROBABILITY);
    return select(1.0, scaled, run.training == 1);
}

// The PCG hash of Jarzynski and Olano, "Hash functions for GPU rendering" (2020).
fn hash(value: u32) -> u32 {
    let state = value * 747796405u + 2891336453u;
    let word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737u;
    return (word >> 22) ^ word;
}
