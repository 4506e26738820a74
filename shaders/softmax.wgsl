// y[c] = exp(x[c] - max x) / sum exp(x[c'] - max x), over the last dimension.
//
// One workgroup computes one row.
// Grid: ROWS workgroups, in rows of workgroups.

override ROWS: u32; // N * H * W
override CHANNELS: u32;

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [ROWS, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ROWS, CHANNELS]

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
        y[row + c] = exp(x[row + c] - largest) / sum;
    }
}
