// y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x), over the last dimension.
// Backward: dx[c] = y[c] * (dy[c] - sum dy[c'] y[c']).
// LOGARITHMIC: y[c] = x[c] - max x - log(sum exp(x[c'] - max x)), and
// dx[c] = dy[c] - exp(y[c]) * sum dy[c'].
//
// One workgroup computes one row.
// Grid: ROWS workgroups, in rows of workgroups.

override ROWS: u32; // N * H * W
override CHANNELS: u32;
override LOGARITHMIC: bool;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [ROWS, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ROWS, CHANNELS]
@group(0) @binding(2) var<storage, read> value: array<f32>; // [ROWS, CHANNELS], y again, only read
@group(0) @binding(3) var<storage, read> dy: array<f32>; // [ROWS, CHANNELS]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [ROWS, CHANNELS]

var<workgroup> partial: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(workgroup_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    // Rows beyond the last compute the last again: every lane must reach the
    // barriers.
    let row = min(id.y * grid.x + id.x, ROWS - 1) * CHANNELS;

    var largest = x[row];
    for (var c = lane; c < CHANNELS; c += WORKGROUP) {
        largest = max(largest, x[row + c]);
    }
    partial[lane] = largest;
    workgroupBarrier();
    for (var i = 0u; i < WORKGROUP; i += 1) {
        largest = max(largest, partial[i]);
    }
    workgroupBarrier();

    var sum = 0.0;
    for (var c = lane; c < CHANNELS; c += WORKGROUP) {
        sum += exp(x[row + c] - largest);
    }
    partial[lane] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var i = 0u; i < WORKGROUP; i += 1) {
        sum += partial[i];
    }

    for (var c = lane; c < CHANNELS; c += WORKGROUP) {
        if (LOGARITHMIC) {
            y[row + c] = x[row + c] - largest - log(sum);
        } else {
            y[row + c] = exp(x[row + c] - largest) / sum;
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(workgroup_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let index = id.y * grid.x + id.x;
    let row = min(index, ROWS - 1) * CHANNELS;
    var sum = 0.0;
    for (var c = lane; c < CHANNELS; c += WORKGROUP) {
        sum += dy[row + c] * select(value[row + c], 1.0, LOGARITHMIC);
    }
    partial[lane] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var i = 0u; i < WORKGROUP; i += 1) {
        sum += partial[i];
    }
    if (index >= ROWS) {
        return; // a second addition to the last row would count twice
    }
    for (var c = lane; c < CHANNELS; c += WORKGROUP) {
        var gradient = value[row + c] * (dy[row + c] - sum);
        if (LOGARITHMIC) {
            gradient = dy[row + c] - exp(value[row + c]) * sum;
        }
        dx[row + c] = select(0.0, dx[row + c], ACCUMULATE) + gradient;
    }
}
