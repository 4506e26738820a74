// One step of an optimiser, element by element; g = clip * dweight.
//
// sgd, in the paper's form (section 5):
//   v = momentum * v - decay * rate * w - rate * g; w = w + v
// nesterov: the same v; w = w + momentum * v - decay * rate * w - rate * g
// adam (Kingma and Ba 2015, the form at the end of its section 2, the rate
// corrected by the host), g including decay * w:
//   m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2
//   w = w - rate * m / (sqrt(v) + epsilon)
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32;
override RATE_FACTOR: f32; // of this parameter
override DECAY_FACTOR: f32; // of this parameter

const WORKGROUP: u32 = 64;

// What changes from one update to the next; `kernels::Update` in Rust.
struct Update {
    rate: f32,
    decay: f32,
    momentum: f32, // beta1 of adam
    beta2: f32,
    epsilon: f32,
    largest_norm: f32,
}

// What an update takes from the gradients and the loss; `kernels::Clip` in Rust.
struct Clip {
    factor: f32, // of the gradients
    halted: f32, // 1 + the slot of the first step without an update; 0 while all update
    good: f32, // 1 where the loss was good
}

@group(0) @binding(0) var<uniform> update: Update;
@group(0) @binding(1) var<storage, read> clip: Clip;
@group(0) @binding(2) var<storage, read> dweight: array<f32>; // [ELEMENTS]
@group(0) @binding(3) var<storage, read_write> weight: array<f32>; // [ELEMENTS]
@group(0) @binding(4) var<storage, read_write> velocity: array<f32>; // [ELEMENTS], adam's m
@group(0) @binding(5) var<storage, read_write> square: array<f32>; // [ELEMENTS], adam's v
@group(0) @binding(6) var<storage, read_write> kept: array<f32>; // [ELEMENTS], the last good weights
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

@compute @workgroup_size(WORKGROUP)
fn sgd(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    if (index < ELEMENTS && clip.halted == 0.0) {
        keep(index);
        let v = update.momentum * velocity[index] + descent(index);
        velocity[index] = v;
        weight[index] += v;
    }
}

@compute @workgroup_size(WORKGROUP)
fn nesterov(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    if (index < ELEMENTS && clip.halted == 0.0) {
        keep(index);
        let down = descent(index);
        let v = update.momentum * velocity[index] + down;
        velocity[index] = v;
        weight[index] += update.momentum * v + down;
    }
}

@compute @workgroup_size(WORKGROUP)
fn adam(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    if (index < ELEMENTS && clip.halted == 0.0) {
        keep(index);
        let gradient = clip.factor * dweight[index] + DECAY_FACTOR * update.decay * weight[index];
        let m = update.momentum * velocity[index] + (1.0 - update.momentum) * gradient;
        let v = update.beta2 * square[index] + (1.0 - update.beta2) * gradient * gradient;
        velocity[index] = m;
        square[index] = v;
        weight[index] -= RATE_FACTOR * update.rate * m / (sqrt(v) + update.epsilon);
    }
}

// The weights of a good loss, before they change.
fn keep(index: u32) {
    if (clip.good != 0.0) {
        kept[index] = weight[index];
    }
}

// -decay * rate * w - rate * g.
fn descent(index: u32) -> f32 {
    let decay = DECAY_FACTOR * update.decay * weight[index];
    return -RATE_FACTOR * update.rate * (decay + clip.factor * dweight[index]);
}
