// largest[c] = max |x[p,c]|, mean[c] = mean x[p,c] over the positions p of a map.
//
// One invocation looks through one map.
// Grid: UNITS invocations, in rows of workgroups.

override POSITIONS: u32; // H * W
override UNITS: u32; // channels
override FIRST: u32; // of this layer, in the statistics of all

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [POSITIONS, UNITS]
@group(0) @binding(1) var<storage, read_write> statistics: array<vec2<f32>>; // [all units], largest and mean

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let unit = id.y * grid.x * WORKGROUP + id.x;
    if (unit >= UNITS) {
        return;
    }
    var largest = 0.0;
    var sum = 0.0;
    for (var position = 0u; position < POSITIONS; position += 1) {
        let value = x[position * UNITS + unit];
        largest = max(largest, abs(value));
        sum += value;
    }
    statistics[FIRST + unit] = vec2(largest, sum / f32(POSITIONS));
}
