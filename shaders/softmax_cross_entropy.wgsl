// loss[n] = log sum exp(x[n,c]) - x[n, label[n]];
// dx[n,c] = (softmax(x[n])[c] - [c == label[n]]) / samples; error[n] = 1 unless
// the label's logit is larger than all others. Samples from `run.samples` on
// fill up the last batch: they count nowhere.
//
// forward: one workgroup computes one sample. Grid: BATCH workgroups.
// gather: one workgroup sums the batch into an entry of the ring.
// Grid: 1 workgroup.

override BATCH: u32;
override CLASSES: u32;

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

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, CLASSES]
@group(0) @binding(1) var<storage, read> label: array<u32>; // [BATCH]
@group(0) @binding(2) var<uniform> run: Run;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [BATCH, CLASSES]
@group(0) @binding(4) var<storage, read_write> loss: array<vec2<f32>>; // [BATCH], loss and error
@group(0) @binding(5) var<storage, read> losses: array<vec2<f32>>; // loss again, only read
@group(0) @binding(6) var<storage, read_write> ring: array<vec2<f32>>; // mean loss and number of errors

var<workgroup> partial: array<f32, WORKGROUP>;
var<workgroup> pairs: array<vec2<f32>, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(workgroup_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    // Beyond the last sample it is computed again: every lane must reach the
    // barriers.
    let sample = min(id.y * grid.x + id.x, BATCH - 1);
    let row = sample * CLASSES;
    let right = label[sample];

    var largest = -3.4028234e38;
    var largest_other = -3.4028234e38;
    for (var c = lane; c < CLASSES; c += WORKGROUP) {
        largest = max(largest, x[row + c]);
        if (c != right) {
            largest_other = max(largest_other, x[row + c]);
        }
    }
    pairs[lane] = vec2(largest, largest_other);
    workgroupBarrier();
    for (var i = 0u; i < WORKGROUP; i += 1) {
        largest = max(largest, pairs[i].x);
        largest_other = max(largest_other, pairs[i].y);
    }

    var sum = 0.0;
    for (var c = lane; c < CLASSES; c += WORKGROUP) {
        sum += exp(x[row + c] - largest);
    }
    partial[lane] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var i = 0u; i < WORKGROUP; i += 1) {
        sum += partial[i];
    }

    let counts = select(0.0, 1.0, sample < run.samples);
    for (var c = lane; c < CLASSES; c += WORKGROUP) {
        let probability = exp(x[row + c] - largest) / sum;
        dx[row + c] = counts * (probability - select(0.0, 1.0, c == right)) / f32(run.samples);
    }
    if (lane == 0) {
        let logit = x[row + right];
        // A logit that is not a number is wrong too.
        let error = select(1.0, 0.0, logit > largest_other);
        loss[sample] = vec2(log(sum) + largest - logit, error);
    }
}

@compute @workgroup_size(WORKGROUP)
fn gather(@builtin(local_invocation_index) lane: u32) {
    var sum = vec2(0.0);
    for (var sample = lane; sample < run.samples; sample += WORKGROUP) {
        sum += losses[sample];
    }
    pairs[lane] = sum;
    workgroupBarrier();
    if (lane == 0) {
        sum = vec2(0.0);
        for (var i = 0u; i < WORKGROUP; i += 1) {
            sum += pairs[i];
        }
        ring[run.slot] = vec2(sum.x / f32(run.samples), sum.y);
    }
}
