// dbias[o] = sum dy[p, o] over samples and pixels p.
//
// One workgroup computes 4 neighbouring outputs of one group.
// Grid: GROUPS * QUADS workgroups, in rows of workgroups.

override POSITIONS: u32; // N * H * W
override CHANNELS: u32;
override GROUPS: u32;
override BLOCK: u32; // outputs that stand side by side

const WORKGROUP: u32 = 64;
override GROUP_OUTPUTS: u32 = CHANNELS / GROUPS;
override QUADS: u32 = (GROUP_OUTPUTS + BLOCK - 1) / BLOCK * BLOCK / 4;

@group(0) @binding(0) var<storage, read> dy: array<f32>; // [POSITIONS, CHANNELS]
@group(0) @binding(1) var<storage, read> dy_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read_write> dbias: array<vec4<f32>>; // [GROUPS, QUADS]

var<workgroup> partial: array<vec4<f32>, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn backward_bias(
    @builtin(workgroup_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let index = id.y * grid.x + id.x;
    let first = 4 * (index % QUADS);
    var sum = vec4(0.0);
    for (var position = lane; position < POSITIONS; position += WORKGROUP) {
        let at = position * CHANNELS + index / QUADS * GROUP_OUTPUTS + first;
        if (GROUP_OUTPUTS % 4 == 0) {
            sum += select(vec4(0.0), dy_vectors[at >> 2], first < GROUP_OUTPUTS);
        } else {
            for (var o = 0u; o < 4 && first + o < GROUP_OUTPUTS; o += 1) {
                sum[o] += dy[at + o];
            }
        }
    }
    partial[lane] = sum;
    workgroupBarrier();
    if (lane == 0) {
        sum = vec4(0.0);
        for (var i = 0u; i < WORKGROUP; i += 1) {
            sum += partial[i];
        }
        if (index < GROUPS * QUADS) {
            dbias[index] = sum;
        }
    }
}
