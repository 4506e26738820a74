// squares[FIRST_PART..][..WORKGROUPS] = parts of sum gradient^2; clip = min(1, largest_norm / sqrt(sum squares)),
// or 1 where the largest norm is 0: clipping is off. A gradient that is not
// finite, or whose square is not (a norm beyond 1.8e19, which no training survives), sets
// the halt for good, to the slot of its step and 1: no update follows, so that the weights
// stay. Those of a loss below GOOD_LOSS are worth keeping.
//
// sum_of_squares: each workgroup sums a part of one parameter. Grid: WORKGROUPS.
// scale: one invocation. Grid: 1 workgroup.

override ELEMENTS: u32;
override WORKGROUPS: u32;
override FIRST_PART: u32;
override PARTS: u32;
override GOOD_LOSS: f32;

const WORKGROUP: u32 = 256;

// What changes from one update to the next; `kernels::Update` in Rust.
struct Update {
    rate: f32,
    decay: f32,
    momentum: f32,
    beta2: f32,
    epsilon: f32,
    largest_norm: f32,
}

// What changes from one run to the next; `kernels::Run` in Rust.
struct Run {
    seed: u32,
    step: u32,
    samples: u32,
    slot: u32,
    training: u32,
    first_sample: u32,
}

// What an update takes from the gradients and the loss; `kernels::Clip` in Rust.
struct Clip {
    factor: f32, // of the gradients
    halted: f32, // 1 + the slot of the first step without an update; 0 while all update
    good: f32, // 1 where the loss was good
}

@group(0) @binding(0) var<storage, read> gradient: array<f32>; // [ELEMENTS]
@group(0) @binding(1) var<storage, read_write> squares: array<f32>; // [PARTS]
@group(0) @binding(2) var<storage, read> summands: array<f32>; // squares again, only read
@group(0) @binding(3) var<uniform> update: Update;
@group(0) @binding(4) var<storage, read_write> clip: Clip;
@group(0) @binding(5) var<uniform> run: Run;
@group(0) @binding(6) var<storage, read> ring: array<vec2<f32>>; // mean loss and number of errors

var<workgroup> partial: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn sum_of_squares(
    @builtin(workgroup_id) id: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    var sum = 0.0;
    for (var index = id.x * WORKGROUP + lane; index < ELEMENTS; index += WORKGROUPS * WORKGROUP) {
        sum += gradient[index] * gradient[index];
    }
    partial[lane] = sum;
    workgroupBarrier();
    if (lane == 0) {
        sum = 0.0;
        for (var i = 0u; i < WORKGROUP; i += 1) {
            sum += partial[i];
        }
        squares[FIRST_PART + id.x] = sum;
    }
}

@compute @workgroup_size(1)
fn scale() {
    var sum = 0.0;
    for (var part = 0u; part < PARTS; part += 1) {
        sum += summands[part];
    }
    let norm = sqrt(sum);
    let clips = update.largest_norm > 0.0 && norm > update.largest_norm;
    // Told by its bits, since a compiler may take every number for finite.
    if ((bitcast<u32>(sum) & 0x7f800000) == 0x7f800000 && clip.halted == 0.0) {
        clip.halted = f32(run.slot + 1);
    }
    clip.factor = select(1.0, update.largest_norm / norm, clips);
    // A comparison with what is no number is false.
    clip.good = select(0.0, 1.0, ring[run.slot].x < GOOD_LOSS);
}
