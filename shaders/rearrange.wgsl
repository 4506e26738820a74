// y[n, i] = x[n, OFFSET + i_0 * STRIDE_0 + ... + i_5 * STRIDE_5], where i_0 to i_5
// are the digits of i to the bases SIZE_0 to SIZE_5, the last running fastest.
//
// Backward: dx[n, j] is the sum of dy[n, i] over all i that read j. Without repeats
// (strides of 0) there is one at most, found by looking at each axis for itself:
// its digit is what is left of j - OFFSET after the axes of larger strides.
//
// One invocation computes one element of y, or of dx.
// Grid: ELEMENTS, or INPUT_ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // SAMPLES * SIZE_0 * ... * SIZE_5
override INPUT_ELEMENTS: u32; // elements of x
override SAMPLES: u32;
override OFFSET: u32;
override SIZE_0: u32;
override SIZE_1: u32;
override SIZE_2: u32;
override SIZE_3: u32;
override SIZE_4: u32;
override SIZE_5: u32;
override STRIDE_0: u32; // 0 repeats
override STRIDE_1: u32;
override STRIDE_2: u32;
override STRIDE_3: u32;
override STRIDE_4: u32;
override STRIDE_5: u32;
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [INPUT_ELEMENTS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ELEMENTS]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [ELEMENTS]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [INPUT_ELEMENTS]

fn size(axis: u32) -> u32 {
    switch axis {
        case 0 { return SIZE_0; }
        case 1 { return SIZE_1; }
        case 2 { return SIZE_2; }
        case 3 { return SIZE_3; }
        case 4 { return SIZE_4; }
        default { return SIZE_5; }
    }
}

fn stride(axis: u32) -> u32 {
    switch axis {
        case 0 { return STRIDE_0; }
        case 1 { return STRIDE_1; }
        case 2 { return STRIDE_2; }
        case 3 { return STRIDE_3; }
        case 4 { return STRIDE_4; }
        default { return STRIDE_5; }
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        let sample = ELEMENTS / SAMPLES;
        var rest = index % sample;
        var source = index / sample * (INPUT_ELEMENTS / SAMPLES) + OFFSET;
        for (var axis = 6u; axis > 0; axis -= 1) {
            source += rest % size(axis - 1) * stride(axis - 1);
            rest /= size(axis - 1);
        }
        y[index] = x[source];
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < INPUT_ELEMENTS) {
        let sample = INPUT_ELEMENTS / SAMPLES;
        let gradient = gathered(index / sample * (ELEMENTS / SAMPLES), index % sample);
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}

// The sum of the gradients of all elements of a sample, which starts at `first`,
// that read the element `place` of theirs.
fn gathered(first: u32, place: u32) -> f32 {
    if (place < OFFSET) {
        return 0.0;
    }
    // Elements of y from one index of an axis to the next.
    var steps: array<u32, 6>;
    var step = 1u;
    var repeats = 1u;
    for (var axis = 6u; axis > 0; axis -= 1) {
        steps[axis - 1] = step;
        step *= size(axis - 1);
        repeats *= select(1u, size(axis - 1), stride(axis - 1) == 0);
    }
    // Digits of the axes in falling order of their strides.
    var rest = place - OFFSET;
    var start = first;
    var below = 0xffffffffu;
    for (var turn = 0; turn < 6; turn += 1) {
        var largest = 0u;
        for (var axis = 0u; axis < 6; axis += 1) {
            if (stride(axis) < below && size(axis) > 1) {
                largest = max(largest, stride(axis));
            }
        }
        if (largest == 0) {
            break;
        }
        for (var axis = 0u; axis < 6; axis += 1) {
            if (stride(axis) == largest && size(axis) > 1) {
                let digit = min(rest / largest, size(axis) - 1);
                rest -= digit * largest;
                start += digit * steps[axis];
            }
        }
        below = largest;
    }
    if (rest != 0) {
        return 0.0;
    }
    var sum = 0.0;
    for (var repeat = 0u; repeat < repeats; repeat += 1) {
        var left = repeat;
        var at = start;
        for (var axis = 0u; axis < 6; axis += 1) {
            if (stride(axis) == 0) {
                at += left % size(axis) * steps[axis];
                left /= size(axis);
            }
        }
        sum += dy[at];
    }
    return sum;
}
