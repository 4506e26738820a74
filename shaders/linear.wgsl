// y[n,o] = activation(bias[o] + sum x[n,i] * weight[o,i]).
//
// One invocation keeps TILE_OUTPUTS outputs of TILE_SAMPLES samples in registers
// and steps through its slice of the inputs, four at a time:
//
//       4 inputs         samples                  samples
//      +--------+     +----+----+             +----+----+
//  4   | weight |  *  | a  | b  | 4       4   | a  | b  |  sum
//      +--------+     +----+----+ inputs      +----+----+
//  outputs                            outputs (twice where TILE_OUTPUTS is 8)
//
// A workgroup has OUTPUT_LANES lanes along the outputs of a block, whose weights
// stand side by side, times SLICES lanes along the inputs, summed at the end.
// Grid: (blocks of this chunk) * (tiles of samples), in rows.

override BATCH: u32;
override IN_FEATURES: u32;
override OUT_FEATURES: u32;
override FIRST_OUTPUT: u32; // of this chunk of the weights
override OUTPUTS: u32; // of this chunk
override HAS_BIAS: bool;
override WEIGHT_BITS: u32; // 32, 16, or 4: indices into the codebook
override ACTIVATION: u32; // 0 none, 1 ReLU, 2 sigmoid, 3 tanh
override TILE_SAMPLES: u32; // 1, 4 or 8
override TILE_OUTPUTS: u32; // 4 or 8
override OUTPUT_LANES: u32;
override SLICES: u32;

override BLOCK: u32 = OUTPUT_LANES * TILE_OUTPUTS;
override BLOCKS: u32 = (OUTPUTS + BLOCK - 1) / BLOCK;
override TILES: u32 = (BATCH + TILE_SAMPLES - 1) / TILE_SAMPLES;
// Whether four inputs are one aligned vec4.
override VECTORS: bool = IN_FEATURES % 4 == 0;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_FEATURES]
@group(0) @binding(1) var<storage, read> x_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read> weight: array<vec4<f32>>; // [BLOCKS, IN_FEATURES, BLOCK]
@group(0) @binding(3) var<storage, read> weight_words: array<u32>; // the same, as halves or codes
@group(0) @binding(4) var<storage, read> bias: array<f32>; // [OUT_FEATURES]
@group(0) @binding(5) var<storage, read> codebook: array<f32>; // [16]
@group(0) @binding(6) var<storage, read_write> y: array<f32>; // [BATCH, OUT_FEATURES]
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

// Four numbers of each sample; what lies beyond TILE_SAMPLES is never touched.
struct Strip {
    a: mat4x4<f32>,
    b: mat4x4<f32>,
}

// The tile of y.
struct Sums {
    first: Strip, // its first four outputs
    second: Strip, // the others, where TILE_OUTPUTS is 8
}

// The sums of the slices, one slice after the other.
var<workgroup> partial: array<vec4<f32>, SLICES * OUTPUT_LANES>;

@compute @workgroup_size(OUTPUT_LANES, SLICES)
fn forward(
    @builtin(local_invocation_id) lane: vec3<u32>,
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = first_workgroup + workgroup.y * grid.x + workgroup.x;
    let block = index % BLOCKS;
    let tile = index / BLOCKS;
    // The whole workgroup or none of it.
    if (tile >= TILES) {
        return;
    }
    let sample = tile * TILE_SAMPLES;

    var sums: Sums;
    for (var i = 4 * lane.y; i < IN_FEATURES; i += 4 * SLICES) {
        let inputs = load(sample, i);
        let quad = (block * IN_FEATURES + i) * (BLOCK / 4) + lane.x * (TILE_OUTPUTS / 4);
        sums.first = multiply_add(weights(quad), inputs, sums.first);
        if (TILE_OUTPUTS > 4) {
            sums.second = multiply_add(weights(quad + 1), inputs, sums.second);
        }
    }

    let output = block * BLOCK + lane.x * TILE_OUTPUTS;
    store_strip(sums.first, sample, output, lane);
    if (TILE_OUTPUTS > 4) {
        store_strip(sums.second, sample, output + 4, lane);
    }
}

fn load(sample: u32, i: u32) -> Strip {
    var strip: Strip;
    strip.a[0] = input(sample, i);
    if (TILE_SAMPLES > 1) {
        strip.a[1] = input(sample + 1, i);
        strip.a[2] = input(sample + 2, i);
        strip.a[3] = input(sample + 3, i);
    }
    if (TILE_SAMPLES > 4) {
        strip.b = mat4x4(
            input(sample + 4, i),
            input(sample + 5, i),
            input(sample + 6, i),
            input(sample + 7, i),
        );
    }
    return strip;
}

// Four inputs of a sample; zeros beyond the last.
fn input(sample: u32, i: u32) -> vec4<f32> {
    let first = sample * IN_FEATURES + i;
    if (VECTORS) {
        // A shift, since a software driver divides lane by lane.
        return x_vectors[first >> 2];
    }
    let inside = i + vec4(0u, 1u, 2u, 3u) < vec4(IN_FEATURES);
    return select(vec4(0.0), vec4(x[first], x[first + 1], x[first + 2], x[first + 3]), inside);
}

fn multiply_add(weights: mat4x4<f32>, inputs: Strip, sum: Strip) -> Strip {
    var result = sum;
    if (TILE_SAMPLES == 1) {
        result.a[0] += weights * inputs.a[0];
    } else {
        result.a += weights * inputs.a;
    }
    if (TILE_SAMPLES > 4) {
        result.b += weights * inputs.b;
    }
    return result;
}

// The weights of four outputs for four inputs, a column for each input.
fn weights(quad: u32) -> mat4x4<f32> {
    let row = BLOCK / 4;
    return mat4x4(
        weights_of(quad),
        weights_of(quad + row),
        weights_of(quad + 2 * row),
        weights_of(quad + 3 * row),
    );
}

fn weights_of(quad: u32) -> vec4<f32> {
    switch WEIGHT_BITS {
        case 4 {
            let codes = weight_words[quad >> 1] >> (16 * (quad & 1));
            return vec4(
                codebook[codes & 15],
                codebook[(codes >> 4) & 15],
                codebook[(codes >> 8) & 15],
                codebook[(codes >> 12) & 15],
            );
        }
        case 16 {
            let pairs = vec2(weight_words[2 * quad], weight_words[2 * quad + 1]);
            return vec4(unpack2x16float(pairs.x), unpack2x16float(pairs.y));
        }
        default { return weight[quad]; }
    }
}

// Writes four outputs of each sample, from `output` of the chunk on.
fn store_strip(sum: Strip, sample: u32, output: u32, lane: vec3<u32>) {
    store(sum.a[0], sample, output, lane);
    if (TILE_SAMPLES > 1) {
        store(sum.a[1], sample + 1, output, lane);
        store(sum.a[2], sample + 2, output, lane);
        store(sum.a[3], sample + 3, output, lane);
    }
    if (TILE_SAMPLES > 4) {
        store(sum.b[0], sample + 4, output, lane);
        store(sum.b[1], sample + 5, output, lane);
        store(sum.b[2], sample + 6, output, lane);
        store(sum.b[3], sample + 7, output, lane);
    }
}

fn store(sum: vec4<f32>, sample: u32, output: u32, lane: vec3<u32>) {
    var total = sum;
    if (SLICES > 1) {
        workgroupBarrier(); // the sums before have been read
        partial[lane.y * OUTPUT_LANES + lane.x] = sum;
        workgroupBarrier();
        if (lane.y > 0) {
            return;
        }
        for (var slice = 1u; slice < SLICES; slice += 1) {
            total += partial[slice * OUTPUT_LANES + lane.x];
        }
    }
    if (sample >= BATCH) {
        return;
    }
    var offset = vec4(0.0);
    let first = FIRST_OUTPUT + output;
    if (HAS_BIAS) {
        offset = vec4(bias[first], bias[first + 1], bias[first + 2], bias[first + 3]);
    }
    let value = activate(total + offset);
    let to = sample * OUT_FEATURES + first;
    if (output < OUTPUTS) { y[to] = value.x; }
    if (output + 1 < OUTPUTS) { y[to + 1] = value.y; }
    if (output + 2 < OUTPUTS) { y[to + 2] = value.z; }
    if (output + 3 < OUTPUTS) { y[to + 3] = value.w; }
}

fn activate(value: vec4<f32>) -> vec4<f32> {
    switch ACTIVATION {
        case 1 { return relu(value); }
        case 2 { return sigmoid(value); }
        // Some drivers give NaN for tanh of large arguments.
        case 3 { return select(tanh(clamp(value, vec4(-15.0), vec4(15.0))), value, is_nan(value)); }
        default { return value; }
    }
}

// NaN passes. Negative numbers and NaN are told by their bits, since a compiler may
// take every number for finite.
fn relu(value: vec4<f32>) -> vec4<f32> {
    let bits = bitcast<vec4<u32>>(value);
    return select(value, vec4(0.0), bits - vec4(0x80000000u) <= vec4(0x7f800000u));
}

fn is_nan(value: vec4<f32>) -> vec4<bool> {
    return (bitcast<vec4<u32>>(value) & vec4(0x7fffffffu)) > vec4(0x7f800000u);
}

// exp only ever sees a negative argument, so that it cannot overflow.
fn sigmoid(value: vec4<f32>) -> vec4<f32> {
    let small = exp(-abs(value));
    return select(small, vec4(1.0), value >= vec4(0.0)) / (1.0 + small);
}
