// dx[n,i] = sum dy[n,o] * weight[o,i]; dweight[o,i] = sum dy[n,o] * x[n,i], in
// the packed order of the weights.
//
// One invocation of backward_input computes 4 inputs of 8 samples, one of
// backward_weight 8 inputs of 4 neighbouring outputs.
// Grid: ceil(IN_FEATURES / 4) * ceil(BATCH / 8) or QUADS * ceil(IN_FEATURES / 8)
// invocations, in rows of workgroups.

override BATCH: u32;
override IN_FEATURES: u32;
override OUT_FEATURES: u32;
override FIRST_OUTPUT: u32; // of this chunk of the weights
override OUTPUTS: u32; // of this chunk
override BLOCK: u32; // outputs that stand side by side
override WEIGHT_BITS: u32; // 32, 16, or 4: indices into the codebook
override ACCUMULATE: bool; // adds to what stands in dx

const WORKGROUP: u32 = 64;
override BLOCK_QUADS: u32 = BLOCK / 4;
override QUADS: u32 = (OUTPUTS + BLOCK - 1) / BLOCK * BLOCK_QUADS;
override INPUT_QUADS: u32 = (IN_FEATURES + 3) / 4;
override INPUT_OCTETS: u32 = (IN_FEATURES + 7) / 8;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_FEATURES]
@group(0) @binding(1) var<storage, read> weight: array<vec4<f32>>; // [blocks, IN_FEATURES, BLOCK_QUADS]
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [BATCH, OUT_FEATURES]
@group(0) @binding(3) var<storage, read_write> dx: array<f32>; // [BATCH, IN_FEATURES]
@group(0) @binding(4) var<storage, read_write> dweight: array<vec4<f32>>; // as weight
@group(0) @binding(5) var<storage, read> weight_words: array<u32>; // the weight, as halves or codes
@group(0) @binding(6) var<storage, read> codebook: array<f32>; // [16]
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    let input = 4 * (index % INPUT_QUADS);
    let sample = 8 * (index / INPUT_QUADS);
    if (sample >= BATCH) {
        return;
    }
    // Columns: samples; rows: inputs.
    var low = mat4x4<f32>();
    var high = mat4x4<f32>();
    for (var quad = 0u; quad < QUADS; quad += 1) {
        let weights = transpose(mat4x4(
            weights_of(quad, input),
            weights_of(quad, input + 1),
            weights_of(quad, input + 2),
            weights_of(quad, input + 3),
        ));
        low += weights * mat4x4(
            gradients(sample, quad),
            gradients(sample + 1, quad),
            gradients(sample + 2, quad),
            gradients(sample + 3, quad),
        );
        high += weights * mat4x4(
            gradients(sample + 4, quad),
            gradients(sample + 5, quad),
            gradients(sample + 6, quad),
            gradients(sample + 7, quad),
        );
    }
    var sums = array<mat4x4<f32>, 2>(low, high);
    for (var n = 0u; n < 8 && sample + n < BATCH; n += 1) {
        for (var i = 0u; i < 4 && input + i < IN_FEATURES; i += 1) {
            let at = (sample + n) * IN_FEATURES + input + i;
            dx[at] = select(0.0, dx[at], ACCUMULATE) + sums[n / 4][n % 4][i];
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn backward_weight(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    let quad = index % QUADS;
    let input = 8 * (index / QUADS);
    if (input >= IN_FEATURES) {
        return;
    }
    // Columns: inputs; rows: outputs.
    var low = mat4x4<f32>();
    var high = mat4x4<f32>();
    for (var sample = 0u; sample < BATCH; sample += 1) {
        let gradient = gradients(sample, quad);
        low += outer(gradient, inputs(sample, input));
        high += outer(gradient, inputs(sample, input + 4));
    }
    var sums = array<mat4x4<f32>, 2>(low, high);
    for (var i = 0u; i < 8 && input + i < IN_FEATURES; i += 1) {
        dweight[place(quad, input + i)] = sums[i / 4][i % 4];
    }
}

fn outer(gradient: vec4<f32>, inputs: vec4<f32>) -> mat4x4<f32> {
    return mat4x4(gradient * inputs.x, gradient * inputs.y, gradient * inputs.z, gradient * inputs.w);
}

fn place(quad: u32, input: u32) -> u32 {
    return (quad / BLOCK_QUADS * IN_FEATURES + input) * BLOCK_QUADS + quad % BLOCK_QUADS;
}

// Beyond the last input and the last sample anything may come: it is not written.
fn weights_of(quad: u32, input: u32) -> vec4<f32> {
    let at = place(quad, min(input, IN_FEATURES - 1));
    switch WEIGHT_BITS {
        case 4 {
            let codes = weight_words[at >> 1] >> (16 * (at & 1));
            return vec4(
                codebook[codes & 15],
                codebook[(codes >> 4) & 15],
                codebook[(codes >> 8) & 15],
                codebook[(codes >> 12) & 15],
            );
        }
        case 16 {
            let pairs = vec2(weight_words[2 * at], weight_words[2 * at + 1]);
            return vec4(unpack2x16float(pairs.x), unpack2x16float(pairs.y));
        }
        default { return weight[at]; }
    }
}

fn inputs(sample: u32, input: u32) -> vec4<f32> {
    let first = sample * IN_FEATURES;
    let last = IN_FEATURES - 1;
    return vec4(
        x[first + min(input, last)],
        x[first + min(input + 1, last)],
        x[first + min(input + 2, last)],
        x[first + min(input + 3, last)],
    );
}

// Four outputs of a sample, zero for the padding of a block.
fn gradients(sample: u32, quad: u32) -> vec4<f32> {
    let first = min(sample, BATCH - 1) * OUT_FEATURES + FIRST_OUTPUT + 4 * quad;
    if (OUTPUTS % BLOCK == 0) {
        return vec4(dy[first], dy[first + 1], dy[first + 2], dy[first + 3]);
    }
    var values = vec4(0.0);
    for (var o = 0u; o < 4 && 4 * quad + o < OUTPUTS; o += 1) {
        values[o] = dy[first + o];
    }
    return values;
}
